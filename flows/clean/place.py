"""Places as printed and as believed: cities, states, countries, macro regions. Ambiguous stays ambiguous.

A printed place is read from its largest part: "Austin, TX", "Bengaluru, Karnataka, IND", "CH - Zurich",
"Houston Texas United States", "Berlin, Munich, Germany", "US, Canada or Mexico".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from flows.clean.gazetteer import City, Subdivision, fold, gazetteer
from storage.models import Place

Kind = Literal["city", "region", "country", "macro", "unknown"]
LARGER = 2.5
"""A city without its country is believed where it has so many times the people of its next namesake."""
LONGEST_FIELD = 4_000
MOST_PLACES = 400


class Named(NamedTuple):
    """One place that a text names."""

    kind: Kind
    said: str
    city: str | None = None
    region: str | None = None
    country: str | None = None
    codes: tuple[str, ...] = ()
    """Of a country or a macro region: its ISO 3166 codes or region codes; of a state, its country."""
    doubt: str | None = None
    geonames_id: int | None = None

    def place(self) -> Place | None:
        """The place of work this is, if it is one: macro regions are none."""
        if self.kind == "macro" or (self.city is None and self.region is None and self.country is None):
            return None
        return {"city": self.city, "region": self.region, "country": self.country}


_WAY = re.compile(
    r"\b(?:(?:100\s?%|fully|full|completely|permanently|primarily|mostly|partially|us-?based|open to)[\s-])?"
    r"(?:remote(?:ly)?(?:[\s-](?:first|only|friendly|ok|possible|work|jobs?|positions?|roles?|based|eligible|available|"
    r"optional))?|"
    r"hybrid(?:[\s-](?:work|role|position|remote|schedule))?|on[\s-]?site|in[\s-]office|office[\s-]based|"
    r"home[\s-]?(?:office|based)|"
    r"work (?:from|at) home|work from anywhere|wfh|telecommute|virtual(?: location)?|distributed|flexible|in[\s-]person|"
    r"teletravail|"
    r"teletrabajo|remoto|(?:à )?distance|fernarbeit|zdalnie|telework)\b",
    re.IGNORECASE,
)
# "Remote in Canada", "Anywhere in the U.S.": what stands before a place
_WITHIN = re.compile(
    r"(?:^|(?<=[,;|\n]))\s{0,3}(?:any(?:where|\s(?:location|place))\s)?(?:in|within|from|across|throughout)\s(?:all\s(?:of\s)?)?(?:the\s)?(?=\w)",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:locations?|offices?|hq|headquarters?|head office|metro(?:politan)?(?: area)?|greater|area|region(?!al)|"
    r"based|"
    r"select(?:ed)?|"
    r"(?:and|&|\+) more|(?:and|&) (?:others?|surroundings?)|multiple|various|several|city of|province of|state of|"
    r"county|"
    r"near(?:by)?|close to|outskirts of|nationwide|country ?wide|only|must be|located|residents?|citizens?|or nearby|preferred|ideally|campus|"
    r"candidates?)\b|\d{4,6}\b",
    re.IGNORECASE,
)
# parts of an address: "171 2nd", "4th floor", "Suite 300", "10115"
_ADDRESS = re.compile(
    r"(?:[-–,]\s?)?\b(?:\d{1,5}(?:st|nd|rd|th)? (?:floor|street|st|ave(?:nue)?|road|rd|blvd|way)\b\.?|(?:suite|floor|"
    r"unit|building|level) \w{1,6}\b|"
    r"\d{1,5} \d{1,3}(?:st|nd|rd|th)\b|\d{1,5} [A-Z][a-z]{2,20} (?:street|st|ave|avenue|road|rd|blvd|lane|drive|way|"
    r"straße|strasse)\b\.?)",
    re.IGNORECASE,
)
_TO_NOTHING = re.compile(r"[()\[\]{}\"*]+")
# "USA.VA.Reston", "DEU Wiesbaden": from the country down
_CODED = re.compile(r"^([A-Z]{3})[ ._](?:([A-Z]{2})[ ._])?(?=[A-Z][a-z])([^|;,\n]{3,80}?)(?:\s[-–—]\s[^|;,\n]{1,80})?$")
# "Springfield, MO 65802": a postcode says that the letters are a state of the US
_POSTCODE = re.compile(r"([^\W\d][^,;|/\n]{1,40}),\s?([A-Z]{2})\s\d{5}(?:-\d{4})?\b(?!\s?,?\s?[A-Z])")
# "Plymouth, Grafton County": a county that stands behind its town and before no country
_COUNTY = re.compile(r"^([^\W\d][^,;|/\n]{1,40}),\s?([A-Z][\w.' -]{1,30}) County$")
_STATE_THEN_STOP = re.compile(r"(?<=, [A-Z]{2})\.\s(?=[A-Z])")
# "US-Remote-TX", and a list of such: "US-Denver, US-Boston"
_REMOTE_CODE = re.compile(r"\b([A-Z]{2})-Remote-(?=[A-Z]{2}\b)")
_ALL_CODED = re.compile(r"^(?:[A-Z]{2}-[^,;|\n]{2,40},\s?){1,40}[A-Z]{2}-[^,;|\n]{2,40}$")
_COUNTY_OF_STATE = re.compile(r"(?<=[a-z]), [A-Z][\w.' -]{1,30} County(?=,\s?([A-Z][\w. ]{1,30})(?:$|,))")
# pictures beside a place, and flags: two letters of a country's code
_PICTURES = re.compile(r"[\u2600-\u27bf\u2b50\ufe0f\U0001f000-\U0001f1e5\U0001f200-\U0001faff]+")
_FLAGS = re.compile(r"[\U0001f1e6-\U0001f1ff]{2}")
# "IND.Pune, India": a code before a place that names its country anyhow
_PREFIXED = re.compile(r"^([A-Z]{3})\.(?=[A-Z][a-z])([^,;|\n]{2,60},)")
# a town whose name has brackets, such as Frankfurt (Oder)
_BRACKETED = re.compile(r"([^\W\d_][^\W\d_]{1,30}) \(([^\W\d_]{2,20})\)")
_BOTH_AMERICAS = re.compile(
    r"\b(?:north\s?(?:and|or|&|/|,)\s?(?:south|latin)|(?:south|latin)\s?(?:and|or|&|/|,)\s?north)\s+americas?\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"[;|\n•·●]|\sl\s{1,3}(?=[A-Z,])|\s/\s|(?<=[a-z)])/(?=[A-Z])|\s(?:or|oder|ou|o|and/or)\s|\s\+\s", re.IGNORECASE
)
_AND = re.compile(r"\s(?:and|und|et|y|e|&)\s|\s?&\s?|/", re.IGNORECASE)
_DASH = re.compile(r"\s[-–—:>]\s|(?<=\S)\s?[–—:>]\s?(?=\S)")
_PREFIX = re.compile(r"([A-Za-z][A-Za-z .]{1,30})-(?=[A-Z])")
_WORDS_OF_NO_PLACE = re.compile(
    r"\d|\b(?:select(?:ed)?|locations?|building|floor|street|st\.|road|suite|any|all|no|team|time|zone|timezone|world|other|tbd|n/a|"
    r"department|engineering|"
    r"hours|work|job|role|position|contract|full|part|home|company|store|site|plant|the|for|with|your|our|from|"
    r"within|in|at|"
    r"eligible|required|travel|usd|eur|visa|per|week|days?|salary|year|permanent|startup|equity|or|to)\b",
    re.IGNORECASE,
)


def _fits(city: City, country: str, sub: Subdivision | None) -> bool:
    if city.country != country:
        return False
    return (
        sub is None or country not in {"US", "CA", "AU", "CH", "GB"} or city.region in {sub.code, ""} or country == "GB"
    )


def _city_in(said: str, country: str, sub: Subdivision | None = None) -> City | None:
    """The most populous city of that name within a country, and within its subdivision where codes allow."""
    names = gazetteer()
    alias = names.aliases.get(fold(said))
    if alias is not None and alias.city is not None and alias.country == country:
        said = alias.city
    tried = names.cities.get(fold(said), ()) or names.cities.get(fold(said) + " city", ())
    return next((city for city in tried if _fits(city, country, sub)), None)


AS_KNOWN_AS_A_STATE = 500_000
"""Inhabitants of a city that is meant by a name that is a state's too: New York, Washington."""
# codes of countries that mean something else wherever work is described
_NO_CODES = frozenset({"AI", "ML", "QA", "PM", "BI", "TV", "VC", "EST", "AND", "PER"})


# words that are also the only province of that name somewhere: alone they mean no province ("North" is Cameroon's)
_COMMON_WORDS = frozenset(
    {
        "north",
        "south",
        "east",
        "west",
        "coast",
        "city",
        "region",
        "store",
        "pool",
        "meta",
        "grad",
        "mono",
        "unity",
        "lakes",
    }
)


def _country(said: str, *, bare: bool) -> str | None:
    """The country that a token names; codes only as printed in capitals, or with points."""
    names = gazetteer()
    token = said.strip(" .")
    if token.isupper() and len(token) in {2, 3} and token in names.codes and token not in _NO_CODES:
        return names.codes[token]
    folded = fold(token)
    alias = names.aliases.get(folded)
    if alias is not None and alias.strict and not (token.isupper() or bare):
        return None
    found = names.countries.get(folded)
    if found is None and folded.startswith("the "):
        found = names.countries.get(folded[4:])
    return found


def _subdivisions(said: str) -> tuple[Subdivision, ...]:
    names = gazetteer()
    token = said.strip(" .")
    if len(token) == 3 and token[1] == ".":  # D.C.
        token = token.replace(".", "")
    if 1 < len(token) <= 3 and token.isupper():
        return names.subdivision_codes.get(token, ())
    folded = fold(token)
    for suffix in ("", " state", " province"):
        if suffix and folded.endswith(suffix):
            folded = folded.removesuffix(suffix)
    return names.subdivisions.get(folded, ())


def _macro(said: str) -> tuple[str, ...]:
    return gazetteer().regions.get(fold(said), ())


def _of_country(said: str, country: str) -> Named:
    return Named("country", said, country=country, codes=(country,))


def _of_city(said: str, city: City, region: str | None = None) -> Named:
    shown = region or (city.region if city.country in {"US", "CA", "AU"} else None)
    return Named("city", said, city.name, shown or None, city.country, geonames_id=city.geonames_id)


def _of_sub(said: str, sub: Subdivision) -> Named:
    region = sub.code if sub.country in {"US", "CA", "AU"} else sub.name
    return Named("region", said, None, region, sub.country, (sub.country,))


def _region_shown(sub: Subdivision | None) -> str | None:
    if sub is None:
        return None
    return sub.code if sub.country in {"US", "CA", "AU"} else sub.name


def _of_alias(said: str) -> Named | None:
    alias = gazetteer().aliases.get(fold(said))
    if alias is None or (alias.city is None and alias.region is None):
        return None
    if alias.strict and not (said.isupper() and len(said) <= 5):
        return None
    if alias.city is None:
        return Named("region", said, None, alias.region, alias.country, (alias.country,))
    city = _city_in(alias.city, alias.country)
    country_too = (alias.country,) if fold(said) in {"singapore", "hong kong", "hk", "sg"} else ()
    return Named(
        "city", said, alias.city, alias.region, alias.country, country_too,
        geonames_id=city.geonames_id if city else None,
    )  # fmt: skip


def _lone_city(said: str, prefer: frozenset[str]) -> Named | None:
    """A city that stands without its country."""
    names = gazetteer()
    found = names.cities.get(fold(said), ()) or names.cities.get(fold(said).removesuffix(" city"), ())
    if not found:
        return None
    if prefer:
        nearer = next((city for city in found if city.country in prefer), None)
        if nearer is not None:
            return _of_city(said, nearer)
    ranked = sorted(found, key=lambda city: -city.people)
    own_name = [city for city in ranked if fold(city.name) == fold(said)]
    ranked = own_name or ranked
    first = ranked[0]
    rivals = [city for city in ranked[1:] if city.people * LARGER > first.people]
    if not rivals:
        return _of_city(said, first)
    if all(city.country == first.country for city in rivals):
        return Named(
            "city", said, first.name, None, first.country, doubt=f"location: several towns are called {said!r}"
        )
    where = ", ".join(dict.fromkeys([first.country, *(city.country for city in rivals)]))
    return Named("city", said, first.name, doubt=f"location: {said!r} may lie in {where}")


def _alone(said: str, prefer: frozenset[str], listed: frozenset[str]) -> Named | None:
    """A token that nothing beside it explains."""
    if found := _of_alias(said):
        return found
    if macro := _macro(said):
        return Named("macro", said, codes=macro)
    country = _country(said, bare=True)
    american = next((sub for sub in _subdivisions(said) if sub.country == "US"), None)
    if country is not None and american is not None:
        return _state_or_country(said, country, american, prefer, listed)
    if country is not None:
        return _of_country(said, country)
    if american is not None and not (prefer and "US" not in prefer and _lone_city(said, prefer)):
        city = _city_in(said, "US")
        if city is not None and city.people > AS_KNOWN_AS_A_STATE:
            return _of_city(said, city) if city.region == american.code else Named(
                "country", said, country="US", codes=("US",), doubt=f"location: {said!r} is a city and a state"
            )  # fmt: skip
        return _of_sub(said, american)
    province = next((sub for sub in _subdivisions(said) if sub.country == "CA" and len(said) > 3), None)
    if province is not None and "US" not in prefer and _city_in(said, "CA") is None:
        return _of_sub(said, province)
    if found := _lone_city(said, prefer):
        return found
    subs = [sub for sub in _subdivisions(said) if len(said) > 3 and said.lower() not in _COMMON_WORDS]
    if len({sub.country for sub in subs}) == 1:
        return _of_sub(said, subs[0])
    return None


def _state_or_country(
    said: str, country: str, state: Subdivision, prefer: frozenset[str], listed: frozenset[str]
) -> Named:
    """ "CA", "GA", "Georgia" ...: a country's and a state's name; the neighbours decide, or nobody does."""
    if prefer and (country in prefer or "US" not in prefer):
        return _of_country(said, country)
    if "US" in prefer or "state" in listed:
        return _of_sub(said, state)
    if "country" in listed:
        return _of_country(said, country)
    return Named("unknown", said, doubt=f"location: {said!r} is a state of the US and a country")


def _sequence(tokens: list[str], prefer: frozenset[str], listed: frozenset[str]) -> list[Named]:
    """Tokens between commas, read from the right: a country or state takes the places that stand before it."""
    found: list[Named] = []
    at = len(tokens) - 1
    while at >= 0:
        named, used = _group(tokens[: at + 1], prefer, listed)
        found[:0] = named
        at -= used
    return found


def _readings(token: str) -> Iterator[tuple[str, Subdivision | None]]:
    """The countries, or subdivisions of countries, that a token may name."""
    country = _country(token, bare=False)
    if country is not None:
        yield country, None
    subs = _subdivisions(token)
    for sub in sorted(subs, key=lambda sub: sub.country not in {"US", "CA"}):
        yield sub.country, sub


def _group(tokens: list[str], prefer: frozenset[str], listed: frozenset[str]) -> tuple[list[Named], int]:
    """The places at the end of ``tokens`` that belong together, and how many tokens they took."""
    last = tokens[-1]
    left = tokens[-2] if len(tokens) > 1 else None
    if left is not None:
        for country, sub in _readings(last):
            if sub is None and len(tokens) > 2:
                inner = next((s for s in _subdivisions(left) if s.country == country), None)
                named = _region_shown(inner) if inner is not None else _region_called(left, country)
                city = _city_in(tokens[-3], country, inner)
                unread = city is not None and city.people >= LARGE and _may_be_town(left) and not _is_known(left)
                if city is not None and (named or (unread and not _city_in(left, country))):
                    return [_of_city(tokens[-3], city, named)], 3
            city = _city_in(left, country, sub)
            if city is not None and sub is None and _is_rather_a_state(left, city):
                city = None
            if city is not None and sub is not None and _is_another_city(city, last):
                continue
            if sub is not None and country == "US" and left.endswith(" County"):
                seat = _city_in(tokens[-3], country, sub) if len(tokens) > 2 else None
                return ([_of_city(tokens[-3], seat, sub.code)], 3) if seat else ([_of_sub(left, sub)], 2)
            if city is not None and not (_country(left, bare=False) and fold(left) != fold(last)):
                return _siblings(tokens[:-1], country, sub)
            inner = next((s for s in _subdivisions(left) if s.country == country), None) if sub is None else None
            if inner is not None and not (len(left) == 2 and len(last) == 2 and country not in {"US", "CA"}):
                if len(tokens) > 2 and _may_be_town(tokens[-3]) and not any(True for _ in _readings(tokens[-3])):
                    town = tokens[-3].strip()
                    return [Named("city", town, town, _region_shown(inner), country)], 3
                return [_of_sub(left, inner)], 2
        # a small town before its state, or before its country's full name
        for country, sub in _readings(last):
            known = sub.country in {"US", "CA"} if sub else len(last) > 3
            if region := None if sub else _region_called(left, country):
                return [Named("region", left, None, region, country, (country,))], 2
            small = not _is_known(left) or (
                sub and (_is_small(left) or (len(tokens) == 2 and _is_namesake(left, last)))
            )
            if known and _may_be_town(left) and small:
                return [Named("city", left, left.strip(), _region_shown(sub), country)], 2
    found = _alone(last, prefer, listed)
    return ([found] if found else [Named("unknown", last)]), 1


def _region_called(said: str, country: str) -> str | None:
    """The region of a country that a token names by its English name or by the word for such a region."""
    alias = gazetteer().aliases.get(fold(said))
    if alias is not None and alias.region and alias.city is None and alias.country == country:
        return alias.region
    return said.strip() if _REGION_WORD.search(said) and country not in {"US", "CA"} else None


_REGION_WORD = re.compile(
    r"^co\.? (?=[A-Z])|\b(?:voivodeship|province|prefecture|oblast|governorate|region|state|canton|county|district|department)$"
    r"|^(?:state|province|community|region|canton|county|department|free state) of\b|^county ",
    re.IGNORECASE,
)
SMALL = 100_000
"""A town of fewer people that stands before a state of the US is rather an even smaller one of that state."""


LARGE = 250_000
"""Inhabitants of a city that is not taken for a quarter of another."""
_NOT_ONLY_STATES = frozenset({"NY", "DC", "LA"})
"""Codes of states that also stand for a city."""


def _is_another_city(city: City, last: str) -> bool:
    """Whether the region that a token names is rather a city beside the one before it: "Cardiff, London"."""
    if city.country in {"US", "CA"}:
        return False
    other = next((one for one in gazetteer().cities.get(fold(last), ()) if one.country == city.country), None)
    if other is None or min(city.people, other.people) < LARGE or other.geonames_id == city.geonames_id:
        return False
    return city.country == "GB" or city.region != other.region


def _is_rather_a_state(said: str, city: City) -> bool:
    """Whether a name before the country is a state's rather than a town's: "Oregon, USA" lies not in Ohio."""
    state = next((sub for sub in _subdivisions(said) if sub.country == "US"), None)
    if state is None or city.country != "US" or len(said.strip()) <= 3:
        return False
    return city.people <= AS_KNOWN_AS_A_STATE or (city.region != state.code and fold(city.name) != fold(said))


def _is_namesake(town: str, state: str) -> bool:
    """Whether a city's name stands for a small town of a state's: "Paris, TX"."""
    if len(state) != 2 or state in _NOT_ONLY_STATES or not any(sub.country == "US" for sub in _subdivisions(state)):
        return False
    alias = _of_alias(town)
    return len(town) > 3 and not (_country(town, bare=False) or _macro(town) or (alias and alias.city is None))


def _is_small(said: str) -> bool:
    """Whether all that a token names is small towns."""
    found = gazetteer().cities.get(fold(said), ())
    other = _country(said, bare=False) or _macro(said) or _of_alias(said) or _subdivisions(said)
    return not other and all(city.people < SMALL for city in found)


def _siblings(tokens: list[str], country: str, sub: Subdivision | None) -> tuple[list[Named], int]:
    """The cities that stand in a row before their country: "Berlin, Munich, Germany"."""
    found: list[Named] = []
    for token in reversed(tokens):
        city = _city_in(token, country, sub)
        if city is None or (
            found and (sub is not None or _country(token, bare=False) or _subdivision_of(token, country))
        ):
            break
        found.insert(0, _of_city(token, city, _region_shown(sub)))
    return found, len(found) + 1


def _subdivision_of(token: str, country: str) -> bool:
    return len(token) <= 3 and any(sub.country == country for sub in _subdivisions(token))


def _may_be_town(said: str) -> bool:
    said = said.strip()
    if _WORDS_OF_NO_PLACE.search(said) or _FILLER.search(said) or _DIRECTION.fullmatch(said):
        return False
    return 2 < len(said) <= 40 and said[:1].isupper()


_DIRECTION = re.compile(r"(?:north|south|mid)?\s?-?(?:east|west|north|south|central)(?:ern)?", re.IGNORECASE)


def _is_known(said: str) -> bool:
    return bool(_country(said, bare=False) or _macro(said) or _of_alias(said) or gazetteer().cities.get(fold(said)))


def _words(said: str) -> list[Named]:
    """Places written without commas: "Houston Texas United States", "Bremen Germany", "Remote Spain"."""
    words = said.split()
    if not 2 <= len(words) <= 7:
        return []
    for size in range(min(4, len(words) - 1), 0, -1):
        tail = " ".join(words[-size:])
        head = " ".join(words[:-size])
        for country, sub in _readings(tail):
            if sub is not None and not (len(tail) == 2 or sub.country == "US"):
                continue
            if city := _city_in(head, country, sub):
                return [_of_city(head, city, _region_shown(sub))]
            parts = head.split()
            for cut in range(1, len(parts)):
                inner = next((s for s in _subdivisions(" ".join(parts[cut:])) if s.country == country), None)
                if inner and (city := _city_in(" ".join(parts[:cut]), country, inner)):
                    return [_of_city(head, city, _region_shown(inner))]
            if sub is None and (inner := next((s for s in _subdivisions(head) if s.country == country), None)):
                return [_of_sub(head, inner)]
    rest = " ".join(words[1:])
    if len(words[0]) in {2, 3} and words[0].isupper():
        for country, sub in _readings(words[0]):
            if city := _city_in(rest, country, sub):
                return [_of_city(rest, city, _region_shown(sub))]
    return _in_a_row(words)


def _in_a_row(words: list[str]) -> list[Named]:
    """Countries and regions with nothing between them: "US Canada"; nothing where a word is anything else."""
    found: list[Named] = []
    at = 0
    while at < len(words):
        for size in range(min(4, len(words) - at), 0, -1):
            said = " ".join(words[at : at + size])
            if macro := _macro(said):
                found.append(Named("macro", said, codes=macro))
            elif country := _country(said, bare=False):
                found.append(_of_country(said, country))
            else:
                continue
            at += size
            break
        else:
            return []
    return found


def _chunk(said: str, prefer: frozenset[str], listed: frozenset[str]) -> list[Named]:
    """One entry of a list of places."""
    said = said.strip(" ,.-–—:/&+")
    if not said:
        return []
    if "," not in said and (found := _alone(said, prefer, listed)):
        return [found]
    tokens = [token for part in said.split(",") if (token := part.strip(" .-–—:/&+"))]
    if len(tokens) > 1:
        if tokens[-1].lower().startswith(("and ", "or ", "& ")):
            tokens[-1] = tokens[-1].partition(" ")[2].strip()
        listed = listed | _kinds(tokens)
        flat = [piece for token in tokens for piece in _pieces(token)]
        return _sequence(flat, prefer, listed)
    pieces = [piece.strip() for piece in _DASH.split(said) if piece.strip(" -")]
    if len(pieces) == 1 and (prefix := _PREFIX.match(said)):
        pieces = [piece for piece in said.split("-") if piece.strip()]
        if not _is_known(prefix[1]) and not _subdivisions(prefix[1]):
            pieces = [said]
    if len(pieces) > 1:
        forward = _sequence(pieces, prefer, listed)
        backward = _sequence(pieces[::-1], prefer, listed)
        return min((forward, backward), key=_quality)
    if found_words := _words(said):
        return found_words
    parts = [part for part in _AND.split(said) if part and part.strip()]
    if len(parts) > 1:
        listed = listed | _kinds(parts)
        return [named for part in parts for named in _chunk(part, prefer, listed)]
    return [Named("unknown", said)]


def _pieces(token: str) -> list[str]:
    """A token of a comma list that is itself two: "US and Canada"."""
    if _is_known(token):
        return [token]
    parts = [part.strip() for part in _AND.split(token) if part and part.strip()]
    if len(parts) > 1 and all(map(_is_known, parts)):
        return parts
    if " - " in token and (known := [part for one in token.split(" - ") if _is_known(part := one.strip())]):
        return [part for part in known if not _country(part, bare=False)][:1] or known[:1]
    words = token.split()
    for size in range(min(4, len(words) - 1), 0, -1):
        head, tail = " ".join(words[:-size]), " ".join(words[-size:])
        country = _country(tail, bare=False)
        if country and any(sub.country == country for sub in _subdivisions(head)):
            return [head, tail]
        if len(tail) > 3 and any(_city_in(head, sub.country, sub) for sub in _subdivisions(tail)):
            return [head, tail]
    return [token]


def _quality(named: list[Named]) -> tuple[int, int]:
    """Fewer unknown parts and fewer separate places are the better reading."""
    return sum(one.kind == "unknown" for one in named), len(named)


def _kinds(tokens: Iterable[str]) -> frozenset[str]:
    """What the unmistakable members of a list are: states of the US, or countries."""
    kinds = set()
    for token in tokens:
        states = any(sub.country == "US" for sub in _subdivisions(token))
        country = _country(token, bare=False) is not None
        if states and not country:
            kinds.add("state")
        elif country and not states:
            kinds.add("country")
    return frozenset(kinds)


def _spelled_out(found: re.Match[str]) -> str:
    """'USA VA Chantilly', 'DEU Wiesbaden' in the usual order."""
    if found[1] not in gazetteer().codes:
        return found[0]
    return ", ".join(filter(None, (found[3], found[2], found[1])))


def _without_flags(said: str) -> str:
    """Flags stand beside the country's name, or for it where nothing else is said."""
    if _FLAGS.search(said) is None:
        return said
    plain = _FLAGS.sub(" ", said)
    if any(c.isalpha() for c in _WAY.sub(" ", plain)):
        return plain
    return _FLAGS.sub(lambda flag: "".join(chr(ord(c) - 0x1F1E6 + ord("A")) for c in flag[0]) + ", ", said)


def _with_country(found: re.Match[str]) -> str:
    """', MO 65802' with its country."""
    readings = list(_readings(found[2]))
    town = fold(found[1])
    abroad = any(
        country != "US" and _city_in(found[1], country, sub) and (sub is None or town in fold(sub.name))
        for country, sub in readings
    )
    state = any(country == "US" and sub for country, sub in readings)
    return f"{found[1]}, {found[2]}, USA" if state and not abroad else found[0]


def _without_county(found: re.Match[str]) -> str:
    """A town before its county before its state needs no county."""
    return "" if any(sub.country == "US" for sub in _subdivisions(found[1])) else found[0]


def _of_one_town(found: re.Match[str]) -> str:
    """'Frankfurt (Oder)' without its brackets, where that is the name of a town or of a country."""
    plain = f"{found[1]} {found[2]}"
    return plain if fold(found[0]) in gazetteer().cities or fold(plain) in gazetteer().aliases else found[0]


# beside other regions, or of remote work, North America rather than Namibia
_NORTH_AMERICA = re.compile(r"\bNA\b")
_REMOTE = re.compile(r"\bremote\b", re.IGNORECASE)


@functools.lru_cache(maxsize=32_768)
def read(said: str, prefer: frozenset[str] = frozenset()) -> tuple[Named, ...]:
    """The places that a field names, in its order.

    Args:
        said: one printed text; ways of working in it ("Remote - US", "London (Hybrid)") are passed over.
        prefer: countries that win where a name is ambiguous.
    """
    printed = said
    said = _PICTURES.sub(" ", _without_flags(said[:LONGEST_FIELD])).strip()
    said = _STATE_THEN_STOP.sub("; ", said)
    said = _REMOTE_CODE.sub(r"\1-", said)
    if _ALL_CODED.match(said):
        said = said.replace(",", ";")
    said = _CODED.sub(_spelled_out, _PREFIXED.sub(r"\2", said))
    said = _BRACKETED.sub(_of_one_town, said.replace("_", " "))
    said = _POSTCODE.sub(_with_country, said)
    said = _COUNTY_OF_STATE.sub(_without_county, said)
    if county := _COUNTY.match(said):
        said = county[1]
        prefer = prefer or frozenset({"US"} if county[1] != county[2] else ())
    said = _BOTH_AMERICAS.sub("Americas", _TO_NOTHING.sub(" , ", said))
    said = _WAY.sub(" , ", said)
    if not any(c.isalpha() for c in said):
        return ()
    whole = said.strip(" ,.-–—:/&+")
    if (found := _alone(whole, prefer, frozenset())) and not (whole == "NA" and _REMOTE.search(printed)):
        return (found,)
    said = _WITHIN.sub(" , ", said)
    parts = [part for part in _LIST.split(said) if part and part.strip(" ,-")][:MOST_PLACES]
    listed = _kinds([token.strip() for part in parts for token in part.split(",")] if len(parts) > 1 else [])
    found_all: list[Named] = []
    for part in parts:
        if _ADDRESS.search(part):
            part = _ADDRESS.sub(" , ", part)
        named = _chunk(part, prefer, listed)
        if any(one.kind == "unknown" for one in named) and _FILLER.search(part):
            named = min((named, _chunk(_FILLER.sub(" , ", part), prefer, listed)), key=_quality)
        found_all.extend(named)
    if _NORTH_AMERICA.search(whole) and (any(one.kind == "macro" for one in found_all) or _REMOTE.search(printed)):
        found_all = [Named("macro", "NA", codes=("NORTH-AMERICA",)) if one.said == "NA" else one for one in found_all]
    return tuple(dict.fromkeys(one for one in found_all if one.kind != "unknown" or one.doubt))


def locations(named: Iterable[Named]) -> list[Place]:
    """The places of work among what was named, each once."""
    found: dict[tuple[str | None, ...], Place] = {}
    for one in named:
        place = one.place()
        if place is not None:
            found.setdefault((place["city"], place["region"], place["country"]), place)
    return list(found.values())


# towns whose names are words of the trade
_TRADE_WORDS = (
    "mobile reading bath nice orange split union central media delta phoenix vista lead price java gap ada independence liberty "
    "normal commerce enterprise industry surprise most of paradise aurora lincoln jackson madison franklin marketing growth "
    "platform search data core cloud go rust ruby san mission college page best bar spring salem long"
)
_NO_PLACE_IN_TITLES = frozenset(_TRADE_WORDS.split())
SMALLEST_IN_TITLES = 150_000


@functools.lru_cache(maxsize=16_384)
def is_place(said: str) -> bool:
    """Whether the words are wholly a place, so surely that they may be taken off a title."""
    if fold(said) in _NO_PLACE_IN_TITLES or not said[:1].isupper() or len(said.split()) > 8:
        return False
    if said.isupper() and len(said) < 4 and said not in {"US", "USA", "UK", "EU", "UAE", "NYC"}:
        return False
    named = _chunk(said, frozenset(), frozenset())
    if not named or any(one.kind == "unknown" or (one.doubt and not one.country) for one in named):
        return False
    return all(_large(one) for one in named)


def _large(one: Named) -> bool:
    if one.kind != "city" or "," in one.said or one.region:
        return one.kind != "city" or one.geonames_id is not None
    found = gazetteer().cities.get(fold(one.said), ())
    return any(city.people >= SMALLEST_IN_TITLES for city in found) and fold(one.said) not in _NO_PLACE_IN_TITLES
