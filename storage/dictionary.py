"""The data dictionary, generated from the models and views: as a page, and as Datasette's metadata.

``python -m storage.dictionary FILE`` writes the page; a test fails where docs/data-dictionary.md differs from it.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sqlalchemy import inspect
from sqlmodel import SQLModel

from storage import schema
from storage import tables as t
from storage.columnar import kind_of
from storage.engine import open_database
from storage.package import values
from storage.tables import TABLES, table_of

SINCE = "0.1.0"
"""The version of Rolecall that a table, view or column is there since, where :data:`LATER` does not say."""
LATER: dict[str, str] = {}
"""``table`` or ``table.column`` that came later, and with which version."""

_SHOWN = {"string": "text", "number": "real", "datetime": "time (UTC)", "json": "JSON"}

_VIEWS: dict[str, tuple[tuple[type[SQLModel], ...], dict[str, str]]] = {
    "v_postings": ((t.PostingRow, t.Sighting), {}),
    "v_jobs_open": ((t.JobRow,), {}),
    "v_backend_jobs": (
        (t.JobRow,),
        {"scope": "backend: role backend-developer or backend-architect; wider: another with server_side core, part"},
    ),
    "v_posting_history": ((t.PostingChange, t.PostingRow), {}),
    "v_job_sources": ((t.PostingRow, t.Sighting, t.MatchLink, t.Source), {}),
    "v_salary": (
        (t.JobRow,),
        {"salary_year_usd_mid": "middle of salary_year_usd_min and _max; the one known where one is missing"},
    ),
    "v_skills": ((t.JobSkill, t.JobRow, t.Skill), {}),
    "v_skills_daily": ((t.SkillsDaily,), {"share": "jobs_open / jobs_in_scope, 0 to 1"}),
    "v_roles_daily": ((t.RolesDaily,), {}),
    "v_source_overlap": (
        (),
        {
            "source": "slug of a source",
            "other": "slug of another source, or the same",
            "jobs": "open jobs that both carry; where they are the same, all open jobs of the source",
        },
    ),
    "v_field_coverage": ((t.CoverageDaily,), {"share": "filled / postings, 0 to 1"}),
    "v_runs": (
        (t.Run,),
        {
            "seconds": "from start to end, whole seconds; null while it runs",
            "boards": "boards it tried",
            "complete": "boards it read completely",
            "found": "distinct ads read or listed",
            "new": "postings stored for the first time",
            "changed": "postings believed otherwise than before",
            "closed": "postings closed",
            "reopened": "closed postings that returned",
            "rejected": "records that could not be believed",
            "errors": "findings of level error",
            "warnings": "findings of level warning",
        },
    ),
}


class Entry(NamedTuple):
    """One column: ``values`` are those of an enumeration."""

    name: str
    type: str
    null: bool
    about: str
    values: tuple[str, ...]
    since: str


class Relation(NamedTuple):
    """One table or view with its columns."""

    name: str
    kind: Literal["table", "view"]
    about: str
    columns: tuple[Entry, ...]
    since: str


def dictionary() -> list[Relation]:
    """All views, then all tables. Raises KeyError where a column of a view is explained nowhere."""
    engine = open_database("sqlite://")
    found = inspect(engine)
    views = [_view(name, [c["name"] for c in found.get_columns(name)]) for name in schema.view_names()]
    engine.dispose()
    return [*views, *map(_table, TABLES)]


def markdown() -> str:
    """The page docs/data-dictionary.md."""
    lines = [
        "# Data dictionary",
        "",
        "Generated from the models (`python -m storage.dictionary docs/data-dictionary.md`); do not edit by hand.",
        "Names beginning with `v_` are views: their names and columns stay; tables change with the schema. Times are UTC.",
        f"Everything is there since {SINCE} where nothing else is said.",
        "",
    ]
    for relation in dictionary():
        lines += [
            f"## {relation.name}",
            "",
            f"{_sentence(relation.kind)} {relation.about}{_since(relation.since)}",
            "",
        ]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        for column in relation.columns:
            kind = f"{column.type}{', may be null' if column.null else ''}"
            values = f" One of: {', '.join(column.values)}." if column.values else ""
            lines.append(f"| {column.name} | {kind} | {_sentence(column.about)}{values}{_since(column.since)} |")
        lines.append("")
    return "\n".join(lines)


def datasette_tables() -> dict[str, dict[str, Any]]:
    """Datasette's ``tables`` metadata: description and column descriptions of every table and view."""
    return {
        relation.name: {
            "description": relation.about,
            "columns": {column.name: column.about for column in relation.columns},
        }
        for relation in dictionary()
    }


def _table(model: type[SQLModel]) -> Relation:
    name = str(model.__tablename__)
    about = " ".join((model.__doc__ or "").split())
    return Relation(name, "table", about, tuple(_entry(model, c.name) for c in table_of(model).columns), _came(name))


def _view(name: str, columns: list[str]) -> Relation:
    models, own = _VIEWS[name]
    entries = []
    for column in columns:
        if column in own:
            entries.append(Entry(column, _own_type(column), column == "seconds", own[column], (), _came(name, column)))
        else:
            model = next(model for model in models if column in model.model_fields)
            entries.append(_entry(model, column)._replace(since=_came(name, column)))
    return Relation(name, "view", _about_view(name), tuple(entries), _came(name))


def _entry(model: type[SQLModel], name: str) -> Entry:
    field, column = model.model_fields[name], table_of(model).c[name]
    kind = kind_of(column)
    about = field.description or ""
    since = _came(str(model.__tablename__), name)
    return Entry(name, _SHOWN.get(kind, kind), bool(column.nullable), about, values(field.annotation), since)


def _own_type(column: str) -> str:
    if column in ("share", "salary_year_usd_mid"):
        return "real"
    return "text" if column in ("scope", "source", "other", "field") else "integer"


def _about_view(name: str) -> str:
    """The comment that the view's file begins with."""
    [file] = [f for f in (files("storage") / "views").iterdir() if f.name.partition("_")[2] == f"{name}.sql"]
    lines = file.read_text(encoding="utf-8").splitlines()
    return " ".join(line.removeprefix("-- ") for line in lines if line.startswith("-- "))


def _came(*path: str) -> str:
    return LATER.get(".".join(path), SINCE)


def _since(version: str) -> str:
    return "" if version == SINCE else f" Since {version}."


def _sentence(words: str) -> str:
    words = words.replace("|", "\\|")
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(markdown(), encoding="utf-8")
