"""Recorded answers, and the ways in which a board may change them: Hypothesis strategies over both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from spiders.reading import spider_class
from spiders.replay import recordings

ODD: list[Any] = [
    *(None, True, False, 0, -1, 10**18, 10**400, 1.5, "", " ", "0", "null", "undefined"),
    *([], {}, [[]], [None], {"": ""}, {"en": "A", "de": "B"}, ["a", 1, None, {"x": []}]),
    *("a" * 100_000, "\u202eabc\u200b", "a\0b", "\ud800", "\n[INFO] ok", "🦀" * 50),
    *(
        "<script>alert(1)</script>",
        "&lt;b&gt;",
        "javascript:alert(1)",
        "file:///etc/hostname",
        "http://[::1",
        "//",
        "%",
    ),
    *("2026-02-30", "1e999", "=1+1", "{title}", "{@board}", "%s", "../../x"),
]
"""Values that a field may turn into."""
RAW = ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400, '{"a": 1, "a": 2}', "[" * 70 + "]" * 70, '"\\ud800"']
"""The same, as no JSON library would write them."""
JUNK = [
    *(b"", b"\0", b"\xff\xfe", b"\xe2\x28\xa1", b'"', b"'", b"{", b"}", b"[", b",", b"\r\n\r\n", b"a" * 50_000),
    *(b"<", b">", b"</", b"<!--", b"]]>", b"<![CDATA[", b"<item>", b"</item>", b"<script>", b"</script>", b"<title/>"),
    *(b"&", b"&x;", b"&#0;", b"&#xD800;", b"&#99999999;", b"<b>" * 300),
    *(b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<?xml version='1.0' encoding='utf-16'?>"),
]
"""Bytes that a document may lose its balance by."""


@dataclass(frozen=True)
class Answer:
    """One recorded answer of a source, with what a crawl knows of the request."""

    source: str
    board: str
    url: str
    body: bytes

    @property
    def is_json(self) -> bool:
        """It is a JSON document."""
        return self.body.lstrip()[:1] in (b"{", b"[")


def recorded(source: str) -> list[Answer]:
    """All answers of a source that hold or may hold ads."""
    form = spider_class(source)._form
    found = []
    for exchange in recordings()[source].exchanges:
        if exchange.file is None or exchange.file.suffix == ".txt":
            continue
        match = form.search(exchange.url) if form else None
        board = (match.groupdict().get("board") or "") if match else ""
        found.append(Answer(source, board, exchange.url, exchange.answer()))
    return found


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of everything in a JSON document, the document itself left out."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*at, key)
        yield from places(one, (*at, key))


class Raw(str):
    """Text that stands in the document as it is."""


class _Doubled(dict[str, Any]):
    """An object that says one of its keys twice."""


def written(value: Any) -> str:
    """A JSON document, with raw texts and doubled keys as they are."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        pairs = [f"{json.dumps(key)}: {written(one)}" for key, one in value.items()]
        return "{" + ", ".join(pairs + pairs[:1] if isinstance(value, _Doubled) else pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value)


def _changed(document: Any, path: tuple[str | int, ...], how: str, odd: Any) -> Any:
    """The document with one place missing, renamed, retyped, nested, repeated or said twice."""
    if not path:
        return odd
    key, *rest = path
    if rest:
        inside = _changed(document[key], tuple(rest), how, odd)
        copy: Any = type(document)(document)
        copy[key] = inside
        return copy
    copy = document.copy()
    if how == "missing":
        del copy[key]
    elif how == "renamed" and isinstance(copy, dict):
        copy[f"{key}New"] = copy.pop(key)
    elif how == "nested":
        copy[key] = {"value": copy[key]}
    elif how == "listed":
        copy[key] = [copy[key], copy[key]]
    elif how == "twice" and isinstance(copy, dict):
        return _Doubled({key: copy[key]} | copy)
    elif how == "twice":
        copy.append(copy[key])
    else:
        copy[key] = odd
    return copy


@st.composite
def changed_json(draw: st.DrawFn, document: Any) -> bytes:
    """A JSON document with one to four changes."""
    for _ in range(draw(st.integers(1, 4))):
        found = list(places(document)) if isinstance(document, (dict, list)) else []
        path = draw(st.sampled_from(found)) if found else ()
        how = draw(st.sampled_from(["missing", "renamed", "retyped", "retyped", "nested", "listed", "twice"]))
        odd = draw(st.sampled_from([*ODD, *map(Raw, RAW)]))
        document = _changed(document, path, how, odd)
    return written(document).encode("utf-8", "surrogatepass")


@st.composite
def changed_bytes(draw: st.DrawFn, body: bytes) -> bytes:
    """A document of any kind with one to four wounds: a part lost, doubled, moved, or junk put in; perhaps cut."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.sampled_from([0, 1, 7, 60, 500, 5000])))
        part = draw(st.sampled_from([b"", body[start:end] * 2, body[start:end][::-1], *JUNK]))
        body = body[:start] + part + body[end:]
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 3)) == 0 else body


@st.composite
def changed(draw: st.DrawFn, source: str) -> Answer:
    """A recorded answer of a source as the board might answer tomorrow."""
    answer = draw(st.sampled_from(recorded(source)))
    if answer.is_json and draw(st.integers(0, 3)):
        body = draw(changed_json(json.loads(answer.body)))
    else:
        body = draw(changed_bytes(answer.body))
    return Answer(answer.source, answer.board, answer.url, body)
