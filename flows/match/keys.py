"""Blocking: which ads may meet at all.

Two ads are compared only if they share a key, so the work grows with the ads and not with their square. An ad has
five to eight keys: employer with title core and level, for every name the employer is known by and, where the text does
not name that employer, for those it names; the page on a hosting system, or another address of its own; the requisition
number; and, so that ads without a believable employer meet too, the smallest hashes of the job's own part with title
core and level, three at a time, since one alone may be a phrase that everybody uses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from flows.match.ad import Ad


def block_keys(ad: Ad) -> tuple[int, ...]:
    """The keys under which an ad is stored, as signed 64-bit numbers in ascending order; () where nothing is known."""
    texts = text_keys(ad)
    asked = _asking(texts) if nameless(ad) else set()
    return tuple(sorted({*own_keys(ad), *texts, *asked}))


def touched_keys(ads: Iterable[Ad]) -> set[int]:
    """The keys that new or changed ads touch: every ad stored under one of them may be decided anew."""
    touched: set[int] = set()
    for ad in ads:
        texts = text_keys(ad)
        touched.update(own_keys(ad), texts if nameless(ad) else _asking(texts))
    return touched


def nameless(ad: Ad) -> bool:
    """No employer is known, or somebody recruits for one: such ads look for others by their text.

    Ads with an employer are found by their text, but do not find one another by it: a phrase that strangers use would
    make neighbours of them all.
    """
    return ad.agency or not ad.employers


def own_keys(ad: Ad) -> Iterator[int]:
    """Keys by employer, address, page and requisition."""
    text = ad.text
    if ad.core:
        named = () if text.names_itself and ad.company else text.named
        for employer in (*ad.employers, *ad.stems, *named):
            yield _number("employer", employer, ad.core, ad.level)
        for address in ad.addresses:
            yield _number("address", str(address), ad.core)
    for page in ad.pages:
        yield _number("page", page)
    if ad.requisition:
        yield _number("requisition", ad.requisition, ad.core)


def text_keys(ad: Ad) -> list[int]:
    """Keys by the job's own part of the text."""
    body = ad.text.body if ad.core else ()
    triples = [triple for triple in (body[:3], body[3:6], body[6:9]) if len(triple) == 3]
    return [_number("text", *map(str, triple), ad.core, ad.level) for triple in triples]


def _asking(texts: Iterable[int]) -> set[int]:
    """The keys under which nameless ads wait for those with these text keys."""
    return {_number("nameless", str(text)) for text in texts}


def _number(*parts: str) -> int:
    said = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big", signed=True)
