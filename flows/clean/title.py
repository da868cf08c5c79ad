"""The title without what is not title: markup, gender markers, numbers, shouting, pay and place tails."""

from __future__ import annotations

import re
from typing import NamedTuple

from flows.clean.text import line

LONGEST_TITLE = 300


class Title(NamedTuple):
    """A title, and what was taken off it into its own field."""

    text: str
    asides: tuple[str, ...] = ()
    """Words taken off that may be a place, a way of working or a pay: "Remote, US", "Berlin", "$150k"."""
    requisition: str | None = None


_GENDER = re.compile(
    r"\s{0,3}[(\[|/,-]?\s{0,3}(?<![\w])(?:[mfwdxhvnigtk](?:[/|*,.]\s?[mfwdxhvnigtk*]){1,4}|all genders?|"
    r"alle geschlechter|gn|"
    r"m/w/(?:div|divers)\.?|w/m/(?:div|divers)\.?|f/m/div\.?|divers|any gender|m/f/other|m/f/nb|h/f/nb|hf|"
    r"fh)(?![\w/])\s{0,3}[)\]]?",
    re.IGNORECASE,
)
_GENDER_BRACKETED = re.compile(
    r"\s{0,3}[(\[]\s{0,3}(?:all genders?|alle geschlechter|gn|divers|any gender|hf|m/w|w/m)\s{0,3}[)\]]", re.IGNORECASE
)
_REQUISITION = re.compile(
    r"\s{0,3}(?:[-–|,:]\s{0,3})?[(\[#]?\s{0,3}(?<![^\W\d_])(?:(?:job|req(?:uisition)?|position|"
    r"ref(?:erence)?|vacancy|posting|id)\s?(?:id|no|nr|number|code)?"
    r"\.?\s?[:#]?\s{0,3})?((?:JR|R|REQ|ID|JOB|REF|HRC|P|TR|SR)?[-_ #]?\d{4,12}(?:[-_]\d{1,6})?)\s{0,3}[)\]]?\s{0,3}$",
    re.IGNORECASE,
)
_REQUISITION_GATE = re.compile(r"\d{4}")
_YEAR = re.compile(r"(?:19|20)\d{2}(?:[-_](?:20)?\d{2})?")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\u2190-\u21ff\u25a0-\u25ff\U000e0020-\U000e007f]+"
)
_SHOUTING = re.compile(
    r"^(?:\W{0,3}(?:urgent(?:ly)?(?: (?:hiring|requirement|opening|need(?:ed)?|role))?|hot(?: job)?|new!|"
    r"immediate (?:hiring|"
    r"opening|joiner|start)|(?:we(?:'|’)?re |we are |now |actively )?hiring(?: now)?(?: for)?|join us as|wanted|"
    r"apply now)\W{1,4})+",
    re.IGNORECASE,
)
_SHOUTING_TAIL = re.compile(
    r"\W{1,4}(?:urgent(?:ly)?(?: hiring)?|immediate (?:start|joiner|joining|hiring)|apply now|hiring now|hot job|"
    r"new)\W{0,3}$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s{0,3}(?:\(([^()]{1,80})\)|\[([^\[\]]{1,80})\])")
_TAIL = re.compile(r"\s(?:[-–—|•·@:]{1,2}|//)\s(?=[^|•·]{2,80}$)|\s?\|\s?(?=[^|]{2,80}$)|,\s(?=[^,]{2,60}$)")
_WAY = re.compile(
    r"(?:100\s?%|fully|full|completely)?\s?(?:remote(?:ly)?|hybrid|on-?\s?site|in-office|home ?office|"
    r"work from (?:home|anywhere)|"
    r"wfh|telework|distributed|anywhere|worldwide|global)(?:[\s-](?:first|only|friendly|ok|possible|work|job|"
    r"position|role|based|"
    r"option|eligible|available|optional))?",
    re.IGNORECASE,
)
_PAY = re.compile(
    r"[$€£¥₹]\s?\d|\b\d{2,3}\s?k\b|\b(?:USD|EUR|GBP|CAD|AUD|CHF|PLN|INR)\s?\d|\d\s?(?:USD|EUR|GBP|CHF|PLN|LPA)\b|"
    r"\d\s?(?-i:AUD|BGN|BRL|CAD|CZK|DKK|HUF|INR|MXN|NOK|RMB|RON|SEK|SGD|TWD|VND)\b|"
    r"\d/h(?:r|our)?\b",
    re.IGNORECASE,
)
_EDGE = " \t-–—|,:;/•·*.#"


def title(said: str) -> Title:
    """A printed title taken apart; ``text`` is empty where nothing of it is a title. Never raises.

    >>> title("URGENT: Backend Engineer (m/w/d) - Remote, EU [JR-12345]").text
    'Backend Engineer'
    """
    text = line(said, LONGEST_TITLE) or ""
    if not text.isascii():
        text = _EMOJI.sub(" ", text).strip()
    text = _SHOUTING_TAIL.sub("", _SHOUTING.sub("", text))
    text = _GENDER_BRACKETED.sub("", _GENDER.sub(" ", text))
    text, requisition = _without_requisition(text)
    asides: list[str] = []
    text = _without_brackets(text, asides)
    text = _without_tails(text, asides)
    text = " ".join(text.split()).strip(_EDGE)
    return Title(text or " ".join((line(said, LONGEST_TITLE) or "").split()), tuple(asides), requisition)


def _without_requisition(text: str) -> tuple[str, str | None]:
    if not _REQUISITION_GATE.search(text):
        return text, None
    found = _REQUISITION.search(text)
    if found is None or found.start() == 0 or _YEAR.fullmatch(found[1]):
        return text, None
    return text[: found.start()], found[1].strip(" #")


def _without_brackets(text: str, asides: list[str]) -> str:
    def kept(found: re.Match[str]) -> str:
        inside = (found[1] or found[2]).strip()
        if is_aside(inside):
            asides.append(inside)
            return ""
        return found[0]

    return _BRACKETS.sub(kept, text) if "(" in text or "[" in text else text


def _without_tails(text: str, asides: list[str]) -> str:
    for _ in range(3):
        found = None
        for found in _TAIL.finditer(text):
            tail = text[found.end() :].strip()
            if is_aside(tail):
                break
        else:
            return text
        if found is None or not text[: found.start()].strip():
            return text
        asides.append(text[found.end() :].strip())
        text = text[: found.start()]
    return text


def is_aside(said: str) -> bool:
    """Whether a tail or a bracket of a title is wholly a way of working, a place or a pay."""
    from flows.clean.place import is_place

    if _WAY.fullmatch(said):
        return True
    if _PAY.search(said):
        return sum(map(str.isalpha, said)) <= 25
    if len(said) > 80 or any(map(str.isdigit, said)):
        return False
    rest = _WAY.sub(" ", said).strip(_EDGE + "()")
    rest = re.sub(r"^(?:in|within|from|based in|only in)\s", "", rest)
    return not rest or is_place(rest)
