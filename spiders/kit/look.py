"""What shape an unknown answer has, where its ads stand and which key is which field, as far as names tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bs4 import BeautifulSoup, Tag

from spiders.bases.feed import Feed, mended, records_in, strict
from spiders.bases.fields import says_something
from spiders.bases.reading import Unreadable
from spiders.bases.schema_org import in_page
from spiders.bases.strict_json import loads

Shape = Literal["json", "feed", "schema", "html"]

# What boards call things, most telling name first; compared without case, underscores and dashes.
NAMES: dict[str, tuple[str, ...]] = {
    "external_id": ("id", "uuid", "guid", "jobid", "postingid", "slug", "shortcode", "reference", "uid"),
    "url": (
        "url",
        "joburl",
        "absoluteurl",
        "hostedurl",
        "link",
        "permalink",
        "applicationlink",
        "canonicalurl",
        "href",
    ),
    "apply_url": ("applyurl", "applicationurl", "applylink", "redirecturl"),
    "title": ("title", "jobtitle", "position", "positiontitle", "headline", "name", "text"),
    "company": (
        "companyname",
        "company",
        "employer",
        "employername",
        "organization",
        "organizationname",
        "hiringorganization",
    ),
    "location": (
        "location",
        "locations",
        "joblocation",
        "jobgeo",
        "candidaterequiredlocation",
        "locationname",
        "city",
        "region",
    ),
    "remote": ("remote", "isremote", "workplacetype", "remotestatus", "telecommuting", "worktype"),
    "description": (
        "description",
        "jobdescription",
        "descriptionhtml",
        "htmldescription",
        "bodyhtml",
        "content",
        "body",
        "contents",
        "text",
        "summary",
    ),
    "posted": (
        "postedat",
        "publishedat",
        "posted",
        "published",
        "dateposted",
        "pubdate",
        "publicationdate",
        "createdat",
        "date",
        "created",
    ),
    "valid_through": (
        "validthrough",
        "expiresat",
        "expirydate",
        "deadline",
        "closedate",
        "expires",
        "applicationdeadline",
    ),
    "salary": ("salary", "salarytext", "compensation", "pay", "salaryrange"),
    "salary_min": (
        "salarymin",
        "minsalary",
        "minimumsalary",
        "annualsalarymin",
        "compensationminimum",
        "salaryrangemin",
        "min",
    ),
    "salary_max": (
        "salarymax",
        "maxsalary",
        "maximumsalary",
        "annualsalarymax",
        "compensationmaximum",
        "salaryrangemax",
        "max",
    ),
    "salary_currency": ("salarycurrency", "currency", "currencycode", "salaryrangecurrency"),
    "salary_period": ("salaryperiod", "period", "interval", "salaryrangeinterval"),
    "employment_type": ("employmenttype", "jobtype", "jobtypes", "contracttype", "type", "commitment", "schedule"),
    "seniority": ("seniority", "level", "joblevel", "experiencelevel", "experience"),
    "department": ("department", "category", "departments", "team", "categories"),
    "tags": ("tags", "skills", "keywords", "stack", "technologies"),
    "language": ("language", "locale"),
}
TELLING = frozenset({"name", "value", "label", "title", "text", "url", "html", "rendered", "city", "displayname"})
"""Keys below a key of the record that are looked at by :data:`NAMES`: the rest of nested objects is left to what follows."""

_ADDRESS = re.compile(r"https?://[^\s<>]{4,500}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{4}|1[0-9]{9}(?:[0-9]{3})?$|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ")
LONG = 120
"""Characters from which a text may be the ad's, on average."""
_PAY = "(?:salary|compensation|pay|remuneration|wage)[a-z]*"
_NAMED = "(?:name|label|title)?"
# Where no name is one of those: words at the end of a path's names, and what its values must look like.
_ENDS: dict[str, tuple[str, str]] = {
    "description": ("", "text"),
    "url": ("(?<!logo)(?<!image)(?<!company)(?<!apply)(?:url|uri|link|href|page|public)", "address"),
    "title": ("(?:title|titel|headline|positionname|openingname|vacancyname|jobname)", "line"),
    "company": (
        "(?:company|employer|organi[sz]ation|firma?|arbeitgeber)(?:(?:display|legal)?name|title|label)?",
        "line",
    ),
    "location": (
        "(?:location|place|city|area|municipality|office|region)s?(?:(?:display)?names?|label|text|raw)?",
        "line",
    ),
    "posted": ("(?:(?:publi|post|creat|open|online|release|list|veroeffentl)[a-z]*|(?<!up)date)", "day"),
    "valid_through": ("(?:expir|valid|deadline|clos|end)[a-z]*", "day"),
    "updated": ("(?:updat|modif|chang)[a-z]*", "day"),
    "salary_min": (f"{_PAY}(?:min(?:imum)?(?:value)?|from|low)", "number"),
    "salary_max": (f"{_PAY}(?:max(?:imum)?(?:value)?|to|high)", "number"),
    "salary_currency": (f"{_PAY}(?:currency(?:code)?|ccy)", "line"),
    "salary_period": (f"{_PAY}(?:period|interval|unit|per)", "line"),
    "employment_type": (f"(?:employment|contract|commitment|worktime|jobkind)(?:types?)?{_NAMED}", "line"),
    "seniority": (f"(?:seniority|level|experience)s?{_NAMED}", "line"),
    "department": (f"(?:department|category|team|function|discipline)s?{_NAMED}", "line"),
    "tags": ("(?:tag|skill|keyword|label|technolog|topic)(?:s|ies)?(?:name|label|value|title)?", "line"),
    "external_id": ("(?:id|nr|number|code|reference|refnr)", "key"),
}
LOOSE = {name: (re.compile(f"{ends}$"), kind) for name, (ends, kind) in _ENDS.items()}

MARKED: dict[str, frozenset[str]] = {
    "company": frozenset({"company", "employer", "organization", "organisation", "org"}),
    "location": frozenset({"location", "locations", "place", "city", "region", "loc"}),
    "employment_type": frozenset({"type", "contract", "employment"}),
    "salary": frozenset({"salary", "pay", "compensation"}),
}
"""Words in the classes of a row's elements that tell what stands in them."""


@dataclass(slots=True)
class Look:
    """What was found: the shape, where the records stand, one declaration a field, a key nobody claims."""

    shape: Shape
    records: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    unclaimed: list[str] = field(default_factory=list)
    found: int = 0
    item: str = ""


def look(body: bytes) -> Look:
    """The shape of an answer. Raises Unreadable where nothing in it looks like a list of ads."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return _json(loads(body))
    if (root := strict(body)) is not None or (root := strict(mended(body))) is not None:
        names = Counter(one.tag.rpartition("}")[2] for one in root.iter() if isinstance(one.tag, str))
        item = next((n for n in ("item", "entry", "job", "position", "vacancy", "listing") if names[n]), "")
        if item and "html" not in names:
            return _feed(records_in(root, (item,)), item)
    if ads := in_page(body):
        return Look("schema", found=len(ads))
    return _html(BeautifulSoup(body, "lxml"))


def _json(root: Any) -> Look:
    path, records = max(_lists(root, ""), key=lambda one: (_titled(one[1]), len(one[1])), default=("", []))
    if not records:
        raise Unreadable("no_records", "no list of objects in it")
    return _claimed(Look("json", path, found=len(records)), records, frozenset())


def _feed(records: list[dict[str, Any]], item: str) -> Look:
    plain = item in ("item", "entry")
    return _claimed(Look("feed", item="" if plain else item, found=len(records)), records, Feed.handled())


def _claimed(look: Look, records: list[dict[str, Any]], handled: frozenset[str]) -> Look:
    """With one path a field, the names' most telling, and the keys that no field claims."""
    known: dict[str, Any] = {}
    for record in records[:20]:
        known.update({k: v for k, v in _paths(record, "") if not says_something(known.get(k))})
    known = {path: value for path, value in known.items() if _key(path) not in handled}
    within = _wrapper(known)
    for name, words in NAMES.items():
        if found := _claim(words, known, set(look.fields.values()), within):
            look.fields[name] = found
    said = _said(records[:20], known)
    for name, (ends, kind) in LOOSE.items():
        if name not in look.fields and (found := _guess(ends, kind, said, set(look.fields.values()))):
            look.fields[name] = found
    if "url" not in look.fields and "apply_url" in look.fields:
        look.fields["url"] = look.fields.pop("apply_url")  # an ad has to have an address
    claimed = {_key(path) for path in look.fields.values()} | handled
    look.unclaimed = sorted({key for record in records[:20] for key in record} - claimed)
    return look


def _key(path: str) -> str:
    return path.partition(".")[0].removesuffix("[]")


def _lists(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if isinstance(value, list) and value and isinstance(value[-1], dict):
        yield path, [one for one in value if isinstance(one, dict)]
    elif isinstance(value, dict) and depth < 4:
        for key, inside in value.items():
            if "." not in key:
                yield from _lists(inside, f"{path}.{key}" if path else key, depth + 1)


def _titled(records: list[dict[str, Any]]) -> bool:
    return any(_bare(key) in NAMES["title"] for key in records[-1])


def _paths(record: dict[str, Any], prefix: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if "." in key or "{" in key:
            continue
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            if depth < 2:
                yield from _paths(value, f"{path}.", depth + 1)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            if depth < 2:
                yield from _paths(value[0], f"{path}[].", depth + 1)
        else:
            yield path, value


def _wrapper(known: dict[str, Any]) -> str:
    """The one key of the record below which most of it stands, as JSON:API's ``attributes``; empty where none is."""
    below = Counter(path.partition(".")[0] for path in known if "." in path)
    return next((f"{key}." for key, n in below.items() if n > len(known) / 2 and not key.endswith("[]")), "")


def _said(records: list[dict[str, Any]], known: dict[str, Any]) -> dict[str, list[Any]]:
    """What each path says in the records, where it says something."""
    said: dict[str, list[Any]] = {path: [] for path in known}
    for record in records:
        for path, value in _paths(record, ""):
            if path in said and says_something(value):
                said[path].append(value)
    return {path: values for path, values in said.items() if values}


def _guess(ends: re.Pattern[str], kind: str, said: dict[str, list[Any]], taken: set[str]) -> str:
    """The path whose names end so and whose values look so: the shortest one, of texts the longest text's."""
    fits = [path for path in said if path not in taken and ends.search(_bare(path)) and _KINDS[kind](said[path])]
    if kind == "text":
        return max(fits, key=lambda path: sum(map(len, said[path])), default="")
    return min(fits, key=lambda path: (path.count("."), len(path)), default="")


def _is_text(values: list[Any]) -> bool:
    return all(isinstance(one, str) for one in values) and sum(map(len, values)) >= LONG * len(values)


def _is_line(values: list[Any]) -> bool:
    words = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return all(isinstance(one, str) and 0 < len(one) <= LONG and not _ADDRESS.match(one) for one in words)


def _is_key(values: list[Any]) -> bool:
    """One of its own for each record."""
    return all(isinstance(one, (str, int)) for one in values) and len({*map(str, values)}) == len(values) > 1


_KINDS: dict[str, Callable[[list[Any]], bool]] = {
    "text": _is_text,
    "line": _is_line,
    "key": _is_key,
    "address": lambda values: _is_key(values) and all(_ADDRESS.match(str(one)) for one in values),
    "day": lambda values: all(_DAY.match(str(one)) for one in values),
    "number": lambda values: all(
        isinstance(one, (int, float)) or str(one).replace(".", "").isdigit() for one in values
    ),
}


def _claim(words: tuple[str, ...], known: dict[str, Any], taken: set[str], within: str = "") -> str:
    """The path whose own name, or whose parent's name before a telling one, is the most telling word."""
    for word in words:
        for path, value in known.items():
            *above, last = path.removeprefix(within).replace("[]", "").split(".")
            whole = _bare("".join((*above, last)))
            mine = _bare(last) == word and not above
            below = bool(above) and _bare(above[-1]) == word and _bare(last) in TELLING
            if (mine or below or whole == word) and path not in taken and says_something(value):
                return path
    return ""


def _bare(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


def _html(soup: BeautifulSoup) -> Look:
    """Rows: the siblings of one name that hold links; many, and with more to say than a menu."""
    best, score = "", 0.0
    for above in soup.find_all(True):
        for name in {child.name for child in above.find_all(True, recursive=False)}:
            rows = [row for row in above.find_all(name, recursive=False) if row.find("a", href=True)]
            said = sum(len(row.get_text(" ", strip=True)) for row in rows) / max(1, len(rows))
            if len(rows) > 1 and len(rows) * said**0.5 > score:
                best, score, found = _selector(above, rows), len(rows) * said**0.5, len(rows)
    if not best:
        raise Unreadable("no_records", "no feed, no JSON, no JobPosting, and no repeated element with a link")
    return Look("html", records=best, fields=_marked(soup.select(best)), found=found)


def _marked(rows: list[Tag]) -> dict[str, str]:
    """Selectors of what the classes of most rows name, and of their ``<time datetime>``."""
    said = Counter(
        name for row in rows for name in {n for t in row.find_all(True) if t.get_text(strip=True) for n in _classes(t)}
    )
    often = sorted((name for name, n in said.items() if n > len(rows) / 2), key=len)
    found = {}
    for field_name, words in MARKED.items():
        if own := next((name for name in often if words & set(re.split("[-_]", name.lower()))), ""):
            found[field_name] = f".{own}"
    if sum(row.select_one("time[datetime]") is not None for row in rows) > len(rows) / 2:
        found["posted"] = "time[datetime]"
    return found


def _selector(above: Tag, rows: list[Tag]) -> str:
    shared = set.intersection(*({*_classes(row)} for row in rows))
    own = next((c for c in _classes(rows[0]) if c in shared), "")
    if own:
        return f"{rows[0].name}.{own}"
    mine = _classes(above)
    return f"{above.name}{'.' + mine[0] if mine else ''} > {rows[0].name}"


def _classes(tag: Tag) -> list[str]:
    return [str(c) for c in tag.get_attribute_list("class") if re.fullmatch(r"[A-Za-z][\w-]{1,60}", str(c or ""))]
