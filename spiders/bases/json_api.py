"""A board that answers in JSON."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from spiders.bases.board import BoardSpider
from spiders.bases.fields import Context, Path, says_something
from spiders.bases.reading import Unreadable
from spiders.bases.source import Answer
from spiders.bases.strict_json import loads

# a text that is never closed goes to the end: tried again from each of its own quotation marks it would take for ever
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


class JsonApi(BoardSpider, abstract=True):
    """Declare ``records`` and the fields; ``detail_at`` where the page of one ad keeps its record.

    Id, address, title and text stand under ``id``, ``url``, ``title`` and ``description`` unless declared otherwise.
    """

    external_id: Any = "id"
    url: Any = "url"
    title: Any = "title"
    description: Any = "description"

    records: ClassVar[str | tuple[str, ...]] = ""
    """Path(s) to the list; empty where the answer itself is the list."""
    detail_at: ClassVar[str] = ""
    """Path to the record in the answer for one ad; empty where the answer itself is the record."""
    embedded: ClassVar[str] = ""
    """Regular expression that ends where JSON starts in a page of HTML (a variable that the page assigns)."""

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(abstract=abstract, **kwargs)
        for path in (*_paths(cls.records), *_paths(cls.detail_at)):
            Path(path)

    def decode(self, body: bytes, url: str) -> Answer:
        root = loads(self._json_of(body))
        if (answer := listed_in(root, _paths(self.records))) is not None:
            return answer
        record = Path(self.detail_at)(Context(root)) if self.detail_at else None
        if not isinstance(record, dict):
            record = root
        if isinstance(record, dict) and self._is_record(record):
            return Answer(root, [record], single=True)
        wanted = " or ".join(_paths(self.records)) or "the answer itself"
        keys = ", ".join(sorted(map(str, root))[:12]) if isinstance(root, dict) else type(root).__name__
        raise Unreadable("no_records", f"no list at {wanted} in {keys}")

    def _is_record(self, record: dict[str, Any]) -> bool:
        """It has an id, a title or a text of its own, so it is the answer for one ad."""
        context = Context(record, record)
        return any(
            says_something(self.fields[name](context))
            for name in ("external_id", "title", "description")
            if name in self.fields
        )

    def _json_of(self, body: bytes) -> bytes:
        if not self.embedded or body.lstrip()[:1] in (b"{", b"["):
            return body
        found = re.search(self.embedded.encode(), body)
        if not found:
            raise Unreadable("not_json", f"the page assigns nothing to {self.embedded}")
        return balanced(body, found.end())


def balanced(body: bytes, start: int) -> bytes:
    """The JSON object or list that begins at ``start``: up to its closing bracket, brackets in text not counted."""
    depth, at = 0, start
    for found in _TOKEN.finditer(body[start:]):
        token = found[0]
        if token[:1] == b'"':
            continue
        depth += 1 if token in b"[{" else -1
        if depth == 0:
            at = start + found.end()
            break
    return body[start:at].strip()


def _paths(said: str | tuple[str, ...]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) and said else tuple(said)


def listed_in(root: Any, paths: tuple[str, ...]) -> Answer | None:
    """The list of an answer: itself, or what stands at the first path that holds a list; None if none does."""
    if isinstance(root, list):
        return Answer(root, root)
    for path in paths:
        found = Path(path)(Context(root))
        if isinstance(found, list):
            return Answer(root, _flat(found))
        *above, last = path.split(".")
        holder = Path(".".join(above))(Context(root)) if above else root
        holders = holder if isinstance(holder, list) else [holder]
        if any(isinstance(h, dict) and h.get(last.removesuffix("[]"), 0) in ([], None) for h in holders):
            return Answer(root, [])
    return None


def _flat(found: list[Any]) -> list[Any]:
    return [one for many in found for one in (many if isinstance(many, list) else [many])]
