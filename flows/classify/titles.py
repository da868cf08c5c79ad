"""What a title names: roles, level and core, read against the taxonomy.

A title is cut into words, the longest known phrases are marked (nouns such as *engineer* or *analyst*, qualifiers such
as *backend* or *data*, levels, names of work outside the taxonomy), and each noun takes the qualifiers that belong to
it: those before it in the same part of the title, else those after it.
"""

from __future__ import annotations

import calendar
import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from config.load_taxonomy import Role, roles, titles
from flows.classify.foreign import in_english, is_particle, qualified_behind, without_accents
from flows.clean.listing import GENERAL

NONE = "none"
# The class of nouns that name work outside the taxonomy: manager, recruiter, nurse.
OUT = "outside"
# 'Member of technical staff' says nothing beside another noun.
MTS = "mts"

# What each kind of word is worth as evidence for a role.
WEIGHT = {"own": 6.0, "technology": 3.5, "telling": 2.3, "hint": 1.5, "generic": 2.0, "domain": 2.5}
BACKEND = frozenset({"backend-developer", "backend-architect"})
FULL_STACK = "full-stack-developer"
AFTER_THE_NOUN = 0.85
# 'Backend or full-stack engineer': an ad that also seeks back-end developers is about them.
ONE_OF_SEVERAL = 2.5
# Nouns that stand before an office as well: 'Developer Marketing'.
_MEANT_BY_OTHERS = frozenset({"developer", "engineering"})
# Nouns that stand before another as a rank.
_RANKS = frozenset({"expert", "consultant", "specialist"})
# What words are worth that put a title outside the taxonomy.
OUTSIDE = {"noun": 14.0, "before": 12.0, "after": 5.5, "leaning": 3.0, "unknown noun": 3.0, "unknown builder": 2.0}

_OUTSIDE = ("people", "anywhere", "before", "nouns")
# Activities that stand for a builder where no noun follows: 'Software Development Intern'.
_BUILDING = frozenset({"software development", "application development", "systems development"})
# 'Java/Angular Developer' builds both sides.
BOTH_SIDES = 5.0
# Of several names of roles in one title the first leads: 'DevOps / Cloud Engineer'.
FIRST_NAMED = 0.5
# What a noun without qualifier may stand for.
_BARE = {"designer": "ux-ui-designer", "architect": "software-architect"}
_LONGEST = 300
_MARKER = re.compile(
    r"[(\[]?\b(?:all genders|[mwfdhxgn](?:[/|,*.: ]{1,2}[mwfdhxiva*]){1,4})(?=[)\]\s,|-]|$)[)\]]?", re.IGNORECASE
)
# Languages without blanks write '創業AIエンジニア': where the Latin letters begin and end is a border of words.
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_BETWEEN_SCRIPTS = re.compile(rf"(?<=[{_CJK}])(?=[a-z0-9])|(?<=[a-z0-9+#])(?=[{_CJK}])")
_TOKEN = re.compile(r"\.?[^\W_][\w.+#'’]{0,60}|\s[-–—]\s|[,|/()\[\]{}:;&+@•·–—>]|\s(?=\s)")
_HARD = frozenset(",|()[]{}:;@•·–—->")
_SOFT = frozenset({"/", "&", "+", "and", "or", "und", "oder", "et", "ou", "y", "e", "o"})
# Between two level words these offer the second beside the first.
_OR = frozenset({"/", "&", "+", "and", "or", "und", "oder", "et", "ou"})
_AT_EMPLOYER = re.compile(r"\s(?:at|@|bei|chez|till|hos)\s(?!scale\b)")
# 'Utvecklare i Malmö' is no developer of the first grade: the number is a capital letter, or ends its part
_NO_NUMBER = re.compile(r"(?<=\s)i(?=\s[^\W\d_])")
# French writes both genders: 'Développeur.se', 'Ingénieur(e)', 'Administrateur·trice'
_BOTH_GENDERS = re.compile(r"(?<=eur)[.·•(](?:euse|se|trice|rice|e)\b\)?")
# French leaves out a vowel: 'Ingénieur d'affaires'
_ELIDED = re.compile(r"^[dl]['’](?=\w\w)")
_SEASONS = "spring|summer|fall|autumn|winter|sommer|herbst|sommersemester|wintersemester|verano|invierno|ete|hiver"
_MONTHS = "|".join(name.lower() for name in (*calendar.month_name, *calendar.month_abbr) if name)
# 'Summer 2026', 'Fall/Spring 2026-2027', 'WS 2025/26', a year alone: when work begins, not what it is. 'Spring' without
# a year is a framework, 'Dynamics 365' a product
_TERM = re.compile(
    rf"\b(?:(?:{_SEASONS}|{_MONTHS}|ws|ss|wise|sose|[qh][1-4])\b[\s.,/&-]{{1,3}}){{0,3}}"
    rf"20[23]\d(?:\s?[-/–]\s?(?:20)?\d\d)?(?:\s(?:{_SEASONS}))?\b"
)
_TERM_WORD = re.compile(rf"\b(?:{_SEASONS}|20[23]\d)\b")
_ONLY_WITH_YEAR = frozenset({"spring", "fall"})
_ROMAN = {
    "i": "I",
    "ii": "II",
    "iii": "III",
    "iv": "IV",
    "v": "V",
    "1": "I",
    "2": "II",
    "3": "III",
    "4": "IV",
    "5": "V",
}
_GRADE = re.compile(r"(?:l|ic|level|grade|e)(\d)$")
# Level I is junior, II mid, IV senior; III means senior with some employers and not with others.
_NUMBERED = {"I": "junior", "II": "mid", "IV": "senior", "V": "lead"}
_RANK = {"intern": 0, "junior": 1, "mid": 2, "senior": 3, "lead": 4, "manager": 5}
_LOWEST = -2


class _Meaning(NamedTuple):
    role: str
    weight: float
    strength: str
    words: str


class Cue(NamedTuple):
    """Evidence for one role (or none), mostly of a title: its weight, the words, how plainly they name the role, and what
    says them."""

    role: str
    weight: float
    words: str
    strength: str = "own"
    source: str = "title"


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What one title says.

    core: the title through the taxonomy's aliases, level, season, year and noise removed; what else it says is kept in
        its order.
    level: the level as written, in one spelling: Senior, Staff, II, 'Senior II'; empty if none.
    roles: slugs of the taxonomy that the title names, in its order, without ``none``.
    cues: the evidence for each role and for ``none``.
    seniority: intern, junior, mid, senior, lead, manager or '' if the title has no level word.
    because: the words behind seniority.
    generic: the title names a builder of software without saying of what.
    """

    core: str = ""
    level: str = ""
    roles: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
    seniority: str = ""
    because: str = ""
    generic: bool = False


@dataclass(slots=True)
class _Phrase:
    """What one known phrase may mean."""

    noun: str = ""
    qualifies: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)
    level: str = ""
    seniority: str = ""
    noise: bool = False
    activity: bool = False
    neutral: bool = False


@dataclass(slots=True)
class _Span:
    words: str
    phrase: _Phrase | None
    segment: int
    soft_before: bool = False
    alternative: bool = False
    behind: bool = False
    """Whether what qualifies it stands behind it: 'Ingeniero mecánico'."""


@dataclass(slots=True)
class _Head:
    """A noun with its qualifiers: one role that the title speaks of."""

    noun: str
    at: int
    span: _Span
    words: str
    before: list[_Span] = field(default_factory=list)
    after: list[_Span] = field(default_factory=list)
    name: _Phrase | None = None


def roles_in(title: str) -> tuple[str, ...]:
    """Slugs of the taxonomy that a title-like line names, in its order; ``()`` where it names none of them."""
    return read_title(title).roles


@functools.lru_cache(maxsize=65_536)
def read_title(title: str) -> TitleReading:
    """Read one title. Never raises; what is longer than 300 characters is cut."""
    spans = _spans(_without_employer(_TERM.sub(" ", plain_title(title))))
    if not spans:
        return TitleReading()
    heads = _of_teachers(_heads(spans), spans)
    level, seniority, because = _level(spans)
    cues = _cues(heads, spans)
    named = tuple(dict.fromkeys(role for head in heads for role in _roles_of(head)))
    return TitleReading(
        core=_core(spans, heads),
        level=level,
        roles=named,
        cues=cues,
        seniority=seniority,
        because=because,
        generic=bool(named) and set(named) == {GENERAL} and _is_generic(heads),
    )


def term_of(title: str) -> frozenset[str]:
    """The season and years in which the work that a title names begins or takes place; empty where it says none.

    >>> sorted(term_of("Software Engineer Intern (Summer 2026)")), term_of("Spring Developer")
    (['2026', 'summer'], frozenset())
    """
    words = set(_TERM_WORD.findall(title.casefold()))
    return frozenset(words if any(map(str.isdigit, words)) else words - _ONLY_WITH_YEAR)


def plain_title(title: str) -> str:
    """Lower case, without accents and gender markers, known spellings made one."""
    text = unicodedata.normalize("NFKC", title[: 2 * _LONGEST])[:_LONGEST]
    if " i " in text and not text.islower():
        text = _NO_NUMBER.sub("in", text)
    text = text.casefold()
    text = _BOTH_GENDERS.sub("", _MARKER.sub(" ", text))
    text = without_accents(text)
    text = _BETWEEN_SCRIPTS.sub(" ", unicodedata.normalize("NFC", text))
    named, pattern, spellings = _spelling_pattern()
    if not named.find_matches_as_indexes(text if text.isascii() else text.encode("utf-8", "replace").decode()):
        return text
    return pattern.sub(lambda m: spellings[m.group(0)], text)


def _without_employer(text: str) -> str:
    """'Acme AI: Software Engineer', 'Developer at Acme Security': the employer's name says nothing of the role.

    A part before a colon is the employer's if a noun follows and some word of it is none of the taxonomy's.
    """
    before, colon, after = text.partition(": ")
    if colon and _has_noun(after) and any(_says_nothing(span) for span in _spans(before)):
        text = after
    place = _AT_EMPLOYER.search(text)
    return text[: place.start()] if place and _has_noun(text[: place.start()]) else text


def _says_nothing(span: _Span) -> bool:
    """Whether a word is none of the taxonomy's, or a mere ornament."""
    known = span.phrase
    return known is None or not (known.noun or known.qualifies or known.names or known.outside or known.level)


def _has_noun(text: str) -> bool:
    return any(span.phrase is not None and span.phrase.noun for span in _spans(text))


@functools.cache
def _spelling_pattern() -> tuple[AhoCorasick, re.Pattern[str], dict[str, str]]:
    """What finds whether any stands in a title, what finds each as a word of its own, and the one spelling for each."""
    spellings = {_bare(said): meant for said, meant in titles().spellings.items()}
    longest_first = sorted(spellings, key=len, reverse=True)
    parts = (rf"\b{re.escape(s)}\b" if s.isascii() else re.escape(s) for s in longest_first)
    return AhoCorasick(longest_first), re.compile("|".join(parts)), spellings


def _bare(text: str) -> str:
    return unicodedata.normalize("NFC", without_accents(text.casefold()))


@functools.cache
def _lexicon() -> tuple[dict[str, _Phrase], int]:
    """All phrases with their meanings, and the number of words of the longest."""
    known: dict[str, _Phrase] = {}

    def phrase(words: str) -> _Phrase:
        return known.setdefault(_one_spelling(words), _Phrase())

    read = titles()
    for noun, words in read.nouns.items():
        for word in words:
            phrase(word).noun = noun
    for role in roles().values():
        for name in role.names:
            phrase(name).names.append(role.slug)
        for strength, by_noun in _strengths(role):
            for noun, words in by_noun.items():
                for word in words:
                    meanings = phrase(word).qualifies.setdefault(noun, [])
                    if (role.slug, strength) not in meanings:
                        meanings.append((role.slug, strength))
    several = [f"{word}s" for word in read.outside.nouns if word[-1].isalpha() and not word.endswith("s")]
    for kind, said in (*((kind, getattr(read.outside, kind)) for kind in _OUTSIDE), ("nouns", several)):
        for word in said:
            phrase(word).outside.add(kind)
    for word in (*read.outside.people, *read.outside.nouns, *several):
        phrase(word).noun = phrase(word).noun or OUT
    for word in read.activities["words"]:
        phrase(word).activity = True
    for level in read.level:
        for word in level.words:
            found = phrase(word)
            found.level, found.seniority = level.level, level.seniority
    for word in read.not_levels["phrases"]:
        phrase(word)
    for word in read.noise["words"]:
        phrase(word).noise = True
    for word in read.neutral["words"]:
        phrase(word).neutral = True
    return known, max(len(words.split()) for words in known)


def _strengths(role: Role) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    for strength in ("own", "technology", "hint", "generic"):
        yield strength, getattr(role, strength)


def _one_spelling(words: str) -> str:
    """Lower case, bare, in English word for word: as a title's words are read."""
    said = _TOKEN.findall(plain_title(words)) if not words.isalnum() else [plain_title(words)]
    return " ".join(" ".join(in_english(_bare_word(word.strip())) for word in said).split())


def _spans(text: str) -> list[_Span]:
    """The title's words as known phrases (the longest that fit) and single other words."""
    words: list[str] = []
    segments: list[int] = []
    softs: list[str] = []
    behinds: list[bool] = []
    segment, soft = 0, ""
    for token in _TOKEN.findall(text):
        mark = token.strip()
        if not mark:
            continue
        if mark in _HARD:
            segment += 1
            continue
        if mark in _SOFT and mark not in ("e", "o", "y"):
            soft = mark
            continue
        english, behind = _in_english(mark)
        for word in english:
            words.append(word)
            segments.append(segment)
            softs.append(soft)
            behinds.append(behind)
            soft = ""
    return list(_longest_phrases(words, segments, softs, behinds))


@functools.lru_cache(maxsize=65_536)
def _in_english(token: str) -> tuple[tuple[str, ...], bool]:
    """The English words of one word of a title, and whether what qualifies it stands behind it."""
    said = _bare_word(token)
    return tuple(in_english(said, _is_known).split()), qualified_behind(said)


def _is_known(word: str) -> bool:
    return word in _lexicon()[0]


def _bare_word(word: str) -> str:
    """Without the full stop of 'Sr.', the plus of 'Staff+' and the article of 'd'affaires'."""
    bare = word.rstrip(".'’")
    if bare[1:2] in ("'", "’"):
        bare = _ELIDED.sub("", bare)
    return bare.rstrip("+") if len(bare) > 4 and not bare.startswith("c++") else bare


def _longest_phrases(words: list[str], segments: list[int], softs: list[str], behinds: list[bool]) -> Iterator[_Span]:
    known, longest = _lexicon()
    at = 0
    while at < len(words):
        end = min(len(words), at + longest)
        while end > at + 1 and not (_joined(at, end, segments, softs) and " ".join(words[at:end]) in known):
            end -= 1
        said = " ".join(words[at:end])
        soft = softs[at]
        yield _Span(said, known.get(said), segments[at], bool(soft), soft in _OR, behinds[end - 1])
        at = end


def _joined(at: int, end: int, segments: list[int], softs: list[str]) -> bool:
    return segments[at] == segments[end - 1] and not any(softs[at + 1 : end])


def _heads(spans: list[_Span]) -> list[_Head]:
    """The nouns (and complete names without a noun) with the qualifiers that belong to each."""
    heads: list[_Head] = []
    waiting: list[_Span] = []
    for at, span in enumerate(spans):
        if heads and not waiting and _qualifies_from_behind(span, heads[-1]):
            continue
        if (
            span.phrase is None
            or not span.phrase.noun
            or _qualifies_next_noun(spans, at)
            or (span.phrase.activity and heads and heads[-1].noun == OUT)
        ):
            waiting.append(span)
        else:
            heads.append(_noun_head(span, at, waiting, heads))
            waiting = []
    if heads:
        heads[-1].after.extend(waiting)
    return _with_bare_names(spans, _merged(heads))


def _qualifies_from_behind(span: _Span, head: _Head) -> bool:
    """Whether a word belongs to a noun before it as if it stood before that; then it is put there."""
    if not head.span.behind or span.segment != head.span.segment or _noun_of(span) not in ("", OUT):
        return False
    if not is_particle(span.words):
        head.before.insert(0, span)
    return True


def _qualifies_next_noun(spans: list[_Span], at: int) -> bool:
    """Whether a noun such as 'research' or 'partner' stands before another noun as its qualifier."""
    phrase, segment = spans[at].phrase, spans[at].segment
    following = spans[at + 1] if at + 1 < len(spans) else None
    if phrase is None or following is None or following.segment != segment or following.soft_before:
        return False
    if phrase.noun == OUT:
        noun = _noun_of(following)
        return noun not in ("", OUT) and following.phrase is not None and not following.phrase.activity
    # what else qualifies it may stand between: 'Analytics Sr Software Engineer', 'Engineering Operations Manager'
    beside = itertools.takewhile(lambda span: span.segment == segment and not span.soft_before, spans[at + 1 :])
    between: set[str] = set()
    for span in beside:
        if noun := _noun_of(span):
            return noun in phrase.qualifies or _is_for_others(spans[at], noun, between)
        between |= _kinds(span)
    return False


def _is_for_others(span: _Span, noun: str, between: set[str]) -> bool:
    """Whether a noun only says for whom the office after it works: 'Developer Marketing Manager', 'Developer Support
    Engineer'.

    noun: the kind of the noun that follows.
    between: what the words before that one say of work outside the taxonomy.
    """
    meant = span.words in _MEANT_BY_OTHERS
    if noun == OUT:
        return meant or (span.phrase is not None and span.phrase.activity)
    return meant and noun == _noun_of(span) and "before" in between


def _noun_of(span: _Span) -> str:
    return span.phrase.noun if span.phrase is not None else ""


def _noun_head(span: _Span, at: int, waiting: list[_Span], heads: list[_Head]) -> _Head:
    """A head with the waiting spans of its own part of the title; the others go to the head before."""
    assert span.phrase is not None
    own = [w for w in waiting if w.segment == span.segment]
    others = [w for w in waiting if w.segment != span.segment]
    if heads:
        heads[-1].after.extend(others)
    elif others and not any(_says_role(w, span.phrase.noun) for w in own):
        own = others + own
    elif others and span.words.endswith("s") and any(w.soft_before for w in own):
        # 'Back-end, Front-end, and Full-Stack Engineers'
        own = [w for w in others if _names_own(w, span.phrase.noun)] + own
    return _Head(span.phrase.noun, at, span, span.words, before=own)


def _says_role(span: _Span, noun: str) -> bool:
    return any(strength != "generic" for _, strength in _meant(span, noun))


def _merged(heads: list[_Head]) -> list[_Head]:
    """'Developer/Engineer', 'Software Engineering Consultant': nouns side by side are one."""
    merged: list[_Head] = []
    for head in heads:
        previous = merged[-1] if merged else None
        if previous is not None and _is_rank(previous, head):
            merged[-1] = head
        elif previous is not None and _side_by_side(previous, head):
            merged[-1] = _Head(
                head.noun, head.at, head.span, f"{previous.words} {head.words}", previous.before, head.after
            )
        else:
            merged.append(head)
    if len(merged) > 1:
        return [head for head in merged if head.words != MTS] or merged[:1]
    return merged


def _is_rank(previous: _Head, head: _Head) -> bool:
    """'Expert Security Engineer', 'Consultant Data Engineer': a bare noun before a builder says how far, not what."""
    bare = previous.words in _RANKS and _last_word_before(previous) is None and not previous.after
    alone = not any(span.soft_before for span in (*head.before, head.span))
    return bare and alone and head.noun == "builder" and head.span.segment == previous.span.segment


def _side_by_side(previous: _Head, head: _Head) -> bool:
    if head.at != previous.at + 1 or head.before or previous.after or head.span.segment != previous.span.segment:
        return False
    return not head.span.soft_before or head.noun == previous.noun


def _with_bare_names(spans: list[_Span], heads: list[_Head]) -> list[_Head]:
    """Complete names that stand alone ('SRE', 'Software Engineers / DevOps') become heads of their own."""
    if not heads:
        alone = next((at for at, span in enumerate(spans) if span.words in _BUILDING), None)
        if alone is not None:
            return [_Head("builder", alone, spans[alone], spans[alone].words, after=spans[:alone] + spans[alone + 1 :])]
        if any("anywhere" in _kinds(span) and not _stands_alone(spans, at) for at, span in enumerate(spans)):
            return []
        return [_Head("", at, s, s.words, name=s.phrase) for at, s in enumerate(spans) if s.phrase and s.phrase.names]
    found: list[_Head] = []
    for head in heads:
        found.append(head)
        for span in list(head.after):
            # 'Full-Stack Engineer (AI + Backend)' is one role with its fields
            field = span.segment != head.span.segment and not _is_generic([head])
            if span.soft_before and span.phrase is not None and span.phrase.names and not field:
                head.after.remove(span)
                found.append(_Head("", spans.index(span), span, span.words, name=span.phrase))
    return found


def _stands_alone(spans: list[_Span], at: int) -> bool:
    """'iOS & Backend': a word that 'and' or a slash parts from its neighbours is a role beside theirs."""
    following = spans[at + 1] if at + 1 < len(spans) else None
    parted = spans[at].soft_before or (following is not None and following.soft_before)
    return parted and (following is None or following.soft_before or following.segment != spans[at].segment)


def _of_teachers(heads: list[_Head], spans: list[_Span]) -> list[_Head]:
    """Of a title that trains or judges models its developers as ones of no field: 'Python Engineer - AI Trainer'."""
    said = " ".join(span.words for span in spans)
    training, judging, freelance = _teaching()
    if not (training.search(said) or (judging.search(said) and freelance.search(said))):
        return heads
    of_no_field = _Phrase(names=[GENERAL])
    return [
        _Head(head.noun, head.at, head.span, head.words, name=of_no_field) if _is_developer(head) else head
        for head in heads
    ]


@functools.cache
def _teaching() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What finds who trains models, who judges them, and who does so for himself."""
    lists = titles().teaching
    training, judging, freelance = (
        rf"\b(?:{'|'.join(words)})s?\b" for words in (lists.training, lists.judging, lists.freelance)
    )
    return re.compile(training), re.compile(judging), re.compile(freelance)


def _is_developer(head: _Head) -> bool:
    """Whether a head names a person who builds software; 'software development' is what a trainer may know of."""
    if head.span.phrase is not None and head.span.phrase.activity:
        return False
    named = _roles_of(head)
    return bool(named) and all(roles()[role].family == roles()[GENERAL].family for role in named)


def _evidence(head: _Head) -> list[_Meaning]:
    """What a head's qualifiers say, those before the noun first."""
    if head.noun == OUT:
        return []
    if head.name is not None:
        return [_Meaning(role, WEIGHT["own"], "own", head.words) for role in head.name.names]
    found = list(_meanings_before(head)) + list(_meanings_after(head))
    for span in head.before + head.after:
        if span.phrase is not None and head.noun not in span.phrase.qualifies:
            found += [_Meaning(role, WEIGHT["own"], "own", span.words) for role in span.phrase.names]
    return found


def _meanings_before(head: _Head) -> Iterator[_Meaning]:
    for at, span in enumerate(head.before):
        following = head.before[at + 1] if at + 1 < len(head.before) else None
        # 'cloud site reliability engineer': of words side by side the last is the role
        outranked = following is not None and _is_beside(following, span) and _names_own(following, head.noun)
        for role, strength in _meant(span, head.noun):
            weight = _weight(role, strength, span.words) * (0.7 if outranked else 1.0)
            yield _Meaning(role, weight, strength, f"{span.words} {head.words}")


def _is_beside(following: _Span, span: _Span) -> bool:
    return following.segment == span.segment and not following.soft_before


def _meanings_after(head: _Head) -> Iterator[_Meaning]:
    named = any(_names_own(span, head.noun) for span in head.before)
    for span in head.after:
        for role, strength in _meant(span, head.noun):
            # 'Ingénieur Data' names the role, as does 'Administrator, Database'; 'Software Engineer, Data' names a field
            domain = head.noun == "builder" and span.words in roles()[role].domains
            # and so does 'Full-Stack Engineer (Backend)'; an architect (back end) is one of servers
            of_servers = head.noun == "architect" and role in BACKEND
            field = (named or domain) and span.segment != head.span.segment and not of_servers
            weight = WEIGHT["domain"] if field else _weight(role, strength, span.words) * AFTER_THE_NOUN
            yield _Meaning(
                role, weight, "hint" if weight == WEIGHT["domain"] else strength, f"{head.words}, {span.words}"
            )


def _weight(role: str, strength: str, words: str) -> float:
    """What a qualifier is worth; behind its noun a telling hint stays below the general name, which alone it does not outdo."""
    return WEIGHT["telling" if strength == "hint" and words in roles()[role].telling else strength]


def _names_own(span: _Span, noun: str) -> bool:
    return any(strength == "own" for _, strength in _meant(span, noun))


def _meant(span: _Span, noun: str) -> list[tuple[str, str]]:
    return span.phrase.qualifies.get(noun, []) if span.phrase is not None else []


def _roles_of(head: _Head) -> list[str]:
    """The roles of one head: those its own words name, else technology and hints, else the general builder."""
    if head.noun == OUT:
        return []
    found = _evidence(head)
    outside, weight = _outside(head)
    if outside and weight > max((meaning.weight for meaning in found), default=0.0):
        return []
    for strength in ("own", "technology", "hint"):
        named = list(dict.fromkeys(meaning.role for meaning in found if meaning.strength == strength))
        if named:
            return named if strength == "own" else named[:1]
    return [GENERAL] if head.noun == "builder" and not _unknown_before(head) else []


def _outside(head: _Head) -> tuple[str, float]:
    """The words that put a head outside the taxonomy, and what they are worth; ('', 0) if there are none."""
    if head.noun == OUT:
        return head.words, OUTSIDE["noun"]
    last = _last_word_before(head)
    for at, span in enumerate(head.before):
        if "anywhere" in _kinds(span) and not _is_field(span, head.before[at + 1 :], head.noun):
            return span.words, OUTSIDE["before"]
    if last is not None and _kinds(last) & {"before", "nouns", "people"} and not _names_own(last, head.noun):
        return last.words, OUTSIDE["leaning" if _meant(last, head.noun) else "before"]
    if head.words in _MEANT_BY_OTHERS and _is_compound(head):
        return head.after[0].words, OUTSIDE["before"]
    for span in head.after:
        # 'engineers & devrel' seeks both; 'engineer, ios / android' is of one kind
        if "anywhere" in _kinds(span) and not (span.soft_before and span.segment == head.span.segment):
            # 'engineers (frontend, mobile)': one of the fields is of the taxonomy
            beside = any(_names_own(o, head.noun) and o.segment != span.segment for o in head.after)
            return span.words, OUTSIDE["leaning" if beside else "after"]
    return "", 0.0


def _is_field(span: _Span, following: list[_Span], noun: str) -> bool:
    """'Mobile Backend Engineer' works on the back end of what is mobile; 'iOS/AI Engineer' does both."""
    if span.words not in titles().outside.fields or not following or following[0].soft_before:
        return False
    return _names_own(following[-1], noun)


def _is_compound(head: _Head) -> bool:
    """'Developer Marketing Lead', 'Engineering Support': a bare noun only says for whom another office works."""
    following = head.after[0] if head.after else None
    return (
        following is not None
        and _last_word_before(head) is None
        and following.segment == head.span.segment
        and not following.soft_before
        and "before" in _kinds(following)
    )


def _kinds(span: _Span) -> set[str]:
    return span.phrase.outside if span.phrase is not None else set()


def _last_word_before(head: _Head) -> _Span | None:
    plain = [s for s in head.before if not (s.phrase is not None and (s.phrase.level or s.phrase.noise))]
    return plain[-1] if plain else None


def _unknown_before(head: _Head) -> str:
    """An unknown word directly before the noun ('Traffic Engineer'): it may be no software at all."""
    last = _last_word_before(head)
    if last is not None and last.phrase is not None and last.phrase.neutral:
        return ""
    return last.words if last is not None and (last.phrase is None or not last.phrase.qualifies) else ""


def _is_bare(head: _Head) -> bool:
    last = _last_word_before(head)
    return not head.after and (last is None or (last.phrase is not None and last.phrase.neutral))


def _is_generic(heads: list[_Head]) -> bool:
    return not any(meaning.strength == "own" for head in heads for meaning in _evidence(head))


def _cues(heads: list[_Head], spans: list[_Span]) -> tuple[Cue, ...]:
    """The evidence of the head that counts: back end if one of several roles is, else the first."""
    if not heads:
        said = (span.words for span in spans if _kinds(span) & {"anywhere", "before"})
        return tuple(Cue(NONE, OUTSIDE["after"], words, "hint") for words in said)
    return tuple(_cues_of(_chosen(heads)))


def _chosen(heads: list[_Head]) -> _Head:
    """Of several heads the back-end one, else the first.

    'Software Engineer (Site Reliability Engineer)' and 'Principal Engineer/Software Architect' are the second.
    """
    if len(heads) == 1:
        return heads[0]
    backend = next((head for head in heads if _is_backend(head)), None)
    if backend is not None:
        return backend
    first, second = heads[:2]
    apart = first.span.segment != second.span.segment or _is_bare(first)
    narrowed = len(heads) == 2 and not first.words.endswith("s") and apart
    return second if narrowed and _is_generic([first]) and _roles_of(first) and _roles_of(second) else first


def _is_backend(head: _Head) -> bool:
    return bool(BACKEND & set(_roles_of(head)))


def _cues_of(head: _Head) -> Iterator[Cue]:
    outside, weight = _outside(head)
    if outside:
        yield Cue(NONE, weight, f"{outside} {head.words}" if outside != head.words else outside, "own")
    found = _evidence(head)
    named = list(dict.fromkeys(meaning.role for meaning in found if meaning.strength == "own"))
    for meaning in found:
        bonus = ONE_OF_SEVERAL if len(named) > 1 and meaning.role in BACKEND else 0.0
        if len(named) > 1 and meaning.role == named[0] and meaning.strength == "own":
            bonus = max(bonus, FIRST_NAMED)
        yield Cue(meaning.role, meaning.weight + bonus, meaning.words, meaning.strength)
    if not named and _on_both_sides(head):
        said = " ".join(span.words for span in (*head.before, head.span, *head.after))
        yield Cue(FULL_STACK, BOTH_SIDES, said, "technology")
    unknown = _unknown_before(head)
    if outside or any(meaning.strength in ("own", "technology") for meaning in found):
        return
    if head.noun in _BARE and _is_bare(head):
        yield Cue(_BARE[head.noun], WEIGHT["generic"], head.words, "hint")
    elif head.noun != "builder":
        yield Cue(NONE, OUTSIDE["unknown noun"], head.words, "hint")
    elif unknown and not found:
        yield Cue(NONE, OUTSIDE["unknown builder"], f"{unknown} {head.words}", "hint")
        yield Cue(GENERAL, WEIGHT["hint"], head.words, "generic")
    elif not any(meaning.strength == "generic" for meaning in found):
        strength = "hint" if head.span.phrase is not None and head.span.phrase.activity else "generic"
        yield Cue(GENERAL, WEIGHT["generic"] if not found else 1.0, head.words, strength)


def _on_both_sides(head: _Head) -> bool:
    """Whether technologies of the server side and of the browser stand side by side: 'Engineer (Elixir/React)'."""
    sides = {
        role
        for spans in (head.before, head.after)
        for at, span in enumerate(spans)
        for role, strength in _meant(span, head.noun)
        if strength == "technology" and (span.soft_before or _softly_followed(spans, at))
    }
    return {"backend-developer", "front-end-developer"} <= sides


def _softly_followed(spans: list[_Span], at: int) -> bool:
    return at + 1 < len(spans) and spans[at + 1].soft_before


def _level(spans: list[_Span]) -> tuple[str, str, str]:
    """Level in one spelling, seniority and words.

    Alternatives ('Senior/Staff') count as the first, else the highest word; a number (I, II, IV) only without a word.
    """
    levels: list[str] = []
    best, because, number, highest = "", "", "", _LOWEST
    for at, span in enumerate(spans):
        level, seniority = _level_of(spans, at)
        if not level or level in levels:
            continue
        levels.append(level)
        if not seniority:
            number = number or level
        elif (rank := _rank(level, seniority)) > highest and not (best and span.alternative):
            best, because, highest = seniority, span.words, rank
    if not best and number in _NUMBERED:
        best, because = _NUMBERED[number], number
    return " ".join(levels), best, because


def _rank(level: str, seniority: str) -> int:
    """The order of levels; a graduate may be sought for an office as well as to intern: 'Graduate Intern'."""
    return _RANK["intern"] - 1 if level == "Graduate" else _RANK[seniority]


def _level_of(spans: list[_Span], at: int) -> tuple[str, str]:
    span = spans[at]
    if span.phrase is not None and span.phrase.level:
        return span.phrase.level, span.phrase.seniority
    if span.phrase is not None and span.phrase.names and " " in span.words:
        # 'design lead' names a role and its level
        last = _lexicon()[0].get(span.words.rpartition(" ")[2])
        return (last.level, last.seniority) if last is not None else ("", "")
    grade = _GRADE.match(span.words)
    if grade:
        return span.words.upper(), ""
    before = spans[at - 1] if at else None
    follows_noun = before is not None and before.phrase is not None and before.phrase.noun and not span.soft_before
    if follows_noun and span.words in _ROMAN:
        roman = _ROMAN[span.words]
        return roman, ""
    return "", ""


def _core(spans: list[_Span], heads: list[_Head]) -> str:
    """Canonical role words first, then what else the title says in its order."""
    prefix: list[str] = []
    dropped: set[int] = set()
    for head in heads:
        named, spent = _core_of(head, spans)
        prefix += named
        dropped |= spent
    for at, span in enumerate(spans):
        names = span.phrase is not None and bool(span.phrase.names)
        if (_level_of(spans, at)[0] and not names) or (span.phrase is not None and span.phrase.noise):
            dropped.add(at)
    rest = (span.words for at, span in enumerate(spans) if at not in dropped)
    return " ".join(dict.fromkeys([*prefix, *rest]))


def _core_of(head: _Head, spans: list[_Span]) -> tuple[list[str], set[int]]:
    """The canonical words of one head, and the places of the spans that they stand for."""
    if not _roles_of(head):
        return [], set()
    own = head.before + head.after
    if head.name is not None:
        own = [spans[head.at]]
    named: list[str] = []
    spent: set[int] = set()
    for span in own:
        role = _synonym(span, head)
        if role is not None:
            named.append(role.core)
        if role is not None or _is_general(span, head):
            spent |= {at for at, s in enumerate(spans) if s is span}
    if head.noun == "builder" and not named:
        named = ["software engineer"]
    if named and head.name is None:
        spent |= set(range(head.at - head.words.count(" "), head.at + 1)) & _places_of_nouns(spans)
    return named, spent


def _synonym(span: _Span, head: _Head) -> Role | None:
    """The role of which this qualifier is just another spelling."""
    if span.phrase is None:
        return None
    slugs = head.name.names if head.name is not None else [r for r, _ in span.phrase.qualifies.get(head.noun, ())]
    return next((roles()[slug] for slug in slugs if span.words in _synonyms(slug)), None)


@functools.cache
def _synonyms(slug: str) -> frozenset[str]:
    return frozenset(_one_spelling(words) for words in roles()[slug].synonyms)


def _is_general(span: _Span, head: _Head) -> bool:
    """'software' in 'backend software engineer': it adds nothing."""
    return span.phrase is not None and any(s == "generic" for _, s in span.phrase.qualifies.get(head.noun, ()))


def _places_of_nouns(spans: list[_Span]) -> set[int]:
    return {at for at, span in enumerate(spans) if span.phrase is not None and span.phrase.noun}
