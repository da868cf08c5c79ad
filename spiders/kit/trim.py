"""A real answer as a recording may keep it: a handful of records, addresses and numbers of people masked."""

from __future__ import annotations

import re
from typing import Any

import orjson
from lxml import etree

from spiders.bases.fields import Context, Path
from spiders.bases.strict_json import loads

KEPT = 5
"""Records of a list that are kept."""
MAIL = re.compile(r"[A-Za-z0-9][\w.+%-]{0,63}(?:@|%40)(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}")
# international numbers, and national ones that are written in groups; never a bare run of digits, which may be an id
PHONE = re.compile(r"\+\d{1,3}[\s().-]{0,3}(?:\d[\s().-]{0,2}){6,12}\d|\(?\b0?\d{2,4}\)?[\s.-]\d{3,4}[\s.-]\d{3,5}\b")
NO_PHONE = "+00 000 000000"
"""What stands in a recording for every telephone number."""
INVENTED = (
    "Larkspur Ledger",
    "Tidemark Freight",
    "Quillstone Health",
    "Brambleworks",
    "Nordhavn Grid",
    "Veloz Mercado",
)


def masked(text: str) -> str:
    """E-mail addresses and telephone numbers replaced by ones of nobody."""
    return PHONE.sub(NO_PHONE, MAIL.sub("somebody@example.com", text))


def trimmed(body: bytes, records: str, item: str = "", kept: int = KEPT, invent: dict[str, str] | None = None) -> bytes:
    """The answer with at most ``kept`` records and nobody's address; ``invent`` maps real names to invented ones."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        said = orjson.dumps(_cut(loads(body), records, kept), option=orjson.OPT_INDENT_2).decode()
    elif start == b"<" and item:
        said = _cut_feed(body, item, kept)
    else:
        said = body.decode("utf-8", "replace")
    for real, name in (invent or {}).items():
        said = said.replace(real, name)
    return masked(said).encode()


def names(body: bytes, paths: list[str]) -> dict[str, str]:
    """For each company that the records name, an invented one."""
    root = loads(body) if body.lstrip()[:1] in (b"{", b"[") else None
    said: list[str] = []
    for path in paths:
        found = Path(path)(Context(root))
        said += [
            one for one in (found if isinstance(found, list) else [found]) if isinstance(one, str) and len(one) > 2
        ]
    distinct = sorted(set(said), key=lambda one: (-len(one), one))
    return {real: INVENTED[n % len(INVENTED)] for n, real in enumerate(distinct)}


def _cut(root: Any, records: str, kept: int) -> Any:
    if isinstance(root, list):
        return root[:kept]
    if not records or not isinstance(root, dict):
        return root
    first, _, rest = records.partition(".")
    return {key: _cut(value, rest, kept) if key == first else value for key, value in root.items()}


def _cut_feed(body: bytes, item: str, kept: int) -> str:
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    for one in list(root.iter(f"{{*}}{item}"))[kept:]:
        one.getparent().remove(one)
    return str(etree.tostring(root, encoding="unicode", pretty_print=True))
