"""The market report and Datasette in a real browser: nothing on the console, every plot drawn, wide and narrow, axe."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from flows.browse import application, guarded, make_copy
from flows.report.claims import claim_checks
from flows.report.market.figures import FIGURES
from flows.report.market.report import write_report
from storage import store
from storage.engine import open_database, writing
from tests.analysts.market import LAST, fill_market
from tests.browser.chromium import Page
from tests.browser.conftest import ARTEFACTS

pytestmark = pytest.mark.browser
WIDTHS = (1440, 360)
PAGES = {
    "database": "/rolecall",
    "open-jobs": "/rolecall/v_jobs_open",
    "search": "/rolecall/search?words=lantern",
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on a market with a past."""
    folder = tmp_path_factory.mktemp("report")
    engine = open_database(f"sqlite:///{folder / 'market.db'}")
    fill_market(engine, openings=1500)
    with writing(engine) as conn:
        store.save_claim_checks(conn, [check.row() for check in claim_checks(conn, LAST)])
    made = write_report(engine, folder / "out", today=LAST)
    engine.dispose()
    return made.page


@pytest.fixture(scope="module")
def empty_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on a database in which nothing ever ran."""
    folder = tmp_path_factory.mktemp("empty")
    engine = open_database(f"sqlite:///{folder / 'empty.db'}")
    made = write_report(engine, folder / "out", today=LAST)
    engine.dispose()
    return made.page


@pytest.fixture(scope="module")
def datasette(market_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Datasette on a copy of the market."""
    engine = open_database(market_url, create=False, read_only=True)
    served = application(make_copy(engine, tmp_path_factory.mktemp("serve")), LAST)
    engine.dispose()
    asyncio.run(served.invoke_startup())
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(guarded(served.app(), "127.0.0.1"), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + 60
        while not server.started and time.monotonic() < until:
            threading.Event().wait(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(30)


def serious(page: Page, axe: str) -> list[str]:
    """What axe finds serious or critical on the open page."""
    page.run(f"{axe};0")
    said = page.run("axe.run({resultTypes: ['violations']}).then((found) => JSON.stringify(found.violations))")
    return [
        f"{one['impact']} {one['id']}: {node['html'][:150]}"
        for one in json.loads(said)
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_report_is_quiet_and_every_plot_is_drawn(page: Page, report: Path, width: int, dark: bool) -> None:
    page.open(report.as_uri(), width=width, dark=dark, phone=width < 500)
    assert page.errors == []
    shown = page.run("""[...document.querySelectorAll('figure')].map((figure) => {
        const seen = [...figure.querySelectorAll('svg')].filter((svg) => svg.checkVisibility());
        const box = seen.length ? seen[0].getBoundingClientRect() : {width: 0, height: 0, left: 0, right: 0};
        return {name: figure.id, seen: seen.length, width: box.width, height: box.height, right: box.right,
            marks: seen.length ? seen[0].querySelectorAll('path, line, text').length : 0};
    })""")
    assert {one["name"] for one in shown} == {f"figure-{figure.name}" for figure in FIGURES}
    wrong = [
        one for one in shown
        if one["seen"] != 1 or one["height"] < 40 or one["marks"] < 5 or not 200 < one["width"] <= width or one["right"] > width
    ]  # fmt: skip
    assert not wrong
    assert page.run("document.documentElement.scrollWidth") <= width
    page.picture(ARTEFACTS / f"report-{width}-{'dark' if dark else 'light'}.png")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_of_a_plot_is_cut_off_by_the_window(page: Page, report: Path, width: int) -> None:
    page.open(report.as_uri(), width=width, phone=width < 500)
    outside = page.run(f"""[...document.querySelectorAll('svg text')].filter((text) => {{
        const box = text.getBoundingClientRect();
        return box.width > 0 && (box.left < 0 || box.right > {width});
    }}).map((text) => text.textContent)""")
    assert outside == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_words_of_a_plot_lie_on_each_other(page: Page, report: Path, width: int) -> None:
    page.open(report.as_uri(), width=width, phone=width < 500)
    page.run("document.fonts.ready.then(() => 0)")
    # words at a slant have boxes that say nothing of them
    met = page.run("""[...document.querySelectorAll('figure')].flatMap((figure) => {
        const said = [...figure.querySelectorAll('svg text')].filter((text) => text.textContent.trim()
            && text.checkVisibility() && !/rotate\\((?!-?90)/.test(text.getAttribute('transform') || ''));
        const boxes = said.map((text) => text.getBoundingClientRect());
        return boxes.flatMap((one, i) => boxes.slice(i + 1).map((two, j) => [i, i + 1 + j, one, two])
            .filter(([,, a, b]) => a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 4 && b.top < a.bottom - 4))
            .map(([i, j]) => `${figure.id}: ${said[i].textContent} | ${said[j].textContent}`);
    })""")
    assert met == []


def test_tables_of_the_page_need_no_sideways_scrolling_on_a_phone(page: Page, report: Path) -> None:
    page.open(report.as_uri(), width=360, phone=True)
    page.run("document.querySelectorAll('details.claim').forEach((one) => { one.open = true; })")
    wide = page.run("""[...document.querySelectorAll('.scroll:has(.stack)')].filter((one) => one.checkVisibility()
        && one.scrollWidth > one.clientWidth).map((one) => one.getAttribute('aria-label'))""")
    assert wide == []


def test_the_report_changes_its_colours_by_keyboard(page: Page, report: Path) -> None:
    page.open(report.as_uri(), width=1440)
    paper = "getComputedStyle(document.body).backgroundColor"
    light, bar = page.run(paper), page.run("getComputedStyle(document.querySelector('#figure-roles path[fill]')).fill")
    page.run("document.querySelector('#theme-light').focus()")
    for kind in ("keyDown", "keyUp"):
        page.call("Input.dispatchKeyEvent", type=kind, key="ArrowRight", code="ArrowRight", windowsVirtualKeyCode=39)
    assert page.run("document.activeElement.id") == "theme-dark"
    assert page.run(paper) != light
    assert page.run("getComputedStyle(document.querySelector('#figure-roles path[fill]')).fill") != bar


def test_x02_the_policy_lets_no_script_run(page: Page, report: Path, tmp_path: Path) -> None:
    hurt = tmp_path / "hurt.html"
    said = report.read_text(encoding="utf-8")
    hurt.write_text(said.replace("</main>", "<script>document.title = 'ran'</script></main>"), encoding="utf-8")
    page.open(hurt.as_uri(), width=1440)
    assert page.run("document.title") != "ran"
    assert page.errors  # and the browser says that it was refused


def test_the_report_prints_all_of_its_plots(page: Page, report: Path) -> None:
    page.open(report.as_uri(), width=360, dark=True, phone=True)
    page.call("Emulation.setEmulatedMedia", media="print")
    drawn = page.run("[...document.querySelectorAll('.plot.wide svg')].filter((svg) => svg.checkVisibility()).length")
    assert drawn == page.run("document.querySelectorAll('.plot.wide').length") > 0
    assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    # on paper as narrow as a phone held sideways is, nothing may lie beyond its edges
    page.call("Emulation.setDeviceMetricsOverride", width=718, height=1000, deviceScaleFactor=1, mobile=False)
    assert (
        page.run("""[...document.querySelectorAll('h3, svg text, figcaption p, td')].filter((one) => {
        const box = one.getBoundingClientRect();
        return one.checkVisibility() && box.width && (box.left < 0 || box.right > 718);
    }).map((one) => one.textContent)""")
        == []
    )
    pdf = base64.b64decode(page.call("Page.printToPDF", printBackground=True)["data"])
    assert len(pdf) > 50_000
    ARTEFACTS.mkdir(exist_ok=True)
    (ARTEFACTS / "report-print.pdf").write_bytes(pdf)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_in_the_report(page: Page, report: Path, axe: str, width: int, dark: bool) -> None:
    page.open(report.as_uri(), width=width, dark=dark, phone=width < 500)
    assert serious(page, axe) == []
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert serious(page, axe) == []


def test_an_empty_report_is_quiet_and_passes_axe(page: Page, empty_report: Path, axe: str) -> None:
    page.open(empty_report.as_uri(), width=360, phone=True)
    assert page.errors == []
    assert page.run("document.querySelectorAll('.empty').length") >= len(FIGURES)
    assert serious(page, axe) == []
    page.picture(ARTEFACTS / "report-empty-360.png")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_datasette_is_quiet_at_both_widths(page: Page, datasette: str, name: str, width: int) -> None:
    page.open(f"{datasette}{PAGES[name]}", width=width, phone=width < 500)
    assert page.errors == []
    assert "Lantern" in page.run("document.body.innerText") or name == "database"
    assert page.run("document.documentElement.scrollWidth") <= width
    page.picture(ARTEFACTS / f"datasette-{name}-{width}.png", (0, 0, width, 1600))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious_in_datasette(page: Page, datasette: str, axe: str, name: str, width: int) -> None:
    page.open(f"{datasette}{PAGES[name]}", width=width, phone=width < 500)
    assert serious(page, axe) == []


def test_x02_hostile_names_are_text_in_datasette(page: Page, datasette: str) -> None:
    page.open(f"{datasette}/rolecall/job?_search=script&_sort=title", width=1440)
    assert page.errors == []
    assert page.run("document.querySelectorAll('td script, td img').length") == 0
    assert "<script>alert(1)</script>" in page.run("document.body.innerText")


def test_the_day_of_the_data_is_said(page: Page, report: Path) -> None:
    page.open(report.as_uri(), width=1440)
    assert dt.date.fromisoformat(page.run("document.querySelector('header time').dateTime")) == LAST
