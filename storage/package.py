"""Data packages by https://specs.frictionlessdata.io/: what each column holds, who said it, under which terms."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal, get_args, get_origin

from sqlalchemy import Connection, Engine, select

from config.load import cards
from storage.columnar import MODELS, column_of, kinds
from storage.engine import reading
from storage.tables import PostingRow, table_of

LICENCE = {"name": "other-at", "title": "Facts collected from the sources below, each with its own terms"}


def package(engine: Engine, what: str, rows: int) -> dict[str, Any]:
    """``datapackage.json`` of one CSV file, ``WHAT.csv``."""
    resource = {
        "name": what,
        "path": f"{what}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "rowcount": rows,
        "schema": table_schema(what) | {"missingValues": [""]},
    }
    with reading(engine) as conn:
        sources = credits(conn)
    return {
        "name": f"rolecall-{what}",
        "title": f"Remote {what} collected by Rolecall",
        "profile": "tabular-data-package",
        "licenses": [LICENCE],
        "sources": sources,
        "resources": [resource],
    }


def table_schema(what: str) -> dict[str, Any]:
    """The table schema of postings or jobs: type, meaning and constraints of every column, and the key.

    A constraint is stated where the database or the model keeps to it: what is never null, one of a few words, unique.
    """
    model = MODELS[what]
    key = "posting_key" if what == "postings" else "job_id"
    fields = []
    for name, kind in kinds(what).items():
        about = model.model_fields[name]
        rules: dict[str, Any] = {}
        # an empty text is written as nothing, so only what cannot be empty is required
        if not column_of(what, name).nullable and (kind != "string" or name == key or values(about.annotation)):
            rules["required"] = True
        if name == key:
            rules["unique"] = True
        if words := values(about.annotation):
            rules["enum"] = list(words)
        shown = kind if kind != "json" else "object" if about.default_factory is dict else "array"
        field = {"name": name, "type": shown, "description": about.description}
        fields.append(field | ({"constraints": rules} if rules else {}))
    return {"fields": fields, "primaryKey": [key]}


def credits(conn: Connection) -> list[dict[str, str]]:
    """Home, terms and the line of attribution of each source whose ads are held."""
    used = sorted(conn.scalars(select(table_of(PostingRow).c.source).distinct()))
    known = cards()
    return [
        {"title": known[source].attribution, "path": known[source].home, "terms": known[source].terms}
        if source in known
        else {"title": source}
        for source in used
    ]


def values(annotation: Any) -> tuple[str, ...]:
    """The values of a Literal, also inside ``X | None``."""
    if get_origin(annotation) is Literal:
        return tuple(map(str, get_args(annotation)))
    if get_origin(annotation) in (typing.Union, types.UnionType):
        return tuple(value for part in get_args(annotation) for value in values(part))
    return ()
