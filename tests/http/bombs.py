"""Compressed answers that are small on the wire and enormous in memory; made in pieces, kept small here too."""

from __future__ import annotations

import zlib

import brotli
from backports import zstd

from tests.http.server import page

MIB = 2**20


def _pieces(mib: int) -> list[bytes]:
    return [b"\0" * MIB] * mib


def gzip_bomb(mib: int) -> bytes:
    """Zeros as gzip: a few KiB a MiB."""
    deflate = zlib.compressobj(1, zlib.DEFLATED, 31)
    body = b"".join(deflate.compress(piece) for piece in _pieces(mib)) + deflate.flush()
    return page(body, 200, "Content-Encoding: gzip")


def brotli_bomb(mib: int) -> bytes:
    """Zeros as brotli: a few bytes a MiB."""
    press = brotli.Compressor(quality=1)
    body = b"".join(press.process(piece) for piece in _pieces(mib)) + press.finish()
    return page(body, 200, "Content-Encoding: br")


def zstd_bomb(mib: int) -> bytes:
    """Zeros as Zstandard: a few bytes a MiB."""
    press = zstd.ZstdCompressor()
    body = b"".join(press.compress(piece) for piece in _pieces(mib)) + press.flush()
    return page(body, 200, "Content-Encoding: zstd")
