"""Reading saved answers: an HTML page beside the same fields by lxml, a JSON page beside parsing it alone.

The HTML is a list of forty jobs and an ad's page with 3 kB of text, in the markup of the one board that is read with
page objects throughout. The yardstick parses with lxml and takes the same fields by compiled XPath into a dictionary.
Both sides look for circles of garbage as seldom as a crawl's process does (:data:`config.garbage.CYCLES`), and drop each
page before the next, as it does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html

from config.garbage import seldom_searched
from spiders.reading import spider_class
from tests.bench.row import Row, paired

JOBS = 40
URL = "https://www.python.org/jobs/"
ROW = """<li><h2 class="listing-company"><span class="listing-company-name"><span class="listing-new">New</span>
<a href="/jobs/{0}/">Senior Backend Engineer {0}</a><br/>Larkspur Ledger {0}</span>
<span class="listing-location"><a href="/jobs/location/{0}/" title="More jobs">Remote - US or Canada</a></span></h2>
<span class="listing-job-type"><a href="/jobs/type/back-end/">Back end</a>, <a href="/jobs/type/web/">Web</a></span>
<span class="listing-posted">Posted: <time datetime="2026-10-29T16:28:52+00:00">29 October 2026</time></span>
<span class="listing-company-category"><a href="/jobs/category/developer/">Developer / Engineer</a></span></li>"""
DETAIL = """<article class="text"><h1 class="listing-company"><span class="company-name">Senior Backend Engineer<br/>
Larkspur Ledger</span></h1><span class="listing-location"><a href="/l/">Remote</a></span>
<span class="listing-posted"><time datetime="2026-10-29T16:28:52+00:00">29 October</time></span>
<span class="listing-job-type"><a href="/t/">Back end</a></span><span class="listing-company-category"><a>Dev</a></span>
<span class="company-link"><a href="https://larkspur.example.com">larkspur.example.com</a></span>
<div class="job-description">{}</div></article>"""
PAGE = '<!doctype html><html><head><title>Jobs</title></head><body><div class="row">{}</div></body></html>'


def page_of_jobs() -> bytes:
    """A list of forty jobs."""
    rows = "".join(ROW.format(n) for n in range(JOBS))
    return PAGE.format(f'<ol class="list-recent-jobs">{rows}</ol>').encode()


def page_of_ad() -> bytes:
    """The page of one ad, with 3 kB of text."""
    duties = "".join(
        f"<li>Build service {n} so that operators sleep at night, with tests that tell.</li>" for n in range(40)
    )
    return PAGE.format(DETAIL.format(f"<p>What you will do</p><ul>{duties}</ul><p>We work remotely.</p>")).encode()


def _class(name: str) -> str:
    return f'contains(concat(" ", @class, " "), " {name} ")'


_ROWS = etree.XPath(f"//ol[{_class('list-recent-jobs')}]/li[.//h2]")
_LINK = etree.XPath(f"(.//*[{_class('listing-company-name')}]//a)[1]")
_OWN = etree.XPath(f"(.//*[{_class('listing-company-name')}])[1]/text()")
_PLACE = etree.XPath(f"string((.//*[{_class('listing-location')}])[1])")
_POSTED = etree.XPath(f"string((.//*[{_class('listing-posted')}]//time)[1]/@datetime)")
_TYPES = etree.XPath(f".//*[{_class('listing-job-type')}]//a")
_KIND = etree.XPath(f"string((.//*[{_class('listing-company-category')}])[1])")
_AD = etree.XPath(f"//article[{_class('text')}][.//*[{_class('job-description')}]]")
_NAME = etree.XPath(f"(.//*[{_class('company-name')}])[1]/text()")
_SITE = etree.XPath(f"string((.//*[{_class('company-link')}]//a)[1]/@href)")
_TEXT = etree.XPath(f"(.//*[{_class('job-description')}])[1]")
_ITEMS = etree.XPath(f".//*[{_class('job-description')}]//li")


def jobs_by_lxml(body: bytes) -> list[dict[str, Any]]:
    """The same fields of the list."""
    return [_listing(row) | _of_row(row) for row in _ROWS(html.document_fromstring(body))]


def ad_by_lxml(body: bytes) -> dict[str, Any]:
    """The same fields of an ad's page."""
    [article] = _AD(html.document_fromstring(body))
    title, company = filter(None, (_plain(one) for one in _NAME(article)))
    [text] = _TEXT(article)
    inside = (text.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in text)
    told = (_plain(item.text_content()) for item in _ITEMS(article))
    return _listing(article) | {
        "title": title,
        "company": company,
        "company_url": _SITE(article),
        "description": inside,
        "remote": next((one for one in told if "telecommuting" in one.lower()), None),
        "html": etree.tostring(article, encoding="unicode"),
    }


def _of_row(row: Any) -> dict[str, Any]:
    [link] = _LINK(row)
    return {
        "external_id": urlsplit(link.get("href")).path.rstrip("/").rpartition("/")[2],
        "url": link.get("href"),
        "title": _plain(link.text_content()),
        "company": " ".join(filter(None, map(_plain, _OWN(row)))),
        "html": etree.tostring(row, encoding="unicode"),
    }


def _listing(piece: Any) -> dict[str, Any]:
    return {
        "location": _plain(_PLACE(piece)),
        "posted": _POSTED(piece),
        "tags": [_plain(one.text_content()) for one in _TYPES(piece)],
        "department": _plain(_KIND(piece)),
    }


def _plain(said: str) -> str:
    return " ".join(said.split())


def rows(small: bool = False) -> Iterator[Row]:
    """An HTML list, the page of one ad, and a JSON page."""
    spider = spider_class("pythonorg")
    board: Any = spider(boards=[""])
    jobs, ad = page_of_jobs(), page_of_ad()
    ours = [
        {name: said for name, said in record.items() if name != "html"} for record in board.decode(jobs, URL).records
    ]
    theirs = [{name: said for name, said in record.items() if name != "html"} for record in jobs_by_lxml(jobs)]
    assert ours == theirs, "the yardstick reads other fields"
    detail: Any = spider.page
    times = 5 if small else 50
    goal = "BeautifulSoup with lxml at most 3 times lxml (>= 0.33)"
    works: tuple[tuple[str, Callable[[], object], Callable[[], object]], ...] = (
        ("read an HTML list of 40 jobs", lambda: board.decode(jobs, URL), lambda: jobs_by_lxml(jobs)),
        ("read the HTML page of an ad", lambda: detail.read_page(ad, URL), lambda: ad_by_lxml(ad)),
    )
    for work, mine, yardstick in works:
        yield _row(work, mine, yardstick, times, "the same fields by lxml", goal, 1 / 3)
    lever: Any = spider_class("lever")(boards=["acme"])
    body = json_page()
    address = "https://api.lever.co/v0/postings/acme?mode=json&limit=100"
    yield _row(
        "read a JSON page of 70 ads into RawPostings",
        lambda: lever.read(body, address, "acme"),
        lambda: json.loads(body),
        times,
        "json.loads of it alone",
        "",
        None,
    )


def json_page(ads: int = 70) -> bytes:
    """A page of a JSON board with the texts of the recorded ones."""
    folder = files("spiders") / "recordings" / "lever"
    answers = [json.loads(f.read_bytes()) for f in sorted(folder.iterdir(), key=str) if f.name.endswith(".json")]
    sample = [ad for answer in answers if isinstance(answer, list) for ad in answer]
    return json.dumps([{**sample[n % len(sample)], "id": str(n)} for n in range(ads)]).encode()


def _row(
    work: str,
    mine: Callable[[], object],
    yardstick: Callable[[], object],
    times: int,
    named: str,
    goal: str,
    least: float | None,
) -> Row:
    with seldom_searched():
        cpu, _, ratio = paired(lambda: _again(mine, times), lambda: _again(yardstick, times))
    met = None if least is None else ratio >= least
    return Row(work, cpu=cpu / times, rate=times / cpu, yardstick=named, ratio=ratio, goal=goal, met=met)


def _again(work: Callable[[], object], times: int) -> None:
    for _ in range(times):
        work()
