"""``rolecall migrate, backup, restore, prune, forget``: keeping the database."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import cast

from config.problems import EnvironmentProblem, UsageProblem
from config.settings import settings
from flows.commands import show
from storage import upkeep
from storage.engine import connect
from storage.migrations import HEAD
from storage.schema import migrate as bring_to_head
from storage.schema import pending

KINDS = ("company", "person", "posting")


def migrate(url: str | None, dry_run: bool, as_json: bool) -> int:
    """Bring the schema of a database to this version, or say what that would run."""
    if dry_run:
        return _would_migrate(url, as_json)
    settings().data.mkdir(parents=True, exist_ok=True)
    engine = connect(settings().database_url(url), create=True)
    try:
        before, after = bring_to_head(engine)
    finally:
        engine.dispose()
    said = {"before": before, "after": after}
    if as_json:
        return show.as_json(said)
    return (
        _say("schema", before or "none", "->", after) if before != after else _say("schema", after, "is this version's")
    )


def _would_migrate(url: str | None, as_json: bool) -> int:
    engine = connect(settings().database_url(url), read_only=True)
    try:
        before, steps = pending(engine)
    finally:
        engine.dispose()
    if as_json:
        return show.as_json({"before": before, "after": HEAD, "dry_run": True, "revisions": steps})
    for revision, about in steps.items():
        _say("would run", f"{revision}:", about)
    return _say("schema", before or "none", "->", HEAD) if before != HEAD else _say("schema", HEAD, "is this version's")


def backup(out: Path, url: str | None, as_json: bool) -> int:
    """A consistent copy as one SQLite file, of an earlier schema too: that is backed up before it is migrated."""
    if not out.parent.is_dir():
        raise UsageProblem(f"the folder of {out} does not exist", "Make it, or say another")
    engine = connect(settings().database_url(url), read_only=True)
    try:
        rows = upkeep.backup(engine, out)
    except sqlite3.OperationalError as error:
        raise EnvironmentProblem(
            f"{out} cannot be written: {error}", "Check its folder, its rights and the disk"
        ) from None
    except FileExistsError as error:
        raise UsageProblem(str(error), "Name a file that does not exist yet") from error
    finally:
        engine.dispose()
    return show.as_json({"file": str(out), "rows": rows}) if as_json else _say(out, "holds", sum(rows.values()), "rows")


def restore(file: Path, url: str | None, overwrite: bool, dry_run: bool, as_json: bool) -> int:
    """Put a backup in place of the database."""
    if not file.is_file():
        raise UsageProblem(f"no such file: {file}", "Check the path")
    settings().data.mkdir(parents=True, exist_ok=True)
    rows = upkeep.restore(settings().database_url(url), file, overwrite=overwrite, dry_run=dry_run)
    if as_json:
        return show.as_json({"file": str(file), "rows": rows, "dry_run": dry_run})
    return _say("would restore" if dry_run else "restored", sum(rows.values()), "rows from", file)


def prune(url: str | None, captures_days: int | None, rejections_days: int, dry_run: bool, as_json: bool) -> int:
    """Delete what is kept for a time only."""
    days = settings().keep_captures_days if captures_days is None else captures_days
    with show.database(url, write=True) as engine:
        gone = upkeep.prune(
            engine, now=dt.datetime.now(dt.UTC), captures_days=days, rejections_days=rejections_days, dry_run=dry_run
        )
        if not dry_run and any(gone.values()):
            upkeep.compact(engine)
    if as_json:
        return show.as_json({"deleted": gone, "dry_run": dry_run})
    return _say(
        "would delete" if dry_run else "deleted", ", ".join(f"{n} {name}{'s' * (n != 1)}" for name, n in gone.items())
    )


def forget(kind: str, name: str, url: str | None, dry_run: bool, as_json: bool) -> int:
    """Delete a posting or a company with everything kept of it, or mask a person's name."""
    if kind not in KINDS:
        raise UsageProblem(f"there is no way to forget a {kind!r}", f"Say one of {', '.join(KINDS)}")
    with show.database(url, write=True) as engine:
        try:
            gone = upkeep.forget(engine, cast(upkeep.Kind, kind), name, now=dt.datetime.now(dt.UTC), dry_run=dry_run)
        except ValueError as error:
            raise UsageProblem(str(error), "Say whom, or which ad") from error
    if as_json:
        return show.as_json({"kind": kind, "dry_run": dry_run, **gone._asdict()})
    what = ", ".join(f"{n} {name}" for name, n in gone._asdict().items())
    _say("would delete or mask" if dry_run else "deleted or masked", what)
    return _say("Exports, snapshots and backups made before still hold it: make them anew, or delete them.")


def _say(*words: object) -> int:
    show.say(" ".join(map(str, words)))
    return 0
