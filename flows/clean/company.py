"""Who advertises: the name as displayed, one key for all its spellings, and whether it recruits for others."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

from config.lookups import employers, no_companies
from flows.clean.pattern import linear
from flows.clean.text import line

LONGEST_IN_TITLE = 100
"""Characters of a title's part that is an employer's name."""


class Company(NamedTuple):
    """An employer as believed; ``name`` and ``key`` are None where only a placeholder stood."""

    name: str | None
    key: str | None
    agency: bool
    doubt: str | None = None


_AGENCY_NAME = linear(
    r"\b(?:recruit(?:ing|ment|ers?)?|staffing|headhunt\w{0,10}|talent (?:partners?|solutions|acquisition|agency|group)|"
    r"personalberatung|personalvermittlung|personaldienstleist\w{0,10}|zeitarbeit|executive search|search partners|"
    r"employment agency|manpower|outstaffing|interim|uitzend\w{0,10}|rekrut\w{0,10}|recrutement)\b"
)
_FOR_A_CLIENT = linear(
    r"\b(?:on behalf of (?:our|a|one of our|my) (?:\w{1,20} ){0,2}(?:clients?|partner compan\w{1,5})|"
    r"(?:our|my) client(?:,| is\b| are\b| has\b|'s looking)|one of our (?:\w{1,20} ){0,2}clients (?:is|who|in|,)|"
    r"for (?:our|one of our|a|my) client(?:s)?,? (?:a|an|is|who|in|based)\b|im auftrag unseres kunden|"
    r"für unseren kunden|"
    r"pour (?:notre|l'un de nos) clients?|para (?:nuestro|uno de nuestros) clientes?|partner compan(?:y|ies) (?:is|"
    r"are) (?:looking|seeking))"
)
_WEB = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
_DOMAIN = re.compile(r"\.(?:com|io|ai|co|net|org|app|dev|tech|de|eu|us|uk|co\.uk|fr|nl|so|xyz|inc|hq|gg|me)$")
_APOSTROPHES = re.compile(r"['’`´]")
_JOINING_AND = re.compile(r"(?<=\w)&(?=\w)")
_NOT_WORD = re.compile(r"[^\w]+|_")
_ASIDE = re.compile(r"\s{0,3}[(\[][^()\[\]]{0,80}[)\]]\s{0,3}")
_CAREER_WORDS = {"careers", "career", "jobs", "job", "hiring", "recruiting", "talent"}
# what cleanco's tables do not take off
_LEGAL = {
    "inc", "incorporated", "llc", "ltd", "limited", "gmbh", "ag", "se", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab",
    "as", "asa", "aps", "oy", "oyj", "kk", "plc", "llp", "lp", "corp", "corporation", "pty", "pte", "pvt", "private", "co",
    "company", "kg", "ug", "ev", "ek", "sl", "slu", "sro", "doo", "kft", "zrt", "spzoo", "ou", "uab", "sia", "ltda", "eireli",
    "sdnbhd", "bhd", "pbc", "gbr", "ohg", "mbh", "holding", "holdings", "group",
}  # fmt: skip


_NO_NAMES = frozenset(_LEGAL | _CAREER_WORDS)


@functools.cache
def _legal_forms() -> dict[str, list[tuple[int, list[str]]]]:
    """The legal forms that cleanco knows, as (place in its order, words), by their last word."""
    from cleanco.clean import prepare_default_terms

    found: dict[str, list[tuple[int, list[str]]]] = {}
    for at, (_, words) in enumerate(prepare_default_terms()):
        if words:
            found.setdefault(words[-1], []).append((at, words))
    return found


def _without_legal_form(name: str) -> str:
    """cleanco's basename, which compares with each of its 500 forms; here only those with the same last word."""
    from cleanco.clean import normalized, strip_punct, strip_tail

    shown = strip_tail(name).split()
    plain = [strip_punct(word) for word in normalized(" ".join(shown)).split()]
    last = -1
    while plain:
        forms = _legal_forms().get(plain[-1], ())
        form = next(((at, words) for at, words in forms if at > last and plain[-len(words) :] == words), None)
        if form is None:
            break
        last, words = form
        del plain[-len(words) :]
        del shown[-len(words) :]
    return str(strip_tail(" ".join(shown)))


@functools.lru_cache(maxsize=65_536)
def key(name: str) -> str | None:
    """One key for the spellings of an employer: "Acme, Inc.", "ACME GmbH", "acme-inc" and "acme" are ``acme``.

    None where nothing is left that could be a name. The key has no spaces, since boards' slugs have none.
    """
    known = employers().get(name.lower())
    said = known.name if known else name
    said = _ASIDE.sub(" ", _WEB.sub("", said.strip()))
    said = _APOSTROPHES.sub("", _without_legal_form(said) or said)
    said = _JOINING_AND.sub("and", said)
    said = unicodedata.normalize(
        "NFKD", said.casefold().replace("ß", "ss").replace("&", " and ").replace("+", " plus ")
    )
    said = "".join(c for c in said if not unicodedata.combining(c)).strip(" .,")
    said = _DOMAIN.sub("", said)
    words = [word for word in _NOT_WORD.sub(" ", said).split() if word]
    while len(words) > 1 and words[-1] in _NO_NAMES:
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return "".join(_without_letters(words)) or None


def _without_letters(words: list[str]) -> list[str]:
    """Words without the single letters into which "s.r.o." or "e. V." fell apart; "Plan B" and "H & M" keep theirs."""
    end = len(words)
    while end > 0 and len(words[end - 1]) == 1 and words[end - 1].isalpha():
        end -= 1
    return words[:end] if end > 0 and len(words) - end > 1 else words


def employer_in_title(title: str, form: str | None) -> tuple[str, str]:
    """(title without the employer, the employer) of a board whose titles name it; ``(title, "")`` where this one does not.

    >>> employer_in_title("Acme: Engineer: Ledger", "Company: Role"), employer_in_title("Engineer at Scale at Acme", "Role at Company")
    (('Engineer: Ledger', 'Acme'), ('Engineer at Scale', 'Acme'))
    """
    if form == "Company: Role":
        name, _, role = title.partition(": ")
    elif form == "Role at Company":
        role, _, name = title.rpartition(" at ")
    else:
        return title, ""
    role, name = role.strip(), name.strip()
    return (role, name) if role and name and len(name) <= LONGEST_IN_TITLE else (title, "")


def company(said: str | None, *, board: str = "", text: str = "") -> Company:
    """The employer of an ad.

    Args:
        said: the name as printed.
        board: the tenant of an applicant tracking system, whose slug stands for the employer where no name does.
        text: the description, which may say that the ad is for a client.
    """
    name = line(said, 200)
    doubt = None
    if name is not None and name.strip(" .-*").lower() in no_companies():
        name, doubt = None, f"company: placeholder {name!r}"
    if name is not None and not any(c.isalnum() for c in name):
        name, doubt = None, f"company: no name {name!r}"
    known = employers().get((name or board).lower())
    found = key(name) if name else key(board) if board else None
    for_client = ("client" in text or "kunden" in text) and _FOR_A_CLIENT.search(text) is not None
    named_so = name is not None and _AGENCY_NAME.search(name) is not None
    agency = (known is not None and known.agency) or named_so or for_client
    return Company(name, found, agency, doubt)
