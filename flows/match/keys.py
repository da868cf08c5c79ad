"""Blocking: which ads may meet at all.

Two ads are compared only if they share a key, so the work grows with the ads and not with their square. An ad has
four to seven keys: employer with title core and level, for every name the employer is known by and, where the text does
not name that employer, for those it names; the page on a hosting system, or another address of its own; the requisition
number; and, so that ads without a believable employer meet too, the smallest hashes of the job's own part with title
core and level, two at a time, since a single one may be a phrase that everybody uses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from flows.match.ad import Ad


def block_keys(ad: Ad) -> tuple[int, ...]:
    """The keys of an ad, as signed 64-bit numbers, in ascending order; () where nothing is known of it."""
    return tuple(sorted({_number(parts) for parts in _parts(ad)}))


def touched_keys(ads: Iterable[Ad]) -> set[int]:
    """The keys that new or changed ads touch: every stored ad with one of them may be decided anew."""
    return {key for ad in ads for key in block_keys(ad)}


def _parts(ad: Ad) -> Iterator[tuple[str, ...]]:
    text = ad.text
    if ad.core:
        named = () if text.names_itself and ad.company else text.named
        for employer in (*ad.employers, *named):
            yield "employer", employer, ad.core, ad.level
        for pair in (text.body[:2], text.body[2:4]):
            if len(pair) == 2:
                yield "text", *map(str, pair), ad.core, ad.level
        for address in ad.addresses:
            yield "address", str(address), ad.core
    for page in ad.pages:
        yield "page", page
    if ad.requisition:
        yield "requisition", ad.requisition, ad.core


def _number(parts: tuple[str, ...]) -> int:
    said = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big", signed=True)
