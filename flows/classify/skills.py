"""Technologies named in an advertisement: found by one automaton, believed by rules.

Names that are also plain words (Go, React, C, Notion) need their exact case and, by what skills.toml says of them, a
technical neighbourhood: another technology beside them in a list, or words such as 'experience in' and 'developer'.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from config.load_taxonomy import Skill, no_skills, skills
from flows.classify.text import Ad, Part, plain
from flows.clean.pattern import linear

_SENTENCE_START = re.compile(r"(?:^|[\n.!?•●▪|]|[-–*])\s{0,6}[\"'“(]{0,2}$")
_OR_AND = r"and|or|und|oder|et|ou|y|o|e|och|og|eller|en|of|oraz|lub|i|ja|tai|és|vagy|si|sau|nebo|ili|ve|и|или|та|або"
"""Between two technologies, in the languages of languages.toml."""
_BETWEEN = re.compile(
    rf"[\s,/&+()|;•·●▪–—*、，和及或\"'-]*(?:(?:and/or|{_OR_AND}|e\.g\.,?|i\.e\.,?|like|such as|with|plus"
    r"|etc\.?)[\s,/(]*)?",
    re.I,
)
_SEPARATOR = re.compile(rf"[,/&+|;•·●▪\n(、，和及或]|\s[-–—*]\s|\b(?:{_OR_AND})\b", re.I)
_LONGEST_GAP = 16
# 'Python (required), and R (preferred)': how much a member of a list is asked for.
_ASKED = re.compile(r"\s?\((?:required|preferred|mandatory|must|optional|a plus|plus|desired|ideally)\)", re.I)
_LONGEST_ASKED = 12
_BEFORE = re.compile(
    r"\b(?:experience\w*|expert\w*|proficien\w+|knowledge|fluen\w+|skill\w*|familiar\w*|background|written"
    r"|writing|write"
    r"|cod(?:e|ed|ing)|program\w*|develop\w*|built|build\w*|using|use[ds]?|uses|stack\w*|backend\w*"
    r"|frontend\w*|back-end"
    r"|front-end|languages?|tools?|tooling|platforms?|technolog\w+|frameworks?|libraries|such as|including|e\.g\.?"
    r"|like|kenntnisse\w*|erfahrung\w*|in|with|mit|via|con|avec|(?:experi[eê]nci\w|conocimientos?|conhecimentos?) (?:de|en|em|com)"
    r"|(?:expérience|connaissances?|maîtrise) (?:de|en|du)|(?:conoscenza|esperienza) (?:di|in)|(?:doświadczeni\w{1,3}|znajomość)(?: [wz])?"
    r"|(?:ervaring|kennis) (?:met|van)|(?:erfarenhet|kunskap\w{0,2}) (?:av|i|om)|(?:erfaring|kendskab|kjennskap) (?:med|til)"
    r"|zkušenosti? (?:s|z)|(?:опыт\w{0,2}(?: работы| разработки)?|знани[ея]) ?(?:с|на)?|"
    r"our|modern|idiomatic|typed|microservices|services"
    r"|engineers?)[ :,(/]{1,4}"
    r"(?:[\w+#/&-]{1,20}[ ,(/]{1,3})?$",
    re.I,
)
_AFTER = re.compile(
    r"\W{1,2}(?:developers?|engineers?|engineering|programm\w+|development|services?|microservices|backend"
    r"|back-end|frontend"
    r"|front-end|code|codebases?|apis?|frameworks?|librar\w+|experience|stack|ecosystem|components?|apps?|applications?"
    r"|projects?|scripts?|scripting|languages?|workflows?|dashboards?|clusters?|pipelines?|jobs|integrations?"
    r"|deployments?"
    r"|skills?|knowledge|expertise|ui|hooks|routines|modules?|packages?|entwickl\w+|developp\w+"
    r"|(?:for|on|in) (?:the |our )?(?:back|front)[- ]?end)\b",
    re.I,
)
_OTHERS = linear(
    r"\b(?:(?:our|their|its|many|enterprise|paying|happy)\s(?:\w+\s)?(?:customers?|clients?|investors?"
    r"|partners|users)|customers?\s?(?:[–—-]\s?)?(?:like|include|including|such)"
    r"|clients?\s?(?:[–—-]\s?)?(?:like|include|including|such)|partners\s?(?::\s{1,2}|like|include|including|such)|trusted by|backed by|funded by|supported by|investors?|alumni"
    r"|formerly|previously at"
    r"|founders?|founded|companies (?:like|such|including)|brands|acquired|raised|valuation|fortune \d+"
    r"|used by|loved by|portfolio|stars on|side projects|leaders (?:from|such|like)|team from|talent from"
    r"|rivals?|competitors?|outperform\w*|surpass\w*|organi[sz]ations (?:globally )?(?:like|such)|experience from|led the (?:\w+ ){1,4}teams? for"
    r"|partnerships? with|veterans|ex-\w+|former|invested in|incumbents|giants (?:like|such))\b"
)
_COMPANY_PART = re.compile(
    r"\b(?:about us|who we are|our (?:company|story|mission)|the company|about the company|company)\b", re.I
)
_SILENT = re.compile(
    r"\b(?:equal|divers|inclusi|e-?verify|accommod|privacy|disclaimer|legal|interview|hiring|recruit|process"
    r"|apply|background"
    r"|deadline|notice|eeo|note)",
    re.I,
)


_ITEM_START = re.compile(r"(?:^|\n)\s{0,4}[-–*•●▪·]\s{0,4}$")
_ITEM_END = re.compile(r"\s{0,2}(?:\n|\(|:|$)")


# 'node 7.10', 'Rails 7+': what has a version is a technology
_VERSION = re.compile(r"\s?v?\d{1,2}(?:\.[\dx]|\+(?!\s{0,2}(?:years?|yrs?)\b))", re.I)


# A Latin letter with an accent, which no name of a technology has.
_ACCENTED = re.compile(r"[À-ÖØ-öø-ž]")
# 'We are the Shopify of farming', 'the "Terraform for operators"': what somebody would be like.
_ANALOGY_BEFORE = re.compile(r"(?:\bthe|\bpowered|[\"“‘'])\s?$", re.I)
_ANALOGY_AFTER = re.compile(r"\s(?:for|of)\s(?!the\b|our\b|your\b|its\b)[a-z]", re.I)


class Named(NamedTuple):
    """One place where a technology is named: text[start:end]."""

    skill: str
    start: int
    end: int


class _Spelling(NamedTuple):
    skill: str
    loose: bool
    forms: dict[str, str]
    """What counts in exactly this case, and on what condition: exact, name, context."""
    words: bool = False
    """Whether it is of several words, which a slash may join."""


_LONGEST_WORD = 40
# Words so common that lower case never means the technology, whatever stands beside them.
_PLAIN_WORDS = frozenset(
    {"can", "make", "fix", "move", "next", "effect", "combine", "room", "matter", "mode", "word", "c", "r"}
)
# Kinds of technology whose plain-word names are mostly names of companies too.
_COMPANY_KINDS = frozenset({"tool", "cloud", "database"})
# Words of an employer's name that may be a technology's.
_LONGEST_OWN = 3
# Parts that ask for a technology: there even the employer's own product is one.
_ASKING = frozenset({"requirements", "nice", "stack"})
_WHOLE = Part("about", "", 0, 0)


class _Hit:
    __slots__ = ("accepted", "end", "listed_only", "skill", "start")

    def __init__(self, skill: str, start: int, end: int, accepted: bool, listed_only: bool) -> None:
        self.skill, self.start, self.end = skill, start, end
        self.accepted, self.listed_only = accepted, listed_only


@functools.cache
def _by_pattern() -> dict[str, _Spelling]:
    """The spellings by the words that are sought."""
    table: dict[str, _Spelling] = {}
    for skill in skills().values():
        for said in skill.loose:
            _learn(table, skill, said, "loose")
        for condition, spellings in (
            ("exact", skill.exact),
            ("name", skill.named),
            ("listed" if skill.listed else "context", skill.context),
        ):
            for said in spellings:
                _learn(table, skill, said, condition)
    for phrase in no_skills():
        table[_pattern(phrase)] = _Spelling("", False, {}, " " in phrase)
    return table


@functools.cache
def _automaton() -> tuple[AhoCorasick, tuple[_Spelling, ...]]:
    """Matches the longest spelling at each place; the spellings by pattern number."""
    table = _by_pattern()
    automaton = AhoCorasick(list(table), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return automaton, tuple(table.values())


def _pattern(said: str) -> str:
    return " " + plain(said).strip()


def _learn(table: dict[str, _Spelling], skill: Skill, said: str, condition: str) -> None:
    pattern = _pattern(said)
    known = table.get(pattern, _Spelling(skill.name, False, {}))
    forms = known.forms if condition == "loose" else {**known.forms, said: condition}
    words = " " in pattern[1:] and "/" not in skill.name
    table[pattern] = _Spelling(known.skill, known.loose or condition == "loose", forms, words)


def named_in(ad: Ad) -> list[Named]:
    """All places of a text that name a technology, in its order; addresses of the web do not count."""
    hits = _hits(ad.text, ad.plain)
    _accept_lists(ad.text, hits)
    return [Named(h.skill, h.start, h.end) for h in hits if h.accepted]


def _hits(text: str, lowered: str) -> list[_Hit]:
    automaton, spellings = _automaton()
    found: list[_Hit] = []
    for number, start, end in automaton.find_matches_as_indexes(lowered):
        following = lowered[end]
        spelling = spellings[number]
        if following == " " or (not following.isalpha() and _ends_a_word(lowered, end, text)):
            _take(found, spelling, text, start, end)
        elif spelling.words:
            for shorter, begin, stop in _whole_words(lowered, start, end):
                _take(found, shorter, text, begin, stop)
    return found


def _take(found: list[_Hit], spelling: _Spelling, text: str, start: int, end: int) -> None:
    if not spelling.skill:
        return
    # the pattern begins with the space before the word, the plain text with one space more than the text
    if spelling.words and "/" in (said := text[start : end - 1]) and said not in spelling.forms:
        found.extend(_before_slash(text, start, end - 1))
    hit = _judged(spelling, text, start, end - 1)
    if hit is not None:
        found.append(hit)


def _whole_words(lowered: str, start: int, end: int) -> list[tuple[_Spelling, int, int]]:
    """What is named by the words of a match that ends inside one: 'Java Se|lenium' is Java and Selenium, not Java SE."""
    table, named = _by_pattern(), []
    last = lowered.rfind(" ", start, end)
    cut = last
    while cut > start:
        if (spelling := table.get(lowered[start:cut])) is not None:
            named.append((spelling, start, cut))
            break
        cut = lowered.rfind(" ", start, cut)
    stop = lowered.find(" ", end)
    if 0 < stop - last < _LONGEST_WORD and (spelling := table.get(lowered[last:stop])) is not None:
        named.append((spelling, last, stop))
    return named


def _before_slash(text: str, start: int, end: int) -> list[_Hit]:
    """The technology before the slash of 'AWS/ECS', which as 'AWS ECS' would be the name of one thing."""
    cut = text.index("/", start, end)
    spelling = _by_pattern().get(_pattern(text[start:cut]))
    hit = _judged(spelling, text, start, cut) if spelling is not None and spelling.skill else None
    return [] if hit is None else [hit]


def _ends_a_word(lowered: str, end: int, text: str) -> bool:
    following = lowered[end] if end < len(lowered) else " "
    if following == " " or following == "&":
        return True
    after = lowered[end + 1] if end + 1 < len(lowered) else " "
    if following == ".":
        return not after.isalnum() or text[end : end + 1].isupper()
    if following == "+":
        return lowered[end - 1] != "c" and after == " "
    if following.isdigit() and lowered[end - 1].isalpha() and lowered[end - 3 : end].strip().isalpha():
        digits = end
        while digits < len(lowered) and lowered[digits].isdigit() and digits < end + 3:
            digits += 1
        return not lowered[digits : digits + 1].isalnum() and lowered[end - 3] != " "
    return False


def _judged(spelling: _Spelling, text: str, start: int, end: int) -> _Hit | None:
    if not text[start:end].isascii() and _ACCENTED.search(text, start, end) and " " not in text[start:end]:
        return None  # 'inför' is Swedish, Infor a product
    if spelling.loose:
        return _Hit(spelling.skill, start, end, accepted=True, listed_only=False)
    said = text[start:end]
    condition = spelling.forms.get(said)
    if condition is None and not said.islower() and "name" in spelling.forms.values():
        condition = "name"
    if condition is None:
        small = len(said) > 1 and said.islower() and bool(spelling.forms) and said not in _PLAIN_WORDS
        if not small:
            return None
        versioned = "name" in spelling.forms.values() and _VERSION.match(text, end) is not None
        return _Hit(spelling.skill, start, end, accepted=versioned, listed_only=not versioned)
    accepted = condition == "exact" or (
        condition == "name" and (not _starts_sentence(text, start) or _is_item(text, start, end))
    )
    if not accepted and condition != "listed":
        accepted = _is_technical(text, start, end)
    return _Hit(spelling.skill, start, end, accepted, listed_only=False)


def _starts_sentence(text: str, start: int) -> bool:
    return start == 0 or _SENTENCE_START.search(text, max(0, start - 8), start) is not None


def _is_item(text: str, start: int, end: int) -> bool:
    """Whether it is all that an item of a list says, or what the item is about: '- Hibernate (mappings)'."""
    return _ITEM_END.match(text, end) is not None and _ITEM_START.search(text, max(0, start - 8), start) is not None


def _is_technical(text: str, start: int, end: int) -> bool:
    if _AFTER.match(text, end) is not None or _VERSION.match(text, end) is not None:
        return True
    return _BEFORE.search(text, max(0, start - 48), start) is not None


def _accept_lists(text: str, hits: Sequence[_Hit]) -> None:
    """What stands beside a technology in a list is one; two capitalised candidates vouch for each other."""
    if all(hit.accepted for hit in hits):
        return
    joined = [_in_list(text, a, b) for a, b in pairwise(hits)]
    for (a, b), beside in zip(pairwise(hits), joined, strict=True):
        if beside and not (a.listed_only or b.listed_only) and not (a.accepted or b.accepted):
            a.accepted = b.accepted = True
        elif beside and a.accepted:
            b.accepted = True
    for at in range(len(hits) - 1, 0, -1):
        if joined[at - 1] and hits[at].accepted:
            hits[at - 1].accepted = True


def _in_list(text: str, a: _Hit, b: _Hit) -> bool:
    if not 0 < b.start - a.end <= _LONGEST_GAP + _LONGEST_ASKED:
        return False
    gap = text[a.end : b.start]
    if "(" in gap:
        gap = _ASKED.sub("", gap)
    if gap == " ":
        return a.accepted and _is_framework_of(a.skill, b.skill)
    return len(gap) <= _LONGEST_GAP and _BETWEEN.fullmatch(gap) is not None and _SEPARATOR.search(gap) is not None


@functools.cache
def _is_framework_of(language: str, framework: str) -> bool:
    """'Elixir Phoenix', 'Python Flask': a framework behind a language."""
    known = skills()
    return known[language].kind == "language" and known[framework].kind == "framework"


def skills_in(ad: Ad, company: str | None) -> dict[str, str]:
    """Technologies that the ad uses or asks for, each with the part of the ad and the words that name it.

    Not counted: what stands in parts about benefits and applying, what a sentence says of customers, investors or
    former employers, vendors in the part that presents the company or that are the company itself, and the employer's
    own name where nothing asks for it.
    """
    known = skills()
    employer = (company or "").casefold()
    own = _named_like(employer)
    found: dict[str, str] = {}
    others: dict[int, int] = {}
    for named in named_in(ad):
        skill = known[named.skill]
        if named.skill in found or not skill.counted:
            continue
        part = ad.part_at(named.start) or _WHOLE
        if named.skill in own and part.kind not in _ASKING:
            continue
        if _counts(skill, ad.text, named, part, employer, others):
            found[named.skill] = f"{part.kind}: {ad.text[named.start : named.end]}"
    return found


def _named_like(employer: str) -> frozenset[str]:
    """The technologies of which the employer's name is the name or begins with it: 'Nomad Travel'."""
    names, words = _names(), employer.split(" ", _LONGEST_OWN)[:_LONGEST_OWN]
    return frozenset(name for size in range(len(words)) if (name := names.get(" ".join(words[: size + 1]))))


@functools.cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in skills()}


def _counts(skill: Skill, text: str, named: Named, part: Part, employer: str, others: dict[int, int]) -> bool:
    if part.kind == "benefits" or (part.kind == "other" and _SILENT.search(part.header)):
        return False
    if text[max(0, named.start - 4) : named.start].lower() in _DENIED:
        return False
    if skill.vendor and employer and skill.name.casefold() in employer:
        return False
    if text.startswith((" for ", " of "), named.end) and _is_analogy(text, named):
        return False
    if skill.vendor and text[max(0, named.start - 3) : named.start].lower() in ("at ", "by "):
        return False
    presents_company = part.kind == "about" and part.header and _COMPANY_PART.search(part.header) is not None
    if presents_company and skill.vendor:
        return False
    if part.kind in _ASKING and not _may_be_company(skill):
        return True
    return not _of_others(skill, text, named, others)


# 'no mockups, no Figma'
_DENIED = (" no ", "(no ")


def _is_analogy(text: str, named: Named) -> bool:
    after = _ANALOGY_AFTER.match(text, named.end)
    return after is not None and _ANALOGY_BEFORE.search(text, max(0, named.start - 10), named.start) is not None


def _may_be_company(skill: Skill) -> bool:
    return skill.vendor or (bool(skill.context) and skill.kind in _COMPANY_KINDS)


def _of_others(skill: Skill, text: str, named: Named, others: dict[int, int]) -> bool:
    """Whether the sentence says before it (of a vendor: anywhere) that others use it, not this job.

    others: by start of a sentence where it first speaks of others, -1 if nowhere; filled as sentences are met.
    """
    low, high = max(0, named.start - 240), min(len(text), named.end + 240)
    begin = max(text.rfind("\n", low, named.start), text.rfind(". ", low, named.start), low)
    if begin not in others:
        stops = [stop for stop in (text.find("\n", named.end, high), text.find(". ", named.end, high)) if stop >= 0]
        match = _OTHERS.search(text, begin, min(stops, default=high))
        others[begin] = match.start() if match else -1
    place = others[begin]
    return place >= 0 and (place < named.start or _may_be_company(skill))
