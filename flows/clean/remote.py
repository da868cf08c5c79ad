"""Where the work is done, and where a remote worker may live.

Several things speak: the places field, the title, the board's flag, the text, the kind of board. The words of
the ad overrule a careless flag ("three days in the office" beats isRemote=true), a field that names "Remote"
among places offers it, and a board of remote jobs is believed where nothing contradicts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flows.clean import place, region
from flows.clean.place import Named
from storage.models import RemoteMode


class Remote(NamedTuple):
    """A way of working as believed, with the words that decided it, and the regions of a remote worker."""

    mode: RemoteMode
    because: str
    regions: tuple[str, ...]
    doubts: tuple[str, ...] = ()


class Said(NamedTuple):
    """What an ad says of where it is done."""

    title: str = ""
    places: Sequence[str] = ()
    named: Sequence[Named] = ()
    """The places field as read."""
    flag: str | None = None
    """The board's flag or word, as printed."""
    applicant_regions: Sequence[str] = ()
    timezones: Sequence[str] = ()
    text: str = ""
    employment: str = ""
    remote_only: bool = False


_REMOTE_WORD = re.compile(
    r"\b(?:remote(?:ly)?|work from (?:home|anywhere)|wfh|anywhere|home[- ]?based|telecommut\w{0,3}|telework|home ?office|"
    r"distributed|worldwide|work at home|remoto|fernarbeit|virtual(?: location)?|télétravail|teletrabajo|zdalnie)\b|(?<!\w)remote(?!\w)",
    re.IGNORECASE,
)
_HYBRID_WORD = re.compile(r"\bhybrid[eao]?\b|\bin[- ]office (?:m|tu|w|th|f)\b|flex[- ]?office", re.IGNORECASE)
_ONSITE_WORD = re.compile(
    r"\b(?:on[- ]?site|in[- ]office|in[- ]person|office[- ]based|presencial|vor ort)\b", re.IGNORECASE
)
_NOT_REMOTE = re.compile(
    r"\b(?:no|not|non|isn't|never)[- ](?:a |be |fully )?remote\b|no remote|remote not", re.IGNORECASE
)

_FLAGS: dict[str, RemoteMode] = {
    "true": "remote", "yes": "remote", "1": "remote", "remote": "remote", "fully": "remote", "fully remote": "remote", "full": "remote",
    "full_remote": "remote", "fullyremote": "remote", "telecommute": "remote", "100": "remote", "anywhere": "remote",
    "remote-first": "remote", "remote only": "remote", "fulltime": "remote",
    "hybrid": "hybrid", "partial": "hybrid", "partially": "hybrid", "temporary": "hybrid", "flexible": "hybrid", "hybrid_remote": "hybrid",
    "partial_remote": "hybrid", "partly": "hybrid", "optional": "remote",
    "false": "onsite", "no": "onsite", "0": "onsite", "none": "onsite", "onsite": "onsite", "on-site": "onsite", "on_site": "onsite",
    "office": "onsite", "in-office": "onsite", "in office": "onsite", "on site": "onsite", "inoffice": "onsite",
}  # fmt: skip


def flag(said: str | None) -> RemoteMode | None:
    """What a board's flag or word means; None where it says nothing readable."""
    if not said:
        return None
    key = said.strip().lower()
    found = _FLAGS.get(key) or _FLAGS.get(key.replace("_", "").replace("-", "").replace(" ", ""))
    if found is not None or key in {"unspecified", "unknown", "null"}:
        return found
    return word(said)


def word(said: str) -> RemoteMode | None:
    """The way of working that a few words name; remote where it is one of several."""
    if _NOT_REMOTE.search(said):
        return "hybrid" if _HYBRID_WORD.search(said) else "onsite"
    remote, hybrid = _REMOTE_WORD.search(said), _HYBRID_WORD.search(said)
    if remote and hybrid:
        return "remote" if _SEVERAL_WAYS.search(said) else "hybrid"
    if remote or hybrid:
        return "remote" if remote else "hybrid"
    return "onsite" if _ONSITE_WORD.search(said) else None


# "Remote / Hybrid" offers both; "Hybrid (2 days remote)" is one way
_SEVERAL_WAYS = re.compile(
    r"(?:remote|hybrid|on-?site)\b[^,;]{0,40}?(?:/|\bor\b|\band\b|\+|&|,)\s?[^,;]{0,30}?(?:remote|hybrid|on-?site)\b|remote (?:available|possible|ok)",
    re.IGNORECASE,
)


def _of_places(said: Sequence[str]) -> tuple[RemoteMode, str] | None:
    """What the places field says: remote wherever it is offered among others."""
    found = {mode: one for one in reversed(said) for part in re.split(r"[;|]", one) if (mode := word(part))}
    best = next((mode for mode in _OFFERED if mode in found), None)
    return (best, f"location: {found[best][:80]}") if best else None


_OFFERED: tuple[RemoteMode, ...] = ("remote", "hybrid", "onsite")


# -- the text --------------------------------------------------------------------------------------------------

_N = r"(?:\d|one|two|three|four|five|1x|2x|3x|a few|several)(?:\s?(?:-|–|to|or)\s?(?:\d|two|three|four|five))?\+?"
_OFFICE = r"(?:(?:the|our|an|their|your|a) )?(?:\w{2,20} ){0,3}?(?:offices?|hq|headquarters|hub|studio|on-?\s?site|in[- ]person|on-?site|campus|factory|lab)"
_DAYS = re.compile(
    rf"(?P<n>{_N})\s?(?:x |days?|times|full days)?(?: (?:a|per|each|every|/)\s?week|/week|/wk|\s?x\s?week| weekly| days)?,?"
    rf"(?: (?:minimum|on average|or more))?(?: (?:working|spent|work|based|together|collaborating|required|anchored|at least))?,?"
    rf" (?:in|from|at|within|on|onsite|on-site|in-office|in-person|working from|working in|back in)\b ?(?:{_OFFICE})?"
    rf"|(?:in|from|at|to|into|onsite|on-site|in-office|in-person|hybrid|office)\b[^.\n]{{0,60}}?(?P<m>{_N})\+? ?(?:days?|times|x)"
    rf"(?: (?:a|per|each|every|/) ?week|/week|/wk| weekly)",
    re.IGNORECASE,
)
_IS_OFFICE = re.compile(
    r"\boffice|on-?\s?site|in[- ]person|\bhq\b|headquarter|\bhub\b|studio|campus|factory", re.IGNORECASE
)
_FIVE = re.compile(r"\b(?:5|five|4-5|4 to 5|6|six)\b", re.IGNORECASE)
_HYBRID = re.compile(
    r"#li-hybrid|\bhybrid (?:role|position|work|working|model|schedule|policy|environment|set-?up|setting|job|opportunity|team|office|arrangement|"
    r"approach|basis|in|based|from|workplace|format|remote|company|culture|full|\(|-|–|/|,)|(?:is|are|as|a|be|role|location|type|model|mode|work)\s?:? (?:a )?hybrid\b|"
    r"\(hybrid\b|\bhybrid\)|hybrid-remote|hybrid hiring|location-based hybrid|(?:come|coming|commute|commuting|working|work) (?:in)?to (?:the|our|an) office|"
    r"(?:at least|minimum of|around|about|approximately) \d{2}\s?% (?:of (?:the|your|their) (?:work )?time )?(?:in|on|at)[^.\n]{0,40}(?:office|on-?site|in[- ]person)|"
    r"in (?:the |our |one of our )?(?:\w+ )?offices? (?:at least )?\d{2}\s?%|hybrides? arbeiten|hybrid[- ]?modell|mix of (?:in-office|office|remote|on-?site)|"
    r"(?:days?|time) (?:a|per|each) week (?:remote|from home|wfh)|partly remote|partially remote",
    re.IGNORECASE,
)
_ONSITE = re.compile(
    r"#li-(?:onsite|on-site|in-?office)|(?:this|the|our|all|these)(?: \w{2,20}){0,4} (?:is|are|will be|requires?)(?: \w{2,12}){0,4} (?:on-?\s?site|in[- ](?:office|person))\b|"
    r"(?:fully|full[- ]time|100%|entirely|strictly|exclusively|primarily|5 days|five days)[, ]{1,2}(?:a week |per week )?(?:on-?\s?site|in[- ](?:office|person)|in (?:the|our) office)|"
    r"\b(?:on-?\s?site|in[- ](?:office|person)) (?:role|position|job|opportunity|only|work|culture|company|team|environment|5 days|five days|in\b|at\b|full|required|daily)|"
    r"\bnot (?:a |an )?(?:remote|hybrid)|no remote|remote (?:work )?is not|(?:cannot|can't|do not|don't|unable to) (?:offer|accommodate|support|consider|hire|be done|be performed)(?: \w{2,12}){0,3} remote|"
    r"office[- ](?:only|based|first)|we(?:'re| are)(?: \w{2,12}){0,3} (?:in[- ](?:office|person)|on-?site)|work(?:ing)? (?:in[- ]person|on-?site|in (?:the|our) office|from (?:the|our)(?: \w{2,20}){0,2} office)|"
    r"must be (?:able|willing|comfortable) to (?:work|be|commute)(?: \w{2,12}){0,3} (?:on-?site|in[- ](?:office|person)|to (?:the|our))|type:? on-?site|location:? on-?site|"
    r"relocation (?:is )?required|must relocate|return(?:ed)? to (?:the )?office",
    re.IGNORECASE,
)
_REMOTE = re.compile(
    r"#li-remote|(?:fully|100%|completely|entirely|permanently|all|truly|full[- ]time)[ -]remote|remote (?:role|position|job|opportunity|contract|work from|within|in|from|across|anywhere|"
    r"based|only|\(|-|–|team|full|candidates|employees|applicants|us\b|usa|eligible|opportunities|contractor|internship)|remote[- ](?:first|friendly|native|only)|\(remote|remote\)|"
    r"(?:is|as|be|location|type|model|mode|work|arrangement|option|offer|allow)\s?:? (?:a |an |fully |100% )?remote\b|work(?:ing)? (?:fully |100% |completely )?(?:remote(?:ly)?|from (?:home|anywhere|wherever))|"
    r"work-from-(?:home|anywhere)|\bwfh\b|remote-work|distributed (?:team|company|workforce|first)|remotely (?:from|in|within|anywhere|with)|based remotely|telecommut|home[- ]based|"
    r"live and work anywhere|from anywhere|location[- ](?:independent|agnostic|flexible)|remote working|remote work\b|virtual(?:ly)? (?:role|position|based)|no office|100 ?% (?:remote|home)",
    re.IGNORECASE,
)
_REMOTE_ABOUT_ELSE = re.compile(
    r"remote (?:sites?|teams? member|servers?|desktop|sensing|monitoring|support|patient|control|access|areas?|customers?|procedure|execution|hands|interview|learning)|"
    r"(?:not|isn't|no|without|never)[^.\n]{0,25}remote|remote (?:work )?(?:is )?not|remote[- ]first (?:tools|product|customers)|for remote teams|remote workforce (?:management|solution|platform)",
    re.IGNORECASE,
)
_GATE = re.compile(
    r"remote|hybrid|office|on-?\s?site|in[- ]person|anywhere|from home|wfh|telecommut|home[- ]based|distributed",
    re.IGNORECASE,
)


class Evidence(NamedTuple):
    """What a text says of the way of working: for each mode the first words that say so."""

    remote: str = ""
    hybrid: str = ""
    onsite: str = ""
    days: str = ""
    """Words that name the days in the office; they speak of this role rather than of the company."""
    five: bool = False


def in_text(text: str) -> Evidence:
    """The words of a text that speak of where the work is done."""
    if not _GATE.search(text):
        return Evidence()
    remote = next((found for found in _REMOTE.finditer(text) if not _about_else(text, found)), None)
    hybrid = _HYBRID.search(text)
    onsite = _ONSITE.search(text)
    days = next((found for found in _DAYS.finditer(text) if _is_office_days(text, found)), None)
    return Evidence(
        _quote(text, remote),
        _quote(text, hybrid),
        _quote(text, onsite),
        _quote(text, days),
        days is not None and _FIVE.search(days["n"] or days["m"] or "") is not None,
    )


def _about_else(text: str, found: re.Match[str]) -> bool:
    around = text[max(0, found.start() - 30) : found.end() + 25]
    return _REMOTE_ABOUT_ELSE.search(around) is not None


def _is_office_days(text: str, found: re.Match[str]) -> bool:
    around = text[max(0, found.start() - 40) : found.end() + 40]
    return _IS_OFFICE.search(found[0] + text[found.end() : found.end() + 25]) is not None and "day" in around.lower()


def _quote(text: str, found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    start, end = max(0, found.start() - 30), min(len(text), found.end() + 30)
    return " ".join(text[start:end].split())


# -- the decision ----------------------------------------------------------------------------------------------


def _mode(said: Said) -> tuple[RemoteMode, str]:
    title = word(said.title)
    places = _of_places(said.places)
    flagged = flag(said.flag)
    text = in_text(said.text)
    if title in {"hybrid", "onsite"} and (places is None or places[0] != "remote"):
        return title, f"title: {said.title[:80]}"
    if places is not None and places[0] == "hybrid":
        return places
    if places is not None and places[0] == "remote" and not (text.days and not text.remote):
        return places
    if title == "remote":
        return "remote", f"title: {said.title[:80]}"
    if text.days:
        return ("onsite" if text.five else "hybrid"), f"text: {text.days}"
    if flagged == "hybrid":
        return "hybrid", f"field: {said.flag}"
    if flagged == "remote" or said.remote_only:
        because = f"field: {said.flag}" if flagged == "remote" else "board: carries only remote jobs"
        if text.hybrid and not text.remote:
            return "hybrid", f"text: {text.hybrid}"
        if text.onsite and not text.remote and not said.remote_only:
            return "onsite", f"text: {text.onsite}"
        return "remote", because
    if text.hybrid and not (text.remote and not flagged):
        return "hybrid", f"text: {text.hybrid}"
    if places is not None:
        return places
    if flagged == "onsite":
        return "onsite", f"field: {said.flag}"
    if text.remote and not text.onsite:
        return "remote", f"text: {text.remote}"
    if text.hybrid:
        return "hybrid", f"text: {text.hybrid}"
    if text.onsite:
        return "onsite", f"text: {text.onsite}"
    return "unknown", ""


def remote(said: Said) -> Remote:
    """The way of working and the regions of a remote worker. Never raises."""
    mode, because = _mode(said)
    regions = tuple(region.of(said)) if mode == "remote" else ()
    return Remote(mode, because, regions)


_ = Iterable, place
