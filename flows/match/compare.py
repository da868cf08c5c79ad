"""Two ads side by side: named evidence with stated weights, and guards that no score overrules."""

from __future__ import annotations

import functools
import math
from typing import Literal, NamedTuple

from rapidfuzz.fuzz import ratio

from flows.classify.titles import term_of
from flows.match.ad import Ad
from flows.match.place import relation
from flows.match.sketch import Signature, identical, overlap

Kind = Literal["full", "semantic", "temporal", "partial"]

DAY = 86_400
REPOST_DAYS = 90
"""A repost joins its job within so many days of the job's last sight; later it is a new job of the family."""

SITTING_DAYS = 3
"""Ads that one lister posts within so many days were posted knowing of each other."""

WEIGHTS = {
    "same page of a hosting system": 14.0,
    "same address": 5.0,
    "same requisition": 7.0,
    "other requisition": -3.0,
    "same lister, same ad": 8.0,
    "same lister, posted again": 5.0,
    "employer under the same name": 0.0,
    "employer under a longer name": -1.0,
    "employer named in the text only": -2.0,
    "employer not known": -3.0,
    "same printed title": 1.0,
    "telling title": 1.0,
    "place equal": 3.0,
    "place overlap": 2.0,
    "place cover": 2.0,
    "place stated": 3.0,
    "place loose": 0.0,
    "place elsewhere": -1.0,
    "text identical": 5.0,
    "text alike": 4.0,
    "text partly alike": 1.0,
    "text reworded": -2.0,
    "text not to compare": 0.0,
    "posted the same second": 4.0,
    "posted within three days": 1.0,
    "posted half a year apart": -2.0,
    "same pay": 2.0,
    "other pay": -4.0,
    "other years asked": -2.0,
    "other contract": -2.0,
    "other language": -1.0,
}
"""Evidence in bits: each point doubles the odds that two ads of one employer, title core and level are one job."""

_WEIGHT = {name: (bits, name) for name, bits in WEIGHTS.items()}

JOIN = 3.0
"""Bits from which two ads are joined: odds of eight to one."""
MARGIN = 2.0
"""An ad that fits two openings, which exclude each other, joins the better one only if it is so many bits better."""
NEARLY, ALIKE, PARTLY, REWORDED = 0.85, 0.7, 0.42, 0.2
"""Shares of the smaller text found in the other. Below the last, other duties: a guard."""
SAME_NAME = "employer under the same name"
LONGER_NAME = "employer under a longer name"
TEXT_NEEDED = {LONGER_NAME: PARTLY, "employer named in the text only": PARTLY, "employer not known": ALIKE}
"""The share of text that makes up for a name of the employer that is doubtful or missing."""


class Comparison(NamedTuple):
    """What comparing two ads found.

    bits: sum of the evidence's weights. guard: why they cannot be one job, '' if nothing forbids it.
    sister: same employer, role and level and no other duties, so sister openings if not the same.
    """

    bits: float
    rule: str
    kind: Kind
    guard: str
    sister: bool
    evidence: tuple[str, ...] = ()

    @property
    def joins(self) -> bool:
        """The evidence suffices and no guard forbids."""
        return not self.guard and self.bits >= JOIN

    @property
    def score(self) -> float:
        """The evidence as a probability, 0 to 1."""
        return round(1 / (1 + math.pow(2.0, -max(-40.0, min(40.0, self.bits)))), 4)


@functools.cache
def _forbidden(guard: str, sister: bool = False) -> Comparison:
    return Comparison(0.0, guard, "full", guard, sister)


def compare(a: Ad, b: Ad) -> Comparison:
    """Whether two ads are the same job, in either order of the arguments."""
    if a.posting_key > b.posting_key:
        a, b = b, a
    if a.split_from and a.split_from == b.split_from:
        return _forbidden("roles of one ad")
    if a.level != b.level:
        return _forbidden("other level")
    paged = any(page in b.pages for page in a.pages)
    same_requisition = bool(a.requisition) and a.requisition == b.requisition
    if paged and not _form_for_all(a, b):
        return _weighed(a, b, ["same page of a hosting system"], overlap(a.text, b.text))
    employer = _employer(a, b)
    if employer == "other employer":
        return _forbidden(employer)
    if a.core != b.core and not same_requisition:
        return _forbidden("other title")
    if a.title != b.title and not same_requisition and _other_term(a.title, b.title):
        return _forbidden("other season or year", sister=True)
    share = overlap(a.text, b.text)
    if employer != SAME_NAME and (share is None or share < TEXT_NEEDED[employer]):
        return _forbidden("other employer")
    if share is not None and share < REWORDED and not same_requisition:
        return _forbidden("other duties")
    evidence = [employer]
    if same_requisition:
        evidence.append("same requisition")
    elif a.requisition and b.requisition and a.lister != b.lister:
        evidence.append("other requisition")
    if _gap(a, b) > REPOST_DAYS * DAY:
        return Comparison(0.0, "posted again later", "temporal", "", True)
    if a.lister == b.lister:
        return _same_lister(a, b, share, evidence)
    return _other_lister(a, b, share, evidence)


def _other_term(a: str, b: str) -> bool:
    """'Summer 2026' and 'Fall 2026'; where one title says less ('2026') it may be the same."""
    ours, theirs = term_of(a), term_of(b)
    return not (ours <= theirs or theirs <= ours)


def _form_for_all(a: Ad, b: Ad) -> bool:
    """One lister sends two titles with other texts to one page: a form for all of its openings."""
    if a.lister != b.lister or a.core == b.core:
        return False
    share = overlap(a.text, b.text)
    return share is None or share < PARTLY


def _employer(a: Ad, b: Ad) -> str:
    """How the two employers relate, as the name of evidence or of a guard."""
    if a.company == b.company != "" or any(name in b.employers for name in a.employers):
        return SAME_NAME if not _other_tenant(a, b) else "other employer"
    if (a.stems or b.stems) and not {*a.employers, *a.stems}.isdisjoint((*b.employers, *b.stems)):
        return LONGER_NAME if not _other_tenant(a, b) else "other employer"
    if _named(a, b) or _named(b, a):
        return "employer named in the text only"
    unknown = not a.employers or not b.employers or a.agency or b.agency
    if unknown or (min(len(a.company), len(b.company)) >= 6 and ratio(a.company, b.company) >= 88):
        return "employer not known"
    return "other employer"


def _other_tenant(a: Ad, b: Ad) -> bool:
    """Two tenants of one hosting system under a label that is no name of theirs ('Software Development')."""
    if not a.tenants or not b.tenants or a.tenants == b.tenants:
        return False
    ours, theirs = (dict(t.split("/", 1) for t in ad.tenants) for ad in (a, b))
    apart = any(platform in theirs and theirs[platform] != tenant for platform, tenant in ours.items())
    return apart and not (a.text.names_itself and b.text.names_itself)


def _named(a: Ad, b: Ad) -> bool:
    """``a`` does not name the employer it claims but names the employer of ``b``."""
    said = a.text
    return not said.names_itself and bool(set(said.named) & set(b.employers))


def _gap(a: Ad, b: Ad) -> int:
    """Seconds between the last sight of the earlier and the beginning of the later; 0 if live together or unknown."""
    if a.start is None or b.start is None:
        return 0
    first, second = (a, b) if a.start <= b.start else (b, a)
    end, start = first.end, second.start
    return max(0, start - end) if end is not None and start is not None else 0


def _same_lister(a: Ad, b: Ad, share: float | None, evidence: list[str]) -> Comparison:
    """One lister keeps its openings apart: only what is the same in every visible part is one opening.

    Two ads that are live together must agree in title, place, contract, language, pay, years and text, letter for
    letter; then they are seats of one job: an employer that lists nearly the same ad twice in one sitting means two
    openings. One that is posted days later, or after the other went, may be edited.
    """
    if relation(a.places, b.places) != "equal" or a.places.words != b.places.words:
        return _forbidden("other place, listed apart", sister=True)
    if _differ(a.text.place_said, b.text.place_said):
        return _forbidden("other place, listed apart", sister=True)
    if _differ(a.contract, b.contract) or _differ(a.language, b.language):
        return _forbidden("other contract or language, listed apart", sister=True)
    if (a.pay and b.pay and a.pay != b.pay) or _differ(a.years, b.years):
        return _forbidden("other pay or years, listed apart", sister=True)
    if (_gap(a, b) > 0 or _days_apart(a, b) > SITTING_DAYS) and (share is None or share >= NEARLY):
        return _weighed(a, b, [*evidence, "same lister, posted again"], share)
    if a.title == b.title and identical(a.text, b.text):
        return _weighed(a, b, [*evidence, "same lister, same ad"], share)
    return _forbidden("other text, listed apart", sister=True)


def _differ(a: object, b: object) -> bool:
    return bool(a and b and a != b)


def _other_lister(a: Ad, b: Ad, share: float | None, evidence: list[str]) -> Comparison:
    """A copy on another board may say less, say it otherwise, and state the place loosely."""
    where = relation(a.places, b.places, a.text.place_said, b.text.place_said)
    if where == "other":
        return _forbidden("other place", sister=True)
    evidence.append(f"place {where}")
    if any(address in b.addresses for address in a.addresses):
        evidence.append("same address")
    if a.title == b.title:
        evidence.append("same printed title")
    if a.core.count(" ") >= 2:
        evidence.append("telling title")
    evidence.extend(_pay(a, b))
    if _differ(a.years, b.years):
        evidence.append("other years asked")
    if _differ(a.contract, b.contract):
        evidence.append("other contract")
    if _differ(a.language, b.language):
        evidence.append("other language")
    return _weighed(a, b, evidence, share)


def _pay(a: Ad, b: Ad) -> list[str]:
    """Pay is compared in one currency and period only."""
    if a.pay is None or b.pay is None or a.pay.period != b.pay.period:
        return []
    if _differ(a.pay.currency, b.pay.currency):
        return []
    if (a.pay.low, a.pay.high) == (b.pay.low, b.pay.high):
        return ["same pay"]
    return ["other pay"] if a.pay.low > b.pay.high or b.pay.low > a.pay.high else []


def _weighed(a: Ad, b: Ad, evidence: list[str], share: float | None) -> Comparison:
    found = [*evidence, _text(a.text, b.text, share), *_dates(a, b)]
    bits = sum(WEIGHTS[name] for name in found)
    rule = max(found, key=_WEIGHT.__getitem__)
    return Comparison(bits, rule, _kind(a, b, share), "", True, tuple(found))


def _text(a: Signature, b: Signature, share: float | None) -> str:
    if share is None:
        return "text not to compare"
    if identical(a, b):
        return "text identical"
    return "text alike" if share >= ALIKE else "text partly alike" if share >= PARTLY else "text reworded"


def day(time: int | None) -> int | None:
    """The day of a time, counted from 1970."""
    return None if time is None else time // DAY


def _days_apart(a: Ad, b: Ad) -> int:
    """Days between the dates of publication; 0 where one is unknown."""
    ours, theirs = day(a.posted), day(b.posted)
    return 0 if ours is None or theirs is None else abs(ours - theirs)


def _dates(a: Ad, b: Ad) -> list[str]:
    if a.posted is None or b.posted is None:
        return []
    if a.posted == b.posted and a.posted % DAY:
        return ["posted the same second"]
    if (apart := _days_apart(a, b)) <= SITTING_DAYS:
        return ["posted within three days"]
    return ["posted half a year apart"] if apart > 183 else []


def _kind(a: Ad, b: Ad, share: float | None) -> Kind:
    """The kinds of official statistics: by how much the texts share, and by when one lister posted them."""
    if a.lister == b.lister and (_gap(a, b) > 0 or _days_apart(a, b) > 1):
        return "temporal"
    ours, theirs = a.text.size, b.text.size
    if ours * 2 < theirs or theirs * 2 < ours:
        return "partial"
    return "full" if share is None or share >= ALIKE else "semantic"
