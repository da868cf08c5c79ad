"""What an advertisement asks for: years of experience and degree, with the words that say so."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from flows.classify.text import Ad, Anchors
from storage.models import Degree

_LONGEST_LINE = 4_000
_YEAR_WORDS = Anchors(
    [
        "year",
        " yr",
        "yoe",
        "jahr",
        " ano",
        " ans",
        "annees",
        " lata",
        " lat ",
        " anni",
        " jaar",
        " ar ",
        " ars ",
        "+yr",
        "0y",
        " vuo",
        " roky",
        " roku",
        " rokov",
        " ev ",
        " eves ",
        " ani ",
        "letni",
    ]
)
# The anchors read Latin letters alone.
# The letter without which no text in Cyrillic is written: one is found faster than a word.
_CYRILLIC = "\N{CYRILLIC SMALL LETTER O}"
_EASTERN_YEARS = re.compile(r"(?:лет|год|рок)")
_EASTERN_DEGREES = re.compile(r"(?i:высшее|вища освіта)")
_DEGREE_WORDS = Anchors(
    [
        "bachelor",
        "master",
        "degree",
        "b.sc",
        " bsc",
        "m.sc",
        " msc",
        " b.s",
        " bs ",
        " ba ",
        "b.tech",
        "juris doctor",
        " j.d",
        " jd ",
        " btech",
        " b.e.",
        "ph.d",
        " phd",
        "doctorate",
        " mba",
        "studium",
        "hochschul",
        "diplom",
        " bac ",
        " bac+",
        "vysoko ",
        "titulacion",
        "titulo profesional",
        "titulo universitario",
        "ingenieria ",
        "carrera universitaria",
        "formacion universitaria",
        "licenciatura",
        "grado en",
        "ensino superior",
        "graduacao",
        "superior completo",
        "wykszta",
        "laurea",
        "bacharelado",
        "formacao superior",
        "nivel superior",
        "estudios universitarios",
        "grado universitario",
        "ecole d'ing",
        "formation sup",
        " hbo ",
        "hogskole",
        "civilingenjor",
        " m.s",
        " ms ",
        "universitetsexamen",
        "formacao em",
        "formacion en",
        "graduado ",
        "graduada ",
        "bacharel",
    ]
)
_WORD_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ],
        start=1,
    )
} | {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "dois": 2, "três": 3, "quatro": 4, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "twee": 2, "drie": 3, "vijf": 5, "due": 2, "cinque": 5, "två": 2, "tre": 3, "fem": 5,
    "dwa": 2, "trzy": 3, "двух": 2, "трех": 3, "трёх": 3, "четырех": 4, "четырёх": 4, "пяти": 5,
}  # fmt: skip
_NUMBER = r"(?:\d{1,2}|" + "|".join(_WORD_NUMBERS) + r")"
_YEARS = re.compile(
    rf"(?<![\w.,$€£])(?<![\w.,$€£]-)(?:(?P<least>minimum|min\.?|at least|mindestens|mínimo|minimum de|au moins|al menos"
    rf"|pelo menos|über|more than|over|minimaal|minst|vähintään|legalább|almeno|co najmniej|polo menos|от|від|не менее)"
    rf"(?:\s(?:of|de))?\s{{1,3}})?(?P<low>{_NUMBER})(?:-?х)?(?:\s{{0,2}}\(\d{{1,2}}\+?\))?\s{{0,2}}(?P<plus>\+|plus\b"
    rf"|or more)?\s{{0,2}}"
    rf"(?:(?P<range>-|–|—|to|bis|a|à|до"
    rf"|and|y|e|et|und)\s{{0,2}}(?P<high>{_NUMBER})(?:\s{{0,2}}\(\d{{1,2}}\))?\s{{0,2}}(?P<plus2>\+)?\s{{0,2}})?"
    r"(?P<more>or more |\+ ?|plus )?(?:full |solid |total |relevant |professional |combined )?"
    r"-?(?P<unit>years?|yrs?|yoe|jahren?|jahre?|años?|anos?|ans|an(?= d['’]exp)|années|lata?|lat|anni|jaar|års?|vuoden|vuotta"
    r"|rok[yuů]|rokov|év(?:es)?|ani|letni\w{0,2}|лет|года?|рок(?:и|ів|у))\b",
    re.I,
)
_LONGEST_BEFORE_UNIT = 100
"""Characters, and more than the pattern takes before the unit."""
_LONGEST_UNIT = 12
_EXPERIENCE = re.compile(
    r"experien|expérience|experi[eê]nc|erfahrung|do[sś]wiadczen|esperienza|ervaring|erfarenhet|erfaring|kokemus|prax[eií]|tapasztalat|опыт|досвід|\byoe\b"
    r"|background|track record"
    r"|working (?:with|in|as|on)|work(?:ed)? (?:in|with|as|on)|as an? |of (?:\w+ ){0,6}(?:development|engineering"
    r"|programming|practice|management|sales)|develop|building|designing"
    r"|desarroll|desenvolv|participando|hands-on|\bexp\b|in (?:software|a |an |the |backend|data|product|tech|design|sales|marketing|engineering)"
    r"|writing|shipping|using|coding|managing|leading|programming|proficien|with ",
    re.I,
)
_NO_EXPERIENCE = re.compile(
    r"(?:past|last|next|previous|every|first|for|seit|depuis|desde hace|sedan|уже|within|after|over the|in|during|nearly|almost|celebrat\w+|its"
    r"|our|their|combined|collective(?:ly)?|(?:maximum|period|term|contract|commitment) of)\s{1,3}(?:the\s|just\s)?(?:more than |over |at least )?$",
    re.I,
)
_NOT_ASKED = re.compile(
    r"^\W{0,3}(?:ago|old|of age|in a row|in business(?=[.,;]| (?:for|and|since))|in the (?:business|industry"
    r"|making)|vesting|cliff|contract|warranty|history|anniversary|degree|college|university|program|from"
    r"|later|(?:\+ )?(?:accredited|university|college)|of (?:\w+ )?experience (?:working )?(?:together|between us)"
    r"|of (?:runway|combined|collective|joint|shared|innovation|history|growth|success\b|service to"
    r"|heritage|tenure|continuous))",
    re.I,
)
_OF_EXPERIENCE = re.compile(r"\W{0,3}(?:of )?(?:\w{1,30} ){0,2}experience", re.I)
_COMPANY_YEARS = re.compile(
    r"\b(?:we have|we've|we bring|has been|have been|founded|our team|company|heritage|since|trusted|serving"
    r"|combined(?! with)|wir (?:haben|sind|bringen)|unternehmen mit|nous avons|entreprise avec|contamos co[nm]|empresa co[nm]|abbiamo|azienda con"
    r"|mamy|jesteśmy|firma z|vi har|wij hebben|компани[ияей]|на рынке)\b",
    re.I,
)
_YOU_HAVE = re.compile(r"\byou(?:['’]ve| have)\b[^.\n]{0,60}\bfor\s$", re.I)
_ONLY_WISHED = re.compile(r"^\s?\((?:preferred|optional|desired|a plus)\)", re.I)
_IN_LIEU = re.compile(r"in lieu|instead of|in place of|without a degree|no degree", re.I)
_PREFERRED = re.compile(r"\b(?:prefer\w*|ideal(?:ly)?|nice[ -]to[ -]have|bonus|desir\w+|a plus|optional)\b", re.I)

_CLAUSE = re.compile(r"[.,;]")

# Which parts state the main requirement, most telling first.
_RANK = {"requirements": 0, "stack": 1, "about": 2, "duties": 2, "nice": 4, "other": 3, "benefits": 6}
_MOST_YEARS = 25


class Years(NamedTuple):
    """Years of experience asked for, and the words; None where not stated."""

    low: int | None = None
    high: int | None = None
    because: str = ""


class _Stated(NamedTuple):
    rank: float
    at: int
    low: int
    high: int | None
    words: str


def years_asked(ad: Ad) -> Years:
    """The years of experience of the main requirement: the first statement of the part that asks.

    '5+ years' gives (5, None), '3-6 years' (3, 6), 'up to' and ages, company histories and benefits nothing.
    """
    stated = [
        one
        for begin, end in _stretches_of_years(ad)
        for match in _YEARS.finditer(ad.text, begin, min(end, begin + _LONGEST_LINE))
        if (one := _stated(ad, match)) is not None
    ]
    if not stated:
        return Years()
    best = min(stated, key=lambda one: (one.rank, one.at))
    return Years(best.low, best.high, best.words)


def _stretches_of_years(ad: Ad) -> list[tuple[int, int]]:
    """(start, end) of what to read for years: around their words, in the letters of either half of Europe."""
    found = _YEAR_WORDS.around(ad, _LONGEST_BEFORE_UNIT, _LONGEST_UNIT)
    if _CYRILLIC in ad.text:
        eastern: list[tuple[int, int]] = []
        for at in _EASTERN_YEARS.finditer(ad.text):
            begin, end = max(0, at.start() - _LONGEST_BEFORE_UNIT), at.end() + 3
            begin = max(begin, ad.text.rfind("\n", begin, at.start()) + 1)
            if eastern and begin <= eastern[-1][1]:
                begin = eastern.pop()[0]
            eastern.append((begin, end))
        found += eastern
    return found


def years_of_field(field: str | None) -> Years:
    """The years that a board's own field asks: 'От 3 до 6 лет' (3, 6), 'Более 6 лет' (6, None), '2+ years' (2, None)."""
    found = _FIELD_YEARS.search(field or "")
    if found is None:
        return Years()
    low, high = int(found["low"]), int(found["high"]) if found["high"] else None
    if low > _MOST_YEARS or (high is not None and not low < high <= _MOST_YEARS):
        return Years()
    return Years(low, high, f"field: {found[0]}")


_FIELD_YEARS = re.compile(
    r"(?P<low>\d{1,2})(?:[^\d\n]{1,12}(?P<high>\d{1,2}))?[^\d\n]{0,4}\b(?:years?|yrs|лет|год\w?|jahre?n?|años|anos|ans|lat)\b",
    re.I,
)


def _stated(ad: Ad, match: re.Match[str]) -> _Stated | None:
    text = ad.text
    low = _number(match["low"])
    high = _number(match["high"]) if match["high"] else None
    if low > _MOST_YEARS or (high is not None and (high > _MOST_YEARS or high <= low)):
        return None
    before = text[max(0, match.start() - 60) : match.start()].rpartition("\n")[2]
    after = text[match.end() : match.end() + 90].partition("\n")[0]
    if (
        (_NO_EXPERIENCE.search(before) and not (_OF_EXPERIENCE.match(after) or _YOU_HAVE.search(before)))
        or _ONLY_WISHED.match(after)
        or _IN_LIEU.search(after)
        or _NOT_ASKED.match(after)
        or (_COMPANY_YEARS.search(before) and not match["plus"])
    ):
        return None
    part = ad.part_at(match.start())
    kind = part.kind if part else "about"
    plus = bool(match["plus"] or match["more"])
    if not _asks(kind, before, after, match["unit"], plus) and not _labelled(text, match.start()):
        return None
    rank = float(_RANK.get(kind, 3))
    if _PREFERRED.search(before) or _PREFERRED.search(_CLAUSE.split(after, maxsplit=1)[0]):
        rank += 2.5
    if _IN_LIEU.search(before):
        rank += 3
    if match["range"] in ("and",) or match["plus2"]:
        high = None if match["plus2"] else high
    return _Stated(rank, match.start(), low, high, text[match.start() : match.end() + 25].partition("\n")[0].strip())


def _labelled(text: str, at: int) -> bool:
    """Whether a label of its own line stands over the words: 'Min. experience', and below it '5+ years'."""
    above, _, beside = text[max(0, at - _LONGEST_LABEL - 4) : at].rpartition("\n")
    label = above.rpartition("\n")[2]
    return not beside.strip(" -–•*") and bool(_LABEL.fullmatch(label.strip(" :-–•*")))


_LONGEST_LABEL = 40
_LABEL = re.compile(
    r"(?:(?:min(?:imum|\.)?|required|years of|total|work|professional|relevant) ){0,2}experience(?: (?:level|required|range))?",
    re.I,
)


# In brief: '7+ yrs Rust', '(3–10 yrs)'.
# 'You have 8+ years in ML / Data Science'
_IN_A_FIELD = re.compile(r"\sin (?-i:[A-Z])")
_BESIDE_YRS = re.compile(r"\s[A-Z][\w+#.]{1,20}|\s(?:production|hands|industry)\b|\)")


def _asks(kind: str, before: str, after: str, unit: str, plus: bool) -> bool:
    if kind == "benefits":
        return "experience" in after
    if before.endswith("(") and after.startswith(")") and plus:
        return True  # 'Senior Full-Stack Engineer (7+ yrs)'
    if (
        unit.casefold() == "yoe"
        or (unit[0] in "yY" and len(unit) < 4 and _BESIDE_YRS.match(after))
        or (plus and _IN_A_FIELD.match(after))
        or _EXPERIENCE.search(after)
        or _EXPERIENCE.search(before[-40:])
    ):
        return True
    return kind == "requirements"


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _WORD_NUMBERS[said.casefold()]


_DEGREE = re.compile(
    r"\b(?:bachelor(?:'|’)?s?|master(?:'|’)s|masters(?= (?:degree|in|or))|master(?= (?:degree|of science))"
    r"|undergraduate degree|graduate degree|college degree|university degree|advanced degree|academic degree"
    r"|(?:technical|relevant|related|four[- ]year|4[- ]year|engineering|science|cs|stem|quantitative"
    r"|equivalent) degree|degree (?:in|or|from|required|preferred|with)|degree\b"
    r"|b\.?\s?sc\b\.?|m\.?\s?sc\b\.?|m\.?s\.?(?=\s?(?:/|or\b|in\b|degree|,\s?ph)\s?)"
    r"|b\.?s\.?(?=\s?(?:/|or|in|degree|,)\s?)|ba/bs|bs/ba|bs/ms|b\.?tech|b\.e\."
    r"|ph\.?\s?d\.?|doctorate|mba|juris doctor|j\.d\.|(?-i:JD)(?= (?:with|degree|from|and|or|required))"
    r"|hochschulabschluss|studium|abgeschlossenes studium|diplôme|bac ?\+ ?[3-5]|titulaci[oó]n|t[ií]tulo (?:profesional|universitario)"
    r"|ingenier[ií]a (?:civil|en (?:computaci[oó]n|inform[aá]tica|sistemas|software))|carrera universitaria|formaci[oó]n universitaria|licenciatura"
    r"|grado en|ensino superior|gradua[cç][aã]o|superior completo|wykszta[lł]ceni[ea] wy[zż]sze(?:go)?|wy[zż]sze wykszta[lł]cenie|laurea"
    r"|formaci[oó]n en ingenier[ií]a|forma[cç][aã]o em (?:ci[eê]ncias?|engenharia|computa|sistemas|tecnologia|an[aá]lise|ti\b)"
    r"|graduad[oa] (?:em|en|na [aá]rea)|bacharel em|высшее (?:\w{1,20} ){0,2}образование|вища освіта"
    r"|bacharelado|forma[cç][aã]o superior|n[ií]vel superior|estudios universitarios|grado universitario"
    r"|[ée]cole d['’]ing[ée]nieur|formation sup[ée]rieure|hbo[- ](?:werk|niveau|opleiding|diploma)"
    r"|h[öo]gskole(?:examen|utbildning|ingenj[öo]r)|civilingenj[öo]r|universitetsexamen|vysokoškolské vzděl[aá]n[ií]|vysokoškolské vzdelanie)",
    re.I,
)
_NO_DEGREE = re.compile(
    r"(?:no|without an?|don't (?:need|require|care)|do not (?:need|require)|not require\w*"
    r"|regardless of) (?:\w+ ){0,3}$|(?:360|high|large|great|some|certain|strong|varying)[- ]$|(?<!: )\bany[- ]$|to (?:a"
    r"|some|what|the) (?:\w+ )?$|high[ -]school (?:\w+ )?$",
    re.I,
)
_DEGREE_AFTER = re.compile(
    r"^\W{0,2}(?:of (?:autonomy|freedom|independence|flexib|ownership|comfort|accuracy|uncertain|ambigu"
    r"|professional|confiden|care|attention|trust|separation|self)|not (?:required|necessary)"
    r"|is not (?:required|necessary)|isn't|optional|programs? (?:for|covered)|reimburse)"
    # of colleagues and filters: 'a doctorate-level analyst', 'our PhD students'
    r"|^-level\b(?! degree)|^ level (?!in\b|of\b|or\b|degree)|^['’]?s?\s(?:students?|talent|hiring|filters?)\b",
    re.I,
)
# 'Or an equivalent degree', 'or equivalent from a recognized institute': schooling all the same.
_SCHOOLED = r"(?! (?:\w+ )?degree| from an? (?:\w+ ){0,2}(?:institut|universit|college|school))"
_EQUIVALENT = re.compile(
    r"\b(?:or|and/or|/)\s?(?:an? |the |with |have |other |some |similar |related |relevant |meaningful |strong |solid )*(?:equivalent"
    + _SCHOOLED
    + r"|equal|comparable|proven|commensurate|combination|similar (?:work|professional|practical|industry"
    r"|experience|training)|relevant (?:work |professional |industry |practical )?experience|related (?:work "
    r"|professional )?experience|practical experience|work experience|demonstrat\w+"
    r"|\d{1,2}\+? years(?! (?:of (?:\w+ )?experience )?(?:with|and) (?:an? )?(?:master|bachelor|ph\.?d|advanced|mba|m\.?s\b))"
    r"|industry experience|self-taught|bootcamp|significant|(?:strong |solid )?background in)"
    r"|equivalent (?:\w+ ){0,3}experience|in lieu of|equivalent (?:practical|work|combination|military"
    r"|training|qualification|education)|(?:oder|ou|o|lub) (?:eine )?(?:vergleichbar|équivalent|equivalente"
    r"|gleichwertig|entsprechend|(?:einschlägige )?berufserfahrung|ausbildung|experi[eê]ncia|expérience|do[sś]wiadczenie)|or equivalent"
    + _SCHOOLED
    + r"|vergleichbare",
    re.I,
)
_DEGREE_PREFERRED = re.compile(
    r"\b(?:prefer(?!ably (?:in|from)\b)\w*|plus|nice to have|bonus|desir\w+|ideal(?:ly(?! in\b))?|advantage\w*|an asset|helpful|von vorteil"
    r"|optional|welcome|not strictly required|deseable|valorable|desejável|souhaité\w{0,2}|mile widzian\w|wünschenswert|meriterande"
    r"|preferibil\w{1,3}|výhodou|gewenst)\b",
    re.I,
)


# 'Bachelor's degree (Master's preferred)': only the higher degree is wished for.
_HIGHER_PREFERRED = re.compile(
    r"[(,;.–—-]\s{0,2}(?:(?:with |and |or )?(?:an? |the )?)(?:master|ph\.?\s?d|m\.?s\.?\b|m\.?sc\b|mba|advanced|graduate|higher|post-?graduate)"
    r"[^,;()\n]{0,60}\b(?:prefer\w*|an? (?:strong |big |definite )?(?:plus|bonus|advantage|asset)|desir\w+|nice to have|welcome|ideal)\b[^,;()\n]{0,12}\)?",
    re.I,
)


class Schooling(NamedTuple):
    """Whether a degree is asked for, and the words."""

    degree: Degree = "none"
    because: str = ""


def degree_asked(ad: Ad) -> Schooling:
    """required, preferred (also 'or equivalent experience') or none; the strictest statement that holds."""
    found = Schooling()
    for begin, end in _lines_of_degrees(ad):
        for match in _DEGREE.finditer(ad.text, begin, min(end, begin + _LONGEST_LINE)):
            said = _degree_said(ad, match)
            if said == "required":
                return Schooling("required", _line(ad.text, match))
            if said == "preferred" and found.degree == "none":
                found = Schooling("preferred", _line(ad.text, match))
    return found


def _lines_of_degrees(ad: Ad) -> list[tuple[int, int]]:
    """(start, end) of the stretches that may name a degree."""
    found = _DEGREE_WORDS.lines(ad)
    if _CYRILLIC in ad.text:
        found += [(at.start(), at.end() + 60) for at in _EASTERN_DEGREES.finditer(ad.text)]
    return found


def _degree_said(ad: Ad, match: re.Match[str]) -> Degree:
    text = ad.text
    part = ad.part_at(match.start())
    kind = part.kind if part else "about"
    line = _line(text, match, 320)
    before = text[max(0, match.start() - 60) : match.start()].rpartition("\n")[2]
    after = text[match.end() : match.end() + 60]
    if kind == "benefits" or _NO_DEGREE.search(before) or _DEGREE_AFTER.match(after):
        return "none"
    if kind == "about" and before.strip(" -–•*") and not _OF_SCHOOLING.search(line):
        return "none"
    return "preferred" if kind == "nice" or _is_softened(line) else "required"


_OF_SCHOOLING = re.compile(r"degree|bachelor|require|must|qualif|studium|education", re.I)


@functools.lru_cache(maxsize=4_096)
def _is_softened(line: str) -> bool:
    """Whether a line takes something else for a degree or only wishes for one; a line often names it twice."""
    if _EQUIVALENT.search(line) is not None:
        return True
    if _DEGREE_PREFERRED.search(line) is None:
        return False
    rest = _HIGHER_PREFERRED.sub(" ", line)
    return _DEGREE_PREFERRED.search(rest) is not None or _DEGREE.search(rest) is None


def _line(text: str, match: re.Match[str], most: int = 160) -> str:
    begin = max(text.rfind("\n", 0, match.start()) + 1, match.start() - most // 2)
    end = text.find("\n", match.end())
    end = len(text) if end < 0 else end
    return text[begin : min(end, match.end() + most)].strip()
