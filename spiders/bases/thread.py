"""A discussion whose replies are advertisements: each top-level comment, whole, is one posting."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from bs4 import BeautifulSoup

from spiders.bases.json_api import JsonApi
from spiders.bases.source import Answer

_BREAK = re.compile(r"<p>|<br\s{0,4}/?>|\n", re.IGNORECASE)
MAX_TITLE = 300
"""Characters of a first line that are taken as a title."""


class Thread(JsonApi, abstract=True):
    """Declare where the comment keeps its text; its first line becomes the title."""

    replies: ClassVar[str] = ""
    """The key that holds the answers to a comment; they are no ads and are not kept."""

    @classmethod
    def _required(cls) -> tuple[str, ...]:
        return ("external_id", "url", "description")

    def decode(self, body: bytes, url: str) -> Answer:
        answer = super().decode(body, url)
        records = [
            {k: v for k, v in r.items() if k != self.replies} if isinstance(r, dict) else r for r in answer.records
        ]
        return Answer(answer.root, records, answer.single)

    def read_one(self, said: dict[str, Any], record: Any) -> dict[str, Any]:
        if "title" not in said and (first := first_line(str(said.get("description") or ""))):
            said["title"] = first
        return said


def first_line(markup: str) -> str:
    """The first line of a comment that says something, as text."""
    lines = (
        " ".join(BeautifulSoup(line, "lxml").get_text(" ").split()) for line in _BREAK.split(markup[:5000], maxsplit=20)
    )
    return next((line[:MAX_TITLE] for line in lines if line), "")
