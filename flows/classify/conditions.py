"""Seniority and kind of contract, from title, field and text."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from flows.classify.text import Ad, plain
from flows.classify.titles import TitleReading
from flows.clean.pattern import Found, Linear, Together, linear
from storage.models import EmploymentType, Seniority

_KINDS: tuple[tuple[EmploymentType, re.Pattern[str]], ...] = (
    (
        "internship",
        re.compile(
            r"\bintern(?:s|ship)?\b|praktik|praktyk|tirocin|стаж[её]р|стажиров|werkstudent|stagiaire|\bstage\b|co-?op\b|apprentice|trainee|becari"
            r"|est[aá]gi|实习|實習|インターン|인턴",
            re.I,
        ),
    ),
    (
        "part-time",
        re.compile(
            r"part[\s_-]?time|teilzeit|temps partiel|medio tiempo|jornada parcial|meio per[ií]odo|tempo parziale|deeltijd|deltid"
            r"|частичн|неполн|per diem|\bptime\b|_pt\b|兼职|兼職|アルバイト|시간제",
            re.I,
        ),
    ),
    (
        "contract",
        re.compile(
            # consulting only as a field or a heading's part of its own: a consultant may be employed
            # a smart contract is a programme, a contract manager an office
            r"(?<!smart )(?<!smart-)contract(?!s? (?:manag|admin|negotiat|specialist|lawyer|counsel|law\b|review))"
            r"|freelanc|1099|\bc2[ch]\b|corp[- ]to[- ]corp|(?:^|[(\[|,/+_-]\s{0,3})b2b(?=\s{0,3}(?:[)\]|,/+_-]|$))|self[- ]employed|independent"
            r"|(?:^|[|,/]\s{0,3})consulting(?=\s{0,3}(?:[|,/(]|$))"
            r"|проектн|\bгпх\b|契約社員|业务委托|業務委託|계약직|(?-i:\bPJ\b)",
            re.I,
        ),
    ),
    (
        "temporary",
        re.compile(r"temporar|fixed[\s_-]?term|(?<!un)befrist|tidsbegr|vikariat|seasonal|interim|cdd\b|\btemp\b", re.I),
    ),
    (
        "full-time",
        re.compile(
            r"full[\s_-]?time|_ft\b|vollzeit|temps (?:plein|complet)|permanent|tiempo completo|jornada completa|tempo (?:integral|pieno)"
            r"|heltid|tillsvidare|voltijd|полн(?:ая|ый)|festanstellung"
            r"|\bregular\b|unbefristet|cdi\b|\bclt\b|employee|pe[lł]ny etat|umowa o prac|festangestellt"
            r"|\bperm\b|全职|全職|正社員|정규직",
            re.I,
        ),
    ),
)
# Of a title only what says nothing but the hours: 'Employee Relations' and 'Regular Developer' are no kinds of contract.
_TITLE_FULL = re.compile(
    r"\bfull[\s-]?time\b|\bvollzeit\b|(?:^|[\[(|/,–-]\s?)(?-i:FT|CLT)(?=\s?(?:[\])|/,]|$))|\s(?-i:FT)$|全职|全職|正社員|정규직",
    re.I,
)
_TEXT_FULL = linear(
    r"\bfull[\s-]?time\b|\bvollzeit\b|\bperm(?:anent)? (?:role|position|hiring|job)"
    r"|\b(?:tiempo completo|jornada completa|tempo (?:integral|pieno|indeterminato)|temps plein|clt|festanstellung|contrato (?:a t[ée]rmino )?indefinido"
    r"|contrat (?:de travail )?(?:\w{1,10} )?(?:en |: ?)?cdi|en cdi|umow[ayęą] o prac|pełnym wymiarze|pełen etat|heltid|tillsvidareanst|fuldtid|kokoaikainen|voltijd"
    r"|plný úvazek|hlavní pracovní poměr|teljes munkaid)|полная занятость|полный рабочий день|фул[- ]?тайм"
)
_TEXT_CONTRACT = linear(
    r"\b(?:this is an? (?:[\w-]+ ){0,4}contract\b|contract (?:role|position|opportunity|basis|to hire|-to-hire"
    r"|duration|length)|contract-to-hire|(?:months?|years?) contract\b|\b(?:c2c|c2h|corp[- ]to[- ]corp)\b"
    r"|freelancer? (?:role|position|contract|basis|opportunity|project|job|work|developer|engineer)s?\b"
    r"|(?:this is|as) an? freelance|full[\s-]?time contract(?:or)?\b"
    r"|independent contractor|contractor (?:role|position|basis|agreement)"
    r"|1099"
    r"|b2b contract|mission (?:de |en )?freelance|en freelance|(?:kontrakt|umowa|umowę) b2b"
    r"|(?:contrata[çc][ãa]o|contrato|regime|modelo|como|via)[:\s]{1,3}pj\b|\bpj\s(?:r\$|full)|auf freiberuflicher basis"
    r"|(?:in|als) freier? mitarbeit(?:er(?:in)?)?\b|freie mitarbeit\b"
    r"|collaborazione coordinata e continuativa|partita iva\b"
    r"|(?:employment|job|contract) type:? (?:contract|freelance)|\btype: contract\b|\bhourly contract\b)"
)
_TEXT_PART = linear(
    r"\bpart[\s-]?time (?:role|position|job|basis|opportunity|hours)|\b(?:job|employment"
    r"|position) type:? part[\s-]?time|\bpart[\s-]?time\b[^.\n]{0,40}hours"
    r"|\bteilzeit(?:stelle|kraft|job)?\s?[(,:-]|\bteilzeit(?:stelle|kraft|job)?\W{1,3}\d|\bmedia jornada\b|\b(?:à|en) temps partiel"
    r"|\b(?:osa-aikai|deltids(?:anst|stilling)|częściowy etat|pół etatu)"
    r"|\bup to (?:1\d|2[0-5]) hours (?:per|a|each|every) week"
)
# Of an office, of what one did, of pay or of who applies: 'full-time in-office presence', '5 years full time experience'.
_FULL_OF_OTHERS = re.compile(
    r"[\s-](?:in-office|in-person|office|presence|experience|(?:annual|base|yearly) salar\w+|professionals?|students?|parents?|caregivers?)\b"
    # to whom an employer grants what: 'full-time employees receive', 'benefits (US full-time employees)'
    r"|[\s-](?:employees|positions|staff|team members)(?=\s?(?:\)|,? we (?:offer|provide)|(?:receive|get|enjoy|are eligible|may|can)\b))",
    re.I,
)
# What stands in whatever a dearer pattern matches: all sought in one scan of a text.
_OF_CONTRACT = linear(
    r"contract|freelance|1099|c2[ch]|corp[- ]to[- ]corp|(?:kontrakt|umow.{1,2}) b2b|\spj\b|freiberuflich|freier? mitarbeit|continuativa|partita iva"
)
_OF_PART = linear(r"part[\s-]?time|teilzeit|media jornada|temps partiel|osa-aikai|deltids|etat|up to \d\d hours")
_OF_LEVEL = linear(r"\s(?:senior|staff|principal|junior)")
_OF_GRADE = linear(r"level\s(?:i|1|2)|(?:engineer|developer|analyst|scientist)\si{1,2}\b")
_OF_INTERNS = linear(r"\sinterns\b")
_OF_MID = linear(r"\b(?:mid|intermediate)[- ]")
_OF_TERM = linear(r"\bcdd\b|\sbefristet|tidsbegr|vikariat|czas określony")
_GATES = Together(_TEXT_FULL, _OF_CONTRACT, _OF_PART, _OF_LEVEL, _OF_GRADE, _OF_INTERNS, _OF_MID, _OF_TERM)
_TEXT_TERM = linear(
    r"\b(?:en cdd|cdd (?:de |d['’])?\d|contrat\s?:? ?cdd|befristet(?:e stelle|er vertrag)? (?:auf|bis|für)|tidsbegränsad anst|vikariat"
    r"|umowa (?:o pracę )?na czas określony)"
)
_TEXT_KINDS: tuple[tuple[EmploymentType, Linear, Linear], ...] = (
    ("contract", _TEXT_CONTRACT, _OF_CONTRACT),
    ("part-time", _TEXT_PART, _OF_PART),
    ("temporary", _TEXT_TERM, _OF_TERM),
)
"""Each with its gate."""


@functools.lru_cache(maxsize=8)
def _open_to(text: str) -> frozenset[Linear | re.Pattern[str]]:
    """The gates that a text opens."""
    return _GATES.matching(text)


class Employment(NamedTuple):
    """Kind of contract and the words that say so."""

    kind: EmploymentType
    because: str


def employment(field: str | None, title_raw: str, ad: Ad, reading: TitleReading) -> Employment:
    """The kind of contract: an internship by its title, full-time beside another kind, else the board's field, else
    words of title and text.
    """
    if beside := _INTERNS_TOO.search(field or "") or _INTERNS_TOO.search(title_raw):
        return Employment("full-time", f"header: {beside[0]}")
    if reading.seniority == "intern":
        return Employment("internship", f"title: {reading.because}")
    if both := _FULL_TOO.search(field or "") or _FULL_TOO.search(title_raw):
        return Employment("full-time", f"header: {both[0]}")
    said = _kind_of(field or "")
    titled = _kind_of(title_raw, without=("full-time",)) if not _is_header(title_raw) else _kind_of(title_raw)
    if (said.kind, titled.kind) in _TITLE_FIRST:
        return Employment(titled.kind, f"title: {titled.because}")
    if said.kind == "full-time" and _OF_CONTRACT in _open_to(ad.text) and (label := _LABELLED_CONTRACT.search(ad.text)):
        return Employment("contract", f"text: {' '.join(label[0].split())}")
    if said.kind != "unknown":
        return Employment(said.kind, f"field: {said.because}")
    if titled.kind != "unknown":
        return Employment(titled.kind, f"title: {titled.because}")
    if full := _TITLE_FULL.search(title_raw):
        return Employment("full-time", f"title: {full[0].strip(' -–[](|/,')}")
    return _of_text(ad)


# A title that narrows what the board's field says.
_TITLE_FIRST = {("full-time", "part-time"), ("full-time", "contract"), ("part-time", "contract")}
# Full-time work beside another kind: who offers both has a full-time post. A 'full-time contract' is one thing.
_FULL_TOO = re.compile(
    r"\bfull(?:[\s-]?time)?\s{0,2}(?:[|/&]|\bor\b|\band\b)\s{0,2}(?:part[\s-]?time|contract|freelanc)"
    r"|\b(?:part[\s-]?time|contract(?:or)?|freelance)\s{0,2}(?:[|/&]|\bor\b|\band\b)\s{0,2}full[\s-]?time\b",
    re.I,
)

# 'FULLTIME & INTERN': posts of both kinds; an intern's hours stand in brackets or behind a comma.
_INTERNS_TOO = re.compile(r"\bfull[\s-]?time\s{0,2}(?:&|\band\b|\bor\b)\s{0,2}interns?(?:hips?)?\b", re.I)
# A line of the ad's own that names the contract is plainer than what a board fills in where nobody chose.
_LABELLED_CONTRACT = re.compile(
    r"^\W{0,4}(?:contract|employment|engagement) type\s?[:–-]\s?(?:independent |international )?(?:contract(?:or)?|freelancer?|b2b|1099)\b",
    re.I | re.M,
)


def _is_header(title: str) -> bool:
    """A hiring-thread line: 'Company | Role | Place | Full-time'."""
    return title.count("|") >= 1


@functools.lru_cache(maxsize=4096)
def _kind_of(said: str, without: tuple[str, ...] = ()) -> Employment:
    for kind, pattern in _KINDS:
        match = pattern.search(said) if kind not in without else None
        if match:
            return Employment(kind, match[0])
    return Employment("unknown", "")


def _of_text(ad: Ad) -> Employment:
    text, opened = ad.text, _open_to(ad.text)
    full = _full_time(text) if _TEXT_FULL in opened else None
    for kind, pattern, gate in _TEXT_KINDS:
        match = pattern.search(text) if gate in opened else None
        if match and (full is None or match.start() <= full.start()):
            return Employment(kind, f"text: {match[0]}")
    return Employment("full-time", f"text: {full[0]}") if full else Employment("unknown", "")


def _full_time(text: str) -> Found | None:
    return next((one for one in _TEXT_FULL.finditer(text) if not _FULL_OF_OTHERS.match(text, one.end())), None)


class Standing(NamedTuple):
    """Seniority and the words that say so."""

    seniority: Seniority
    because: str


# Managers of people: of engineers and like teams, or by a word that says so; a product manager manages no people.
_MANAGER = re.compile(
    r"\b(?:(?:engineering|software(?: development| engineering)?|security(?: engineering)?|infrastructure"
    r"|platform|data(?: science)?"
    r"|analytics|research|it|qa|devops|sre|design|technology|learning|applied science|annotation|site reliability"
    r"|(?:mobile|web|backend|frontend) development) managers?\b"
    r"|(?:senior|sr\.?|group|general|regional|country|plant|mine|store|branch|people|division|area|district) manager\b"
    r"|manager of\b|group product manager|supervisor\b)|^(?:(?:senior|sr\.?|group|general|global"
    r"|regional) ){0,3}manager\b(?=,| of| -|:|$)",
    re.I,
)
_FIELD: tuple[tuple[Seniority, re.Pattern[str]], ...] = (
    ("intern", re.compile(r"intern|student|praktik", re.I)),
    ("manager", re.compile(r"manager|director|executive|head|\bvp\b|management", re.I)),
    ("lead", re.compile(r"lead|principal|staff|expert", re.I)),
    ("mid", re.compile(r"semi[- ]?senior|\bssr\b|\bpleno\b", re.I)),
    ("senior", re.compile(r"senior|experienced", re.I)),
    ("mid", re.compile(r"\bmid|intermediate|middle|regular|medior", re.I)),
    ("junior", re.compile(r"junior|entry|graduate|associate|beginner", re.I)),
)
_TEXT_MID = re.compile(
    r"\b(?:mid[- ]level|mid[- ]career|intermediate[- ]level|mid[- ](?:to[- ])?senior(?:[- ]level)?) (?:\w+ ){0,4}(?:engineer"
    r"|developer|role|position|analyst|designer)",
    re.I,
)


_ARCHITECT = re.compile(r"\barchitect(?:s|e)?\b|\barchitekt|\barquite[ct]", re.I)
_PRESALES_ARCHITECT = re.compile(r"\bsolutions? architects?\b", re.I)
# Levels that stand before the very words of the title in the text: 'We seek a Senior Data Analyst'.
_LEVELS: dict[str, Seniority] = {
    "senior": "senior",
    "sr.": "senior",
    "principal": "lead",
    "staff": "lead",
    "lead": "lead",
    "junior": "junior",
    "entry level": "junior",
    "mid level": "mid",
}


def seniority(title: str, reading: TitleReading, field: str | None, years_min: int | None, ad: Ad) -> Standing:
    """The level: the title's word, else the board's field, else the text's, else 'mid' where 3 or 4 years are asked.

    Architects stand with leads, whatever word goes before, but for juniors.
    """
    if title.count("|") > 1:
        title = title.partition("|")[2]  # the first segment of a thread's header is the employer
    manager = _MANAGER.search(title)
    if manager and reading.seniority in ("", "senior", "mid", "lead"):
        return Standing("manager", f"title: {manager[0]}")
    architect = _ARCHITECT.search(title)
    if (architect and reading.seniority in ("senior", "mid")) or (architect and not _PRESALES_ARCHITECT.search(title)):
        return Standing("lead", f"title: {architect[0]}")
    if reading.seniority:
        return Standing(_SENIORITIES[reading.seniority], f"title: {reading.because}")
    for level, pattern in _FIELD:
        match = pattern.search(field or "")
        if match:
            return Standing(level, f"field: {match[0]}")
    return _of_requirements(title, years_min, ad)


def _listed_beside(named: str, word: str, ad: Ad) -> bool:
    """Whether a list has the office with the level beside the office itself: 'Data Engineer', 'Junior Data Engineer'."""
    lines = [f"{plain(line).strip()} " for line in ad.text.split("\n")]
    return all(any(line.startswith(f"{one} ") for line in lines) for one in (named, f"{word} {named}"))


def _of_requirements(title: str, years_min: int | None, ad: Ad) -> Standing:
    named = plain(_FIRST_PART.split(title, maxsplit=1)[0]).strip()
    if named.count(" ") >= 1 and f" {named} " in ad.plain:
        for word, level in _LEVELS.items():
            if f" {word} {named} " in ad.plain and not _listed_beside(named, word, ad):
                return Standing(level, f"text: {word} {named}")
            at = ad.plain.find(f" {named}  {word}")
            if at >= 0 and ad.text.startswith(" (", at + len(named)):
                return Standing(level, f"text: {named} ({word})")
    opened = _open_to(ad.text)
    grade = _TEXT_GRADE.search(ad.text) if _OF_GRADE in opened else None
    if grade:
        said = grade[1] or grade[2]
        return Standing("junior" if said in ("I", "1") else "mid", f"text: {grade[0]}")
    interns = _INTERNS.search(ad.text) if _OF_INTERNS in opened else None
    if interns:
        return Standing("intern", f"text: {interns[0]}")
    sought = _SOUGHT.search(ad.text) if _OF_LEVEL in opened else None
    if sought:
        return Standing(_LEVELS[sought[sought.lastgroup or 0].lower()], f"text: {sought[0]}")
    match = _TEXT_MID.search(ad.text) if _OF_MID in opened else None
    if match:
        return Standing("mid", f"text: {match[0]}")
    if years_min in (3, 4) and not _ALL_LEVELS.search(title):
        return Standing("mid", f"text: {years_min} years asked")
    return Standing("unspecified", "")


# 'As a Senior Software Engineer, you will': the level of whom the ad speaks to or seeks.
_SOUGHT = linear(
    r"\b(?:(?:as an?|as our(?: \w+)?|(?:looking for|seeking|hiring(?: for)?|need|adding) an?(?: \w+)?),?\s"
    r"(?P<level>senior|staff|principal|junior)(?:/\w{2,12})?(?:[- ]level)?\s(?:[\w/-]{2,20}\s){0,3}"
    r"(?:engineer|developer|programmer|analyst|scientist|designer|manager|sre|swe)\b"
    # several of one level, and the level of the role itself
    r"|(?:looking for|seeking|hiring) (?P<several>senior|staff|principal|junior)(?:[/+]\w{0,20})?\s"
    r"(?:[\w/-]{2,20}\s){0,3}(?:engineers|developers|programmers|analysts|scientists|designers)\b"
    r"|(?:this|it) is an? (?P<role>senior|staff|principal|junior)(?:[- ]level)?\s(?:[\w/-]{2,20}\s){0,2}"
    r"(?:role|position|opening)\b"
    r"|(?:hiring|looking|recruiting) (?:[\w-]{1,15}\s){0,3}at (?:an? |the )?(?P<at>senior|staff|principal|junior)[- ]level)"
)
_INTERNS = re.compile(r"\b(?:hiring|looking for|seeking)\s(?:[\w–-]{1,12}\s){0,3}interns\b", re.I)
# 'Software Engineer/Level I: $125,000': of several grades the first counts.
# 'We seek a Software Engineer II': the grade of whom the ad seeks or speaks to.
_TEXT_GRADE = re.compile(
    r"\b(?:engineer|developer|analyst)\s?[/,-]\s?level\s(I{1,2}|[12])\b"
    r"|\b(?:seeking|looking for|hiring(?: for)?|need|as) an?\s(?:[\w/-]{2,20}\s){0,3}(?:engineer|developer|analyst|scientist)\s(?-i:(I{1,2}))\b(?!\s?[/-])",
    re.I,
)
# Of several levels the years of one tell nothing.
_ALL_LEVELS = re.compile(r"\b(?:all|multiple|various|several|any|different) (?:seniority |experience )?levels?\b", re.I)
_FIRST_PART = re.compile(r"[,(\[|:]|\s[-–—]\s")
_SENIORITIES: dict[str, Seniority] = {
    "intern": "intern",
    "junior": "junior",
    "mid": "mid",
    "senior": "senior",
    "lead": "lead",
    "manager": "manager",
}
