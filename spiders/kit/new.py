"""``rolecall new`` and ``rolecall record``: a source begun from one answer, and a recording taken from a board."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from spiders.bases import Feed, JsonApi
from spiders.bases.source import as_ours
from spiders.kit.fetch import fetch
from spiders.kit.look import Look, look
from spiders.kit.trim import names, trimmed
from spiders.reading import spider_class

SLUG = re.compile(r"[a-z][a-z0-9_]{1,40}")
PAY = ("salary_min", "salary_max", "salary_currency", "salary_period")
ENDINGS = {"json": "json", "feed": "xml", "schema": "html", "html": "html"}


class NoName(ValueError):
    """What cannot be the name of a new source."""


@dataclass(frozen=True, slots=True)
class Made:
    """The files of a new source, and what was found in the answer that they were made from."""

    spider: Path
    card: Path
    recording: Path
    look: Look


def new(name: str, url: str, root: Path, answer: Path | None = None, replay: str = "", invent: bool = False) -> Made:
    """Spider, card, recording and golden of a source whose list stands at ``url``.

    The answer is fetched (or taken from ``answer``), its shape and fields are guessed by the names of its keys. The
    spider is yours to finish: what no field claims is listed in it.

    Raises:
        NoName: the name is no slug, or is taken.
        Unreadable: nothing in the answer looks like a list of ads.
        Unreachable: the board did not answer.
    """
    if not SLUG.fullmatch(name):
        raise NoName(f"{name!r}: a name is lower-case letters, digits and underscores, and begins with a letter")
    spider, card = root / "spiders" / "boards" / f"{name}.py", root / "config" / "sources" / f"{name}.toml"
    if spider.exists() or card.exists() or (root / "spiders" / "platforms" / f"{name}.py").exists():
        raise NoName(f"{name}: there is a source of this name")
    folder = root / "spiders" / "recordings" / name
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "answer.tmp"
    try:
        body = answer.read_bytes() if answer else fetch(url, kept, replay)
        found = look(body)
    finally:
        kept.unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()
    folder.mkdir(parents=True, exist_ok=True)
    spider.write_text(spider_text(name, url, found), encoding="utf-8")
    card.write_text(card_text(name, url, found), encoding="utf-8")
    _keep(folder, url, body, found, invent)
    _golden(name, root)
    return Made(spider, card, folder, found)


def record(name: str, root: Path, board: str = "", replay: str = "", invent: bool = False) -> Path:
    """A fresh recording of the first list of a source, trimmed and masked, and its golden. Gives its folder."""
    cls = spider_class(name)
    spider = cls(boards=[board] if board else cls.all_boards()[:1])
    ask = next(spider.first(spider.boards[0]))
    folder = root / "spiders" / "recordings" / name
    folder.mkdir(parents=True, exist_ok=True)
    body = fetch(ask.next.url, folder / "answer.tmp", replay)
    (folder / "answer.tmp").unlink()
    _keep(folder, ask.next.url, body, look(body), invent, spider.boards[0])
    _golden(name, root)
    return folder


def spider_text(name: str, url: str, found: Look) -> str:
    """The spider's file: attributes for what was guessed. What nobody claims stands in the card."""
    base = {"json": "JsonApi", "feed": "Feed", "schema": "SchemaOrg", "html": "HtmlBoard"}[found.shape]
    lines = [f'"""{_title(name)}: say here what the spider asks this board for."""', ""]
    if found.shape == "html":
        return "\n".join([*lines, *_html_lines(name, url, found)]) + "\n"
    bases = [base, "Pay"] if {"salary_min", "salary_max"} <= found.fields.keys() else [base]
    lines += [
        f"from spiders.bases import {', '.join(bases)}",
        "",
        "",
        f"class {_title(name)}({base}):",
        f'    listing = "{url}"',
    ]
    if found.item:
        lines.append(f'    item = "{found.item}"')
    if found.shape == "json" and found.records:
        lines.append(f'    records = "{found.records}"')
    lines += [f"    {line}" for line in _declared(found)]
    return "\n".join(lines) + "\n"


def _declared(found: Look) -> list[str]:
    """The fields, without those that stand where the shape looks for them: one line for those that are called as ours."""
    shape = {"json": JsonApi, "feed": Feed}.get(found.shape)
    default = {name: getattr(shape, name, None) for name in found.fields}
    said = {name: path for name, path in found.fields.items() if path != default[name]}
    pay = [said.pop(name, None) for name in PAY] if "salary_min" in said and "salary_max" in said else []
    named = [path for name, path in said.items() if "." not in path and as_ours(path) == name]
    lines = [f'as_named = "{" ".join(named)}"'] if len(named) > 1 else []
    lines += [f'{name} = "{path}"' for name, path in said.items() if len(named) < 2 or path not in named]
    keywords = zip(("", "", "currency=", "period="), pay, strict=False)
    return lines + ([f"pay = Pay({', '.join(f'{k}{json.dumps(p)}' for k, p in keywords if p)})"] if pay else [])


def card_text(name: str, url: str, found: Look) -> str:
    """The source's card, with the questions that only a person can answer still open: it is off until then."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return f"""name = "{_title(name)}"
kind = "board"
home = "https://{host}"
terms = "not stated"
terms_read = {dt.datetime.now(dt.UTC).date().isoformat()}
terms_say = "Read them, and say here what follows."
attribution = "Jobs by {_title(name)} (https://{host})"

every = "12h"
coverage = "window"
stale_after = "21d"
hosts = ["{host}"]
delay = 2.0
enabled = false
why_not = "new: its terms have not been read yet"
{_ignored(found.unclaimed)}
[expect]
min_postings = 1
max_postings = 2000

[expect.filled]
description = 0.9
"""


def _ignored(keys: list[str]) -> str:
    """The keys that no field claims: to be used in the spider, or left here if they are of no use."""
    if not keys:
        return ""
    rows = [f"    {', '.join(map(json.dumps, keys[at : at + 5]))}," for at in range(0, len(keys), 5)]
    return "\n".join(["# seen and not read: use them, or leave here what is of no use", "ignores = [", *rows, "]\n"])


def _html_lines(name: str, url: str, found: Look) -> list[str]:
    return [
        "from spiders.bases import Attribute, HtmlBoard, Inside, PageObject, Slug, Text",
        "",
        "",
        "class Row(PageObject):",
        f'    root = "{found.records}"',
        '    external_id = Slug("a[href]")',
        '    url = Attribute("a[href]", "href")',
        '    title = Text("a[href]")',
        *(f"    {field} = {_of_element(field, css)}" for field, css in found.fields.items()),
        "    description = Inside()",
        "",
        "",
        f"class {_title(name)}(HtmlBoard):",
        f'    listing = "{url}"',
        "    row = Row",
    ]


def _of_element(field: str, css: str) -> str:
    return f'Attribute("{css}", "datetime")' if field == "posted" else f'Text("{css}")'


def _title(name: str) -> str:
    return name.replace("_", "").capitalize()


def _keep(folder: Path, url: str, body: bytes, found: Look, invent: bool, board: str = "") -> None:
    ending = ENDINGS[found.shape]
    company = found.fields.get("company", "")
    path = f"{found.records}[].{company}" if found.records else company
    real = names(body, [path]) if invent and found.shape == "json" and company else {}
    item = found.item or ("item" if b"<item" in body else "entry")
    (folder / f"list.{ending}").write_bytes(
        trimmed(body, found.records, item if found.shape == "feed" else "", invent=real)
    )
    lines = ["# Recorded from the board, trimmed and masked; replace texts of real employers before it is shared."]
    lines += [f"boards = [{json.dumps(board)}]"] if board else []
    lines += ["", "[[exchange]]", f"url = {json.dumps(url)}", f'file = "list.{ending}"', ""]
    (folder / "exchanges.toml").write_text("\n".join(lines), encoding="utf-8")


def _golden(name: str, root: Path) -> None:
    # another process: the new spider's module is not known to this one
    done = subprocess.run(
        [sys.executable, "-m", "spiders.kit.goldens", name], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or ["the golden could not be written"])[-1])
