"""What an operator's list of tenants may hold: each row that could not be a board ends in one line, before anybody is called."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from config.load import LONGEST, ConfigError, cards, no_board, read_tenants, tenants
from spiders.errors import WriterError
from spiders.kit.goldens import crawl_recorded
from spiders.reading import spider_class
from spiders.replay import recordings
from tests.flows.rolecall import rolecall, script

HEAD = "platform,board,company\n"
PLATFORMS = sorted(source for source, card in cards().items() if card.kind == "ats")
NO_BOARDS = (
    "=1+1",
    "=HYPERLINK(A1)",
    "+acme",
    "-acme",
    "@acme",
    "../../x",
    "..",
    ".",
    "/acme",
    "acme/",
    "acme//x",
    "acme/../x",
    "acme/jobs",
    "%2e%2e%2fx",
    "acme%0d%0aX-In:1",
    "https://inside.example/",
    "https:inside.example",
    "//inside.example/x",
    "inside.example/",
    "inside.example#",
    "inside.example?",
    "inside.example\\",
    "a@inside.example",
    "acme:8080",
    "127.0.0.1/",
    "[::1]",
    "acme&x=1",
    "acme;x",
    "{@company}",
    "<b>acme</b>",
    "'; DROP TABLE board; --",
    "x" * 10_000,
)


def listed(tmp_path: Path, text: str | bytes) -> Path:
    """A list of tenants with this text."""
    path = tmp_path / "tenants.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("board", NO_BOARDS)
def test_h12_x07_what_could_lead_elsewhere_is_no_board(tmp_path: Path, board: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_tenants(listed(tmp_path, f"{HEAD}lever,acme,Acme\ngreenhouse,{board},Tidemark\n"))
    assert str(caught.value).startswith("config/tenants.csv, line 3: ")
    assert "is no board of greenhouse; one looks like this: acme" in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the columns must be platform,board,company"),
        ("greenhouse,acme,Acme\n", "line 1: the columns must be"),
        ("platform,company,board\ngreenhouse,Acme,acme\n", "line 1: the columns must be"),
        ("platform;board;company\ngreenhouse;acme;Acme\n", "line 1: the columns must be"),
        (f"{HEAD}greenhouse,acme\n", "line 2: 2 cells instead of 3"),
        (f"{HEAD}greenhouse,acme,Acme, Inc.\n", "line 2: 4 cells instead of 3"),
        (f"{HEAD}\n\ngreenhouse,,Acme\n", "line 4: '' is no board of greenhouse"),
        (f"{HEAD}greenhouse,acme,\n", "line 2: '' is no company's name"),
        (f"{HEAD}greenhouse,acme,=cmd|' /C calc'!A0\n", "is no company's name"),
        (f"{HEAD}greenhouse,acme,{'x' * 10_000}\n", "is no company's name"),
        (f"{HEAD}greenhouse,a\0b,Acme\n", r"line 2: 'a\x00b' has characters that do not print"),
        (f"{HEAD}greenhouse,acme\x1b[2J,Acme\n", "characters that do not print"),
        (f"{HEAD}greenhouse,ac\u202eme,Acme\n", "characters that do not print"),
        (f"{HEAD}greenhouse,ac\u200bme,Acme\n", "characters that do not print"),
        (f"{HEAD}greenhouse, acme,Acme\n", "or blanks around it"),
        (f'{HEAD}greenhouse,"acme\r\nX-In: 1",Acme\n', "line 3: 'acme\\r\\nX-In: 1' has characters that do not print"),
        (f'{HEAD}greenhouse,"acme,Acme\n', "line 2: unexpected end of data"),
        (f'{HEAD}greenhouse,"{"x" * 200_000}",Acme\n', "line 2: "),
        (f"{HEAD}nowhere,acme,Acme\n", "line 2: 'nowhere' is no platform"),
        (f"{HEAD}remotive,acme,Acme\n", "line 2: 'remotive' is no platform"),
        (f"{HEAD}../greenhouse,acme,Acme\n", "is no platform"),
        (f"{HEAD}greenhouse,acme,Acme\nlever,acme,Acme\ngreenhouse,acme,Other\n", "line 4: greenhouse,acme stands there twice"),
        (HEAD.encode() + b"greenhouse,acme,Acme\ngreenhouse,tide,T\xefde\n", "line 3: this is no UTF-8"),
        ((HEAD + "greenhouse,acme,Acme\n").encode("utf-16"), "line 1: this is no UTF-8"),
    ],
)  # fmt: skip
def test_x07_a_row_that_is_none_is_said_with_its_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_tenants(listed(tmp_path, text))
    assert str(caught.value).startswith("config/tenants.csv, line ")
    assert said in str(caught.value)
    assert caught.value.line().isprintable()
    assert len(caught.value.line()) < 400


def test_what_spreadsheets_make_of_a_list_is_read(tmp_path: Path) -> None:
    """A byte order mark, line ends of Windows, quotes and empty lines; letters of any language, and %20 for a blank."""
    text = '\ufeff' + HEAD + '\ngreenhouse,acme,"Ünïcode, Inc."\n\nashby,Tide%20Mark.io,Tide Mark\nworkday,tide.wd5.myworkdayjobs.com/Ext,Tide\n\n'  # fmt: skip
    found = read_tenants(listed(tmp_path, text.replace("\n", "\r\n")))
    assert [tuple(one) for rows in found.values() for one in rows] == [
        ("greenhouse", "acme", "Ünïcode, Inc."),
        ("ashby", "Tide%20Mark.io", "Tide Mark"),
        ("workday", "tide.wd5.myworkdayjobs.com/Ext", "Tide"),
    ]
    assert sum(map(len, tenants().values())) > 100


@pytest.mark.parametrize("platform", PLATFORMS)
@settings(max_examples=40)
@given(
    board=st.text("ab1.-_ %2e/:@#?\\é", max_size=12)
    | st.sampled_from([*NO_BOARDS, *(c.tenant for c in cards().values())])
)
def test_h12_what_is_a_board_stays_on_its_platform(platform: str, board: str) -> None:
    """Whatever is let through: the first calls go to the hosts of the card, or to the host that the board itself is."""
    assume(not no_board(platform, board))
    assert len(board) <= LONGEST
    spider = spider_class(platform)(boards=[board])
    try:
        asked = [urlsplit(ask.next.url) for ask in spider.first(board)]
    except WriterError:
        return  # said by the board alone, see below
    for url in asked:
        assert url.scheme == "https"
        assert url.username is None
        assert any(f".{url.hostname}".endswith(f".{host}") for host in spider.allowed_domains), url
        assert ".." not in unquote(url.path).split("/")


ANSWERED = """
import sys
from pathlib import Path
from config import load
read = load.read_tenants
load.read_tenants = lambda _: read(Path(sys.argv[1]))
from flows.cli import main
main(sys.argv[2:])
"""


@pytest.mark.parametrize("command", [("ingest", "greenhouse", "--plain"), ("sources",), ("try", "greenhouse")])
def test_h12_a_hostile_row_ends_each_command_in_one_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    said = script(ANSWERED, str(listed(tmp_path, f"{HEAD}greenhouse,inside.example/,Acme\n")), *command, data=tmp_path)
    assert said.code == 3, said
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "config/tenants.csv, line 2: 'inside.example/' is no board of greenhouse" in said.err
    assert not (tmp_path / "spool").exists()


@pytest.mark.parametrize("board", ["../../x", "inside.example#", "https://inside.example/", "a\x1b[2J", "x" * 10_000])
def test_h12_no_board_of_the_command_line_leads_elsewhere(tmp_path: Path, board: str) -> None:
    said = rolecall("ingest", f"greenhouse/{board}", "--plain", data=tmp_path)
    assert said.code == 2
    assert "is no board of greenhouse" in said.err
    assert said.err.strip().isprintable()
    assert not list(tmp_path.iterdir())


def test_h12_a_board_of_another_shape_costs_no_other_board_its_crawl(tmp_path: Path) -> None:
    recorded = recordings()["workday"]
    odd = "acme.wd5.inside.example/Ext"
    assert not no_board("workday", odd)
    both = dataclasses.replace(recorded, boards=(odd, *recorded.boards))
    crawled, server = crawl_recorded({"workday": both}, tmp_path / "spool")
    outcomes = crawled["workday"].outcomes
    assert outcomes.pop(odd)["state"] == "failed"
    assert {outcome["state"] for outcome in outcomes.values()} == {"complete"}
    assert not [url for _, url, _ in server.hits if "inside.example" in url]
