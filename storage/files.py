"""Files that people read appear whole under their name, or not at all: written beside, then renamed."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

STDOUT = Path("/dev/stdout")


@contextlib.contextmanager
def written(out: Path | None) -> Iterator[IO[bytes]]:
    """A file to write to that is renamed to ``out`` at the end; None is stdout. A pipe or a device is written to as it
    stands; a link is replaced and never followed, but for that of the system to stdout.

    Raises OSError where the folder does not exist or cannot be written; nothing is left behind then.
    """
    if out is None or out == STDOUT:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if not out.is_symlink() and out.exists() and not out.is_file():
        with out.open("wb") as file:
            yield file
        return
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def written_folder(out: Path) -> Iterator[Path]:
    """A folder to fill that is renamed to ``out`` at the end; what stood there before is replaced as a whole.

    Raises FileExistsError where ``out`` is a file, or a folder that this function did not make.
    """
    mark = ".rolecall"
    if out.exists() and not (out / mark).exists():
        raise FileExistsError(f"{out} exists and is not an export; give another folder")
    part = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
    old = part.with_suffix(".old")
    try:
        (part / mark).touch()
        yield part
        part.chmod(0o777 & ~_umask())
        if out.exists():
            out.rename(old)
        part.rename(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
