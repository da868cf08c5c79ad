"""docs/read-the-data.md is true: each question's SQL and Python run on the demo and answer alike."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from storage.engine import open_database
from storage.query import query

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "read-the-data.md").read_text(encoding="utf-8")


class Question(NamedTuple):
    """One of the page's questions."""

    title: str
    sql: str
    python: str


def questions() -> list[Question]:
    """The page's questions, in order."""
    parts = re.split(r"^## (?=\d)", PAGE, flags=re.MULTILINE)[1:]
    found = []
    for part in parts:
        blocks = dict(re.findall(r"^```(sql|python)\n(.*?)^```", part, flags=re.MULTILINE | re.DOTALL))
        found.append(Question(part.splitlines()[0], blocks["sql"], blocks["python"]))
    return found


def plain(rows: Any) -> list[tuple[Any, ...]]:
    """Rows as tuples of plain values: numbers of any library as Python's."""
    return [tuple(cell.item() if hasattr(cell, "item") else cell for cell in row) for row in rows]


def test_there_are_ten_questions() -> None:
    assert len(questions()) == 10


@pytest.mark.parametrize("asked", questions(), ids=lambda asked: asked.title)
def test_sql_and_python_answer_alike(asked: Question, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo)
    engine = open_database(f"sqlite:///{demo / 'demo.db'}", create=False, read_only=True)
    by_sql = query(engine, asked.sql)
    engine.dispose()
    names: dict[str, Any] = {}
    exec(compile(asked.python, "read-the-data.md", "exec"), names)
    assert plain(by_sql.rows) == plain(names["answer"])
    assert by_sql.rows, "the demo has no answer to this question: it shows nothing"


def test_the_notebook_runs_offline(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_EXPORTS", str(demo))
    notebook = runpy.run_path(str(ROOT / "docs" / "notebook.py"))
    _, defined = notebook["app"].run()
    assert defined["chosen"].height > 0
    assert defined["skills"].height > 0
    assert defined["pay"].columns == ["seniority", "n", "median_usd"]
