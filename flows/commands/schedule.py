"""``rolecall deploy, schedule, pause, resume``: when sources are crawled without being asked."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

from config.settings import settings
from flows.commands import show
from flows.order import check_source
from flows.prefect_home import api_configured, prepare_environment
from storage import store
from storage.engine import writing


def deploy(pool: str, dry_run: bool, write: Path | None, as_json: bool) -> int:
    """Bring the configured Prefect API to what the cards say; with ``write`` only the text of prefect.yaml."""
    from config.problems import EnvironmentProblem
    from flows import deploy as body

    if write:
        write.write_text(body.prefect_yaml(), encoding="utf-8")
        return show.as_json({"file": str(write)}) if as_json else _say(f"{write} is what the cards say")
    if not api_configured():
        raise EnvironmentProblem(
            "no Prefect API is configured", "Set PREFECT_API_URL, or use `rolecall schedule` on one machine"
        )
    prepare_environment(settings().data)
    done = body.deploy(pool=pool, dry_run=dry_run)
    if as_json:
        return show.as_json([one._asdict() for one in done])
    show.table(("deployment", "did", "schedule"), [(d.name, d.did, "on" if d.active else "off") for d in done])
    return 0


def schedule(database: str | None, port: int, limit: int, as_json: bool) -> int:
    """Serve every deployment on this machine until it is stopped; with ``as_json`` stdout says first which."""
    from flows import deploy as body

    if database:
        # the runs are processes of their own: they read it from the environment
        os.environ["ROLECALL_DATABASE"] = database
        settings.cache_clear()
    where = "the configured Prefect API" if api_configured() else f"a Prefect server on http://127.0.0.1:{port}"
    names = ", ".join(f"{group.name} ({len(group.sources)} sources)" for group in body.groups())
    show.note(f"serving {names} by {where}; Ctrl-C stops, schedules stay as they are")
    if as_json:
        show.as_json([{"deployment": g.name, "sources": g.sources, "every": str(g.every)} for g in body.groups()])
        sys.stdout.flush()
    body.schedule(settings().data, port=port, limit=limit)
    return 0


def pause(source: str, because: str, database: str | None, as_json: bool) -> int:
    """Crawl a source no more until it is resumed; no deploy and no schedule undoes it."""
    check_source(source)
    now = dt.datetime.now(dt.UTC)
    with show.database(database, write=True, create=True) as engine, writing(engine) as conn:
        store.pause_source(conn, source, now=now, because=because)
    said = {"source": source, "paused_at": now.isoformat(), "because": because}
    return show.as_json(said) if as_json else _say(f"{source} is paused; `rolecall resume {source}` ends it")


def resume(source: str, database: str | None, as_json: bool) -> int:
    """End a pause: the source is crawled again when it is due."""
    check_source(source)
    with show.database(database, write=True, create=True) as engine, writing(engine) as conn:
        store.resume_source(conn, source)
    said = {"source": source, "paused_at": None}
    return show.as_json(said) if as_json else _say(f"{source} is crawled again when it is due")


def _say(line: str) -> int:
    show.say(line)
    return 0
