"""Personal data in descriptions masked: e-mail addresses and telephone numbers, also spelled-out ones.

Recruiters' addresses are personal data even where they are public (CNIL, 2020), so analysts get a mask; the
record as received keeps the original for the time that the operator allows.
"""

from __future__ import annotations

import functools
import re

from flows.clean import gates
from flows.clean.pattern import linear

E_MAIL = "[e-mail]"
PHONE = "[phone]"

_AT_SIGN = re.compile(
    r"(?:mailto:)?(?<![\w.+%-])[\w.+%-]{1,64}\s?@\s?[a-z0-9ß-ɏ-]{1,63}(?:\.[a-z0-9ß-ɏ-]{1,63}){0,5}\.[a-z][a-z0-9-]{1,62}(?:\?[^\s\"'<>)]{0,200})?",
    re.IGNORECASE,
)
_LONGEST_BEFORE_AT = len("mailto:") + 64 + 1
# name [at] firm dot com, name(at)firm.com, name AT firm DOT com
_SPELLED = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}\s{0,2}(?:[\[({<]\s?(?:at|@|ät)\s?[\])}>]|\sat\s)\s{0,2}"
    r"[a-z0-9-]{1,63}(?:\s{0,2}(?:[\[({<]\s?(?:dot|\.|punkt)\s?[\])}>]|\sdot\s)\s{0,2}[a-z0-9-]{2,63}){1,4}"
    r"|(?<![\w.+%-])[\w.+%-]{1,64}\s{0,2}[\[({<]\s?(?:at|@|"
    r"ät)\s?[\])}>]\s{0,2}[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}",
    re.IGNORECASE,
)
_TEL_LINK = re.compile(r"tel:[+\d().\s%-]{5,40}", re.IGNORECASE)
# not glued to letters, money, decimals or paths
_NUMBER = re.compile(
    r"(?<![\w$€£¥₹/#=&.,@-])(?:(?:\+|00)?\(?\d{1,4}\)?(?:[\s.()/‑–-]{1,3}\d{1,8}){1,6}|\+?\d{7,15})(?![\w%€£$¥₹]|"
    r"[.,]\d|/\d)"
)
# all that a number may be written with, as often as it may
_DIGITS = linear(r"[+(\p{Nd}][\p{Nd}\s\p{Z}\x1c-\x1f\x{85}.()/‑–+-]{5,}\p{Nd}", ignore_case=False)
_CALLED = linear(
    r"(?:phone|tel|tél|telephone|telefon|téléphone|teléfono|telefone|mobile|mobil|cell|call|fax|whatsapp|sms|text|dial|"
    r"reach (?:us|me|him|her)|☎|📞|📱)[\w\s.:()/-]{0,25}$"
)


def masked(said: str, country: str | None = None, *, shown: str = "") -> str:
    """``said`` with e-mail addresses and telephone numbers replaced by a mask.

    Args:
        country: ISO 3166 code whose national numbers are tried where the text says that a number is a telephone.
        shown: of markup the text that it shows, which speaks of no less.
    """
    if "＠" in said:
        said = said.replace("＠", "@")
    if "@" in said:
        said = _without_addresses(said)
    opened = gates.open_to(shown or said)
    if gates.SPELLED_ADDRESS in opened:
        said = _SPELLED.sub(E_MAIL, said)
    if "tel:" in said:
        said = _TEL_LINK.sub("tel:", said)
    return _without_numbers(said, country) if gates.DIGITS in opened else said


def _without_numbers(said: str, country: str | None) -> str:
    """Telephone numbers masked, searched only where enough digits stand together."""
    shown: list[str] = []
    end = 0
    for digits in _DIGITS.finditer(said):
        at, last = digits.start(), digits.end()
        # with what behind it tells that a number goes on
        while (found := _NUMBER.search(said, at, last + 2)) is not None:
            shown += (said[end : found.start()], _mask_number(found, country))
            at = end = found.end()
    return "".join((*shown, said[end:]))


def _without_addresses(said: str) -> str:
    """E-mail addresses masked, searched only from where one may begin: so many characters before its @."""
    shown: list[str] = []
    end = 0
    while (at := said.find("@", end)) >= 0:
        found = _AT_SIGN.search(said, max(end, at - _LONGEST_BEFORE_AT))
        if found is None:
            break
        shown += (said[end : found.start()], E_MAIL)
        end = found.end()
    return "".join((*shown, said[end:]))


def _mask_number(found: re.Match[str], country: str | None) -> str:
    written = found[0]
    digits = sum(map(str.isdigit, written))
    if not 7 <= digits <= 15:
        return written
    called = _CALLED.search(found.string[max(0, found.start() - 40) : found.start()]) is not None
    return PHONE if _is_telephone(written, digits, called, country) else written


@functools.lru_cache(maxsize=64)
def _is_telephone(written: str, digits: int, called: bool, country: str | None) -> bool:
    """Whether what looks like a number is one; an ad's text and its HTML ask the same, one after the other.

    Args:
        called: whether the words before it call it a telephone number.
    """
    international = written.startswith(("+", "00"))
    if not (called or international or _AMERICAN.fullmatch(written) is not None):
        return False
    import phonenumbers

    for region in (None,) if international else (country, "US") if country else ("US", "GB"):
        try:
            number = phonenumbers.parse("+" + written[2:] if written.startswith("00") else written, region)
        except phonenumbers.NumberParseException:
            continue
        # with its country's code in front, even a number that its plan does not give out yet is one
        likely = called or (international and digits >= 10)
        if phonenumbers.is_valid_number(number) or (likely and phonenumbers.is_possible_number(number)):
            return True
    return False


_AMERICAN = re.compile(r"(?:1[\s.-])?\(?[2-9]\d{2}\)?[\s.-]{1,2}[2-9]\d{2}[\s.-]\d{4}")
