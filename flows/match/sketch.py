"""The compact signature of an ad's text: what matching remembers instead of the description.

About 400 bytes hold all that comparing needs, so that new ads meet stored ones without a single description
being read. A signature is a function of one ad alone and therefore the same in whatever order ads arrive.

Texts are compared as characters: lower case, letters and digits only, so that markup, bullets and spaces of
different boards do not matter. Every run of ``SPAN`` characters is hashed; the signature keeps

- the *head*: a dense sample of the first ``HEAD`` characters, because boards that cut texts keep the beginning;
- the *body*: the ``BODY`` smallest hashes of the job's own part (its duties and requirements where the text has
  such headers), so that the employer's praise of itself, which strangers share, is set aside; a bottom-k sketch
  estimates the overlap of two texts (A. Broder, "On the resemblance and containment of documents", 1997);
- a hash of the whole, lengths, whether the text names the employer the ad claims, and whom it names otherwise.
"""

from __future__ import annotations

import functools
import hashlib
import re
import struct
from bisect import bisect_right
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flows.clean.sections import LONGEST_HEADER, kind_of_header
from flows.match.employer import named_employers, names_employer

VERSION = 1
SPAN = 20
"""Squeezed characters in a hashed run: about four words."""
HEAD = 400
"""Squeezed characters in the head: about 500 printed ones, the shortest cut among known boards."""
HEAD_RATE = 8
"""One run in this many is kept of the head: about 48."""
BODY = 64
LONGEST = 24_000
"""Characters read of a text; more than 99 % of ads are shorter, a megabyte costs no more than these."""
ENOUGH = 100
"""Squeezed characters below which a text says nothing about being alike."""
NAMES_WITHIN = 2_500
"""Characters at the beginning in which an employer introduces itself."""
OWN_ENOUGH = 300
LONGEST_LINE = LONGEST_HEADER + 40
"""Characters of a line, blanks around it included, from which it is no header whatever it says."""
BODY_ENOUGH = 1_200
"""Squeezed characters from which a text is compared as a whole and not by its beginning."""
OWN_KINDS = frozenset({"duties", "requirements", "nice", "stack"})

_HEADER = struct.Struct("<BBIIQBB")
_NAMES_ITSELF, _OWN_PART = 1, 2
_DROP = bytes(set(range(128)) - set(b"abcdefghijklmnopqrstuvwxyz0123456789"))
_SIGNS = tuple(
    sign.encode()
    for sign in "\u2019\u2018\u201c\u201d\u2014\u2013\u2011\u2010\u2022\u2026\u202f\u200b\u00a0\u00b7\ufe0f\u2192"
)
_BULLETS = "-*•·"
_LABELS = frozenset({"headquarters", "location", "locations", "based in", "standort", "office"})
_NEXT_LABEL = re.compile(
    r"\s(?:url\b|about|role|description|job|position|we|our|the|at|who|what|company)\b", re.IGNORECASE
)

Hashes = NDArray[np.uint64]
_RATE, _16, _32, _MIX = np.uint64(HEAD_RATE), np.uint64(16), np.uint64(32), np.uint64(0xD6E8FEB86659FD93)
_TRUE = np.array([True])


class Signature(NamedTuple):
    """A signature, read back. ``size`` and ``own`` count squeezed characters; ``whole`` is 0 without a text."""

    size: int = 0
    own: int = 0
    whole: int = 0
    head: frozenset[int] = frozenset()
    body: tuple[int, ...] = ()
    names_itself: bool = False
    own_part: bool = False
    named: tuple[str, ...] = ()
    """Keys of the employers the text names; only where it does not name the one the ad claims."""
    place_said: str = ""
    """What follows a label such as 'Headquarters:' at the beginning of the text."""


EMPTY = Signature()


def signature(posting: Any) -> bytes:
    """The signature of a posting's text, about 400 bytes; ``b""`` where it has no text to speak of.

    ``posting`` needs ``description_text`` and ``company``. Costs about 0.3 ms for an ad of 4,000 characters and
    never more than a few, however long the text.
    """
    text: str = (posting.description_text or "")[:LONGEST]
    squeezed = squeeze(text)
    if len(squeezed) < SPAN:
        return b""
    own = squeeze(own_part(text))
    has_own = len(own) >= OWN_ENOUGH
    beginning = runs(squeezed[:HEAD])
    body = bottom(runs(own if has_own else squeezed), BODY)
    head = _different((beginning[beginning % _RATE == 0] >> _16).astype(np.uint16))
    named_itself = names_employer(text, squeezed, posting.company)
    flags = _NAMES_ITSELF * named_itself + _OWN_PART * has_own
    names = () if named_itself else named_employers(text[:NAMES_WITHIN])
    tail = "\x1f".join((place_label(text), *names)).encode()
    whole = int.from_bytes(hashlib.blake2b(squeezed, digest_size=8).digest(), "little")
    front = _HEADER.pack(VERSION, flags, len(squeezed), len(own) if has_own else 0, whole, len(body), len(head))
    return front + body.astype(np.uint32).tobytes() + head.tobytes() + tail


@functools.lru_cache(maxsize=4096)
def read(said: bytes) -> Signature:
    """A stored signature; an empty one, or one of another version, says nothing."""
    if len(said) < _HEADER.size or said[0] != VERSION:
        return EMPTY
    _, flags, size, own, whole, bodies, heads = _HEADER.unpack_from(said)
    hashes = _hashes(bodies, heads)
    numbers = hashes.unpack_from(said, _HEADER.size)
    place, *names = said[_HEADER.size + hashes.size :].decode().split("\x1f")
    return Signature(
        size,
        own,
        whole,
        frozenset(numbers[bodies:]),
        numbers[:bodies],
        bool(flags & _NAMES_ITSELF),
        bool(flags & _OWN_PART),
        tuple(names),
        place,
    )


@functools.cache
def _hashes(bodies: int, heads: int) -> struct.Struct:
    """How the hashes of body and head lie in a signature; there are few different numbers of either."""
    return struct.Struct(f"<{bodies}I{heads}H")


def squeeze(text: str) -> bytes:
    """Lower-case letters and digits only; letters beyond ASCII stay as their UTF-8 bytes.

    Quotes, dashes and spaces beyond ASCII go as well: one board prints them straight, another curled.
    """
    squeezed = text.lower().encode("utf-8", "replace").translate(None, _DROP)
    if not text.isascii():
        for sign in _SIGNS:
            squeezed = squeezed.replace(sign, b"")
    return squeezed


def own_part(text: str) -> str:
    """Duties, requirements, nice-to-have and stack: what the job says of itself, in the text's order.

    Only lines that look like headers are asked what they open: a sentence or a list item is none.
    """
    kept: list[str] = []
    kind = "about"
    for line in text.split("\n"):
        if line and len(line) <= LONGEST_LINE and line[0] not in _BULLETS and (opened := _opened(line)):
            kind = opened
        elif kind in OWN_KINDS:
            kept.append(line)
    return "".join(kept)


def _opened(line: str) -> str | None:
    """The kind of section that a line opens; None for one that cannot be a header, or is none that is known."""
    said = line.strip()
    looks = said and len(said) <= LONGEST_HEADER and said[-1] not in ".,;" and said[0] not in _BULLETS
    return kind_of_header(said) if looks else None


def place_label(text: str) -> str:
    """The place that a board printed with a label at the beginning of the text; '' without one."""
    at = text.find(":", 0, 400)
    while at >= 0:
        words = text[max(0, at - 30) : at].split()[-2:]
        if " ".join(words).lower() in _LABELS or (words and words[-1].lower() in _LABELS):
            said = text[at + 1 : at + 64].lstrip().split("\n", 1)[0][:60].replace("\x1f", " ")
            after = _NEXT_LABEL.search(said)
            return (said[: after.start()] if after else said).strip()
        at = text.find(":", at + 1, 400)
    return ""


@functools.cache
def _powers(direction: int) -> Hashes:
    base = 0x9E3779B97F4A7C15 | 1
    inverse = pow(base, -1, 1 << 64)
    step = base if direction > 0 else inverse
    found = [1]
    for _ in range(4 * LONGEST):
        found.append(found[-1] * step & 0xFFFFFFFFFFFFFFFF)
    return np.array(found, dtype=np.uint64)


def runs(squeezed: bytes) -> Hashes:
    """A 64-bit hash of every run of ``SPAN`` characters, in the text's order (polynomial, then mixed)."""
    count = len(squeezed) - SPAN + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    sums = np.empty(len(squeezed) + 1, dtype=np.uint64)
    sums[0] = 0
    (np.frombuffer(squeezed, np.uint8) * _powers(1)[: len(squeezed)]).cumsum(out=sums[1:])
    hashed: Hashes = (sums[SPAN:] - sums[:count]) * _powers(-1)[:count]
    hashed ^= hashed >> _32
    hashed *= _MIX
    hashed ^= hashed >> _32
    return hashed


def bottom(hashed: Hashes, keep: int) -> Hashes:
    """The ``keep`` smallest different 32-bit values among the hashes, ascending."""
    values = hashed >> _32
    if len(values) > 4 * keep:
        values = values[values <= np.partition(values, 4 * keep)[4 * keep]]
    return _different(values)[:keep]


def _different(values: NDArray[Any]) -> NDArray[Any]:
    """The different values, ascending; faster than numpy's own for a few hundred."""
    if len(values) < 2:
        return values
    values.sort()
    kept: NDArray[Any] = values[np.concatenate((_TRUE, values[1:] != values[:-1]))]
    return kept


def overlap(a: Signature, b: Signature) -> float | None:
    """How much of the smaller text's sample is found in the other, 0 to 1; None where nothing can be said.

    Texts of like length are compared by the job's own part. Where one is a teaser, the beginnings are compared,
    which is all the two have in common.
    """
    if a.size < ENOUGH or b.size < ENOUGH:
        return None
    if a.whole == b.whole:
        return 1.0
    if min(a.size, b.size) >= BODY_ENOUGH and min(a.size, b.size) * 2 > max(a.size, b.size):
        found = _body_overlap(a.body, b.body)
        if found is not None:
            return found
    smaller = min(len(a.head), len(b.head))
    return len(a.head & b.head) / smaller if smaller >= 5 else None


def _body_overlap(a: tuple[int, ...], b: tuple[int, ...]) -> float | None:
    """Containment of two bottom-k sketches, counted below the smaller of their largest values."""
    if len(a) < 8 or len(b) < 8:
        return None
    limit = min(a[-1], b[-1])
    # what both have is below the limit anyway
    return len(set(a).intersection(b)) / min(bisect_right(a, limit), bisect_right(b, limit))


def identical(a: Signature, b: Signature) -> bool:
    """The same text letter for letter, or in all of its sample and nearly its length; two empty texts are."""
    if a.whole == b.whole:
        return True
    near = abs(a.size - b.size) <= 0.005 * max(a.size, b.size)
    return near and a.body == b.body and a.head == b.head
