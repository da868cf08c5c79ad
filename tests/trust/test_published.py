"""What is published, read by programs that are not ours: JSON-LD by extruct, markup by lxml and html5lib (X-09, C-01)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from extruct.jsonld import JsonLdExtractor
from jsonschema import Draft202012Validator, FormatChecker
from lxml import html
from sqlalchemy import Engine

from flows.clean import clean
from spiders.items import RawPosting
from storage.engine import open_database
from storage.export import export
from storage.models import Posting
from tests.storage.ads import DAY, NOON, ad, save

BREAKS_OUT = 'Dev </script><script>alert(1)</script> <!-- <script> --> ]]> "quoted" \\ \u2028 & İ 日本 😀'
PLACE = {
    "type": "object",
    "required": ["@type", "address"],
    "properties": {"address": {"required": ["@type", "addressCountry"]}},
}
JOB_POSTING = {
    "type": "object",
    "required": ["@type", "title", "description", "datePosted", "hiringOrganization"],
    # a job that is remote only needs no place, but must say who may apply from where; any other one needs a place
    "anyOf": [{"required": ["jobLocation"]}, {"required": ["jobLocationType"]}],
    "properties": {
        "@type": {"const": "JobPosting"},
        "title": {"type": "string", "minLength": 1},
        "description": {"type": "string", "minLength": 1},
        "datePosted": {"type": "string", "format": "date"},
        "validThrough": {"type": "string", "format": "date-time"},
        "hiringOrganization": {"type": "object", "required": ["@type", "name"]},
        "jobLocationType": {"const": "TELECOMMUTE"},
        "jobLocation": {"type": "array", "items": PLACE},
        "employmentType": {"enum": ["FULL_TIME", "PART_TIME", "CONTRACTOR", "INTERN", "TEMPORARY"]},
        "baseSalary": {
            "required": ["@type", "currency", "value"],
            "properties": {
                "currency": {"pattern": "^[A-Z]{3}$"},
                "value": {
                    "required": ["@type", "unitText"],
                    "properties": {"unitText": {"enum": ["HOUR", "DAY", "WEEK", "MONTH", "YEAR"]}},
                },
            },
        },
    },
}
"""What Google asks of a JobPosting: https://developers.google.com/search/docs/appearance/structured-data/job-posting"""


@pytest.fixture
def engine(sqlite: str) -> Iterator[Engine]:
    opened = open_database(sqlite)
    yield opened
    opened.dispose()


def published(engine: Engine, folder: Path) -> str:
    """The JSON-LD of all postings, in a page as a site would show it."""
    export(engine, "postings", "jsonld", folder / "out.jsonld")
    said = (folder / "out.jsonld").read_text(encoding="utf-8")
    return f'<!doctype html><head><script type="application/ld+json">{said}</script></head><body><p>end</p></body>'


SHAPES: dict[str, dict[str, Any]] = {
    "as usual": {},
    "without an end": {"valid_through": None},
    "remote only": {"locations": [], "remote_regions": ["US", "EU"]},
    "pay by the hour, one end": {"salary_min": None, "salary_max": 55.5, "salary_period": "hour"},
    "markup": {"description_html": "<p>We <strong>light</strong> harbours &amp; piers</p>"},
    "breaks out": {"title": BREAKS_OUT, "company": BREAKS_OUT, "skills": [BREAKS_OUT], "description_text": BREAKS_OUT, "description_html": ""},
}  # fmt: skip


def test_x09_an_independent_reader_finds_every_posting_as_it_was_said(engine: Engine, tmp_path: Path) -> None:
    ads = [ad(name, source="lever", **{"valid_through": NOON + DAY} | facts) for name, facts in SHAPES.items()]
    save(engine, *ads, ad("expired", source="lever", valid_through=NOON - DAY))
    page = published(engine, tmp_path)
    (found,) = JsonLdExtractor().extract(page)
    assert found == json.loads((tmp_path / "out.jsonld").read_bytes())
    assert found["@context"] == "https://schema.org"
    read = {one["identifier"]["value"]: one for one in found["@graph"]}
    assert read.keys() == SHAPES.keys(), "all that is open, and nothing that is past its end"
    for one in ads:
        said = read[one.external_id]
        assert (said["title"], said["hiringOrganization"]["name"], said["url"]) == (one.title, one.company, one.url)
        assert ("validThrough" in said) == (one.valid_through is not None)
    assert read["remote only"]["jobLocationType"] == "TELECOMMUTE"
    assert "jobLocation" not in read["remote only"]
    assert read["pay by the hour, one end"]["baseSalary"]["value"]["unitText"] == "HOUR"
    assert html.fromstring(read["markup"]["description"]).text_content() == "We light harbours & piers"
    assert html.fromstring(read["breaks out"]["description"]).text_content() == BREAKS_OUT


@pytest.mark.parametrize("parser", ["html.parser", "lxml", "html5lib"])
def test_x09_a_page_with_our_json_ld_holds_one_script_and_nothing_that_broke_out(
    engine: Engine, tmp_path: Path, parser: str
) -> None:
    save(engine, ad(1, source="lever", **SHAPES["breaks out"]))
    page = BeautifulSoup(published(engine, tmp_path), parser)
    (script,) = page.find_all("script")
    assert json.loads(script.string or "")["@graph"][0]["title"] == BREAKS_OUT
    assert page.body is not None
    assert page.body.get_text() == "end"


@pytest.mark.parametrize("shape", SHAPES)
def test_x09_every_posting_has_the_shape_that_search_engines_ask_for(
    engine: Engine, tmp_path: Path, shape: str
) -> None:
    save(engine, ad(1, source="lever", **SHAPES[shape]))
    published(engine, tmp_path)
    [said] = json.loads((tmp_path / "out.jsonld").read_bytes())["@graph"]
    assert [
        one.message for one in Draft202012Validator(JOB_POSTING, format_checker=FormatChecker()).iter_errors(said)
    ] == []


# --- markup that changes its meaning when it is parsed again ------------------------------------------------------------

MUTATING = (
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title="</style><img src onerror=alert(1)>"></style></h1>',
    '<svg><foreignObject><p><style><!--</style><img src=x onerror=alert(1)>--></style></p></foreignObject></svg>',
    "<table><tr><td><svg><desc><table><style><a id='</style><img src=x onerror=alert(1)>'></table>",
    '<template><p title="</template><img src=x onerror=alert(1)>"></template>',
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
    '<title><p title="</title><img src=x onerror=alert(1)>">',
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    '<noembed><p title="</noembed><svg onload=alert(1)>">',
    '<iframe><p title="</iframe><img src=x onerror=alert(1)>"></iframe>',
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
    "<p/<img src=x onerror=alert(1)>",
    "<a href='x'/onmouseover='alert(1)'>x</a>",
    "<img src=`x` onerror=alert(1)>",
    '<p title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;">x</p>',
    "&lt;p&gt;&lt;img src=x onerror=alert(1)&gt;&lt;/p&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;<p>x</p>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script\x00>alert(1)</script>",
    "<scr\u200bipt>alert(1)</scr\u200bipt><p>x</p>",
    "<ſcript>alert(1)</ſcript><p>x</p>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e<p>x</p>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<base href='javascript:/a/+alert(1)//'><a href='x'>x</a>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'><p>x</p>",
    "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'><p>x</p>",
    "<details open ontoggle=alert(1)>x</details>",
    "<isindex action=javascript:alert(1) type=image><p>x</p>",
    "<annotation-xml encoding='text/html'><svg onload=alert(1)></annotation-xml>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "<p><svg><p title='</svg><img src=x onerror=alert(1)>'>",
)  # fmt: skip
"""Payloads against sanitisers that are known by name: noscript, foreign content, raw text, comments, double escapes."""
LINKS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "\tjavascript:alert(1)", "java\nscript:alert(1)", "java\tscript:alert(1)",
    "\x01javascript:alert(1)", "\u00a0javascript:alert(1)", "\ufeffjavascript:alert(1)", "&#106;avascript:alert(1)", "&#x6A&#x61vascript:alert(1)",
    "javascript&colon;alert(1)", "javascript&#58alert(1)", "java&Tab;script:alert(1)", "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=", "blob:https://example.com/x", "file:///etc/passwd", "view-source:javascript:alert(1)", "feed:javascript:alert(1)",
    "//example.com/x", "\\\\example.com\\x", "/\\example.com", "https:alert(1)", "http:\\\\javascript:alert(1)", "mailto:a@example.com", "tel:+1", "%6Aavascript:alert(1)",
)  # fmt: skip
_RUNS = re.compile(
    r"(?i)^[\x00-\x20\u00a0\ufeff]*(?:j[\s\x00]*a[\s\x00]*v[\s\x00]*a|vb|data|blob|file|view-source|feed)"
)


def dangers(said: str) -> list[str]:
    """What three parsers find in markup that could run, load or lead astray: none of them is ours."""
    found = []
    trees = [BeautifulSoup(said, parser) for parser in ("html.parser", "lxml", "html5lib")]
    # and as it stands within a page, and as it is after it has been parsed and written once more
    trees += [BeautifulSoup(f"<body><div><table><tr><td>{said}</td></tr></table></div>", "html5lib")]
    trees += [BeautifulSoup(str(tree), "html5lib") for tree in trees]
    for tree in trees:
        for tag in tree.find_all(True):
            if tag.name not in _HARMLESS:
                found.append(tag.name)
            for name, value in tag.attrs.items():
                if name != "rel" and (tag.name, name) != ("a", "href"):
                    found.append(f"{tag.name} {name}")
                if name == "href" and not re.match(r"https?://[^/\\]", str(value)):
                    found.append(f"href {value}")
    return found


_HARMLESS = {
    "html", "head", "body", "p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "u", "h1", "h2", "h3", "h4", "h5", "h6", "a",
    "pre", "code", "blockquote", "table", "thead", "tbody", "tr", "td", "th", "hr", "dl", "dt", "dd", "sub", "sup", "div",
}  # fmt: skip


def cleaned(**said: str) -> Posting:
    raw = RawPosting(**{"source": "s", "external_id": "1", "url": "https://example.com/1", "title": "Dev"} | said)
    found = clean(raw, now=NOON)
    assert isinstance(found, list)
    return found[0]


@pytest.mark.parametrize("payload", MUTATING)
def test_c01_mutating_markup_stays_harmless_when_it_is_parsed_again(payload: str) -> None:
    for description in (payload, f"<p>We build {payload} things</p>", f"<ul><li>{payload}</li></ul>"):
        believed = cleaned(description=description).description_html
        assert dangers(believed) == [], believed
    title = cleaned(title=f"Dev {payload}").title
    assert "<script" not in title.lower()


@pytest.mark.parametrize("link", LINKS)
def test_c01_links_of_every_spelling_lead_to_the_web_or_nowhere(link: str) -> None:
    for quote in ('"', "'"):
        believed = cleaned(description=f"<p>Read <a href={quote}{link}{quote}>more</a> of it</p>")
        assert dangers(believed.description_html) == [], believed.description_html
        assert "more" in believed.description_text
    beside = cleaned(apply_url=link, company_url=link)
    for address in (beside.apply_url, beside.company_url):
        assert address is None or re.match(r"https?://[^/\\]", address), address
