"""``rolecall runs`` and ``rolecall run ID``"""

from __future__ import annotations

from typing import Any

from config.problems import UsageProblem
from flows.commands import show
from storage import read
from storage.engine import reading


def runs(url: str | None, limit: int, as_json: bool) -> int:
    """The last runs, newest first."""
    with show.database(url) as engine, reading(engine) as conn:
        rows = read.runs(conn, limit)
    if as_json:
        return show.as_json(rows)
    figures = ("new", "changed", "closed", "rejected")
    show.table(
        ("run", "kind", "state", "started", *figures, "because"),
        ((*_told(row), *(row["counts"].get(name, 0) for name in figures), _because(row)) for row in rows),
        right=figures,
        none="no runs yet; `rolecall ingest` is one",
    )
    return 0


def run(run_id: str, url: str | None, as_json: bool) -> int:
    """One run: its boards and its findings."""
    with show.database(url) as engine, reading(engine) as conn:
        found = read.run(conn, run_id)
    if found is None:
        raise UsageProblem(f"there is no run {run_id!r}", "`rolecall runs` lists them; `last` is the newest")
    if as_json:
        return show.as_json(found)
    show.say(f"run {found['run_id']} ({found['kind']}), {found['state'] or 'running'}: {_because(found)}")
    show.table(
        ("board", "state", "found", "new", "changed", "closed", "rejected", "because"),
        ((_name(b), b["state"], b["found"], b["new"], b["changed"], b["closed"], b["rejected"], b["because"])
         for b in found["boards"]),
        right=("found", "new", "changed", "closed", "rejected"), none="no board was read",
    )  # fmt: skip
    for look in found["looks"]:
        pages = f"{look['looked']} own pages of {_name(look)} looked at"
        show.say(f"{pages}: {look['gone']} gone, {look['alive']} still there, {look['nothing']} said nothing")
    for finding in found["findings"]:
        show.say(f"{finding['level']} {_name(finding) or 'run'}: {finding['text']} ({finding['code']})")
    return 0


def _because(run: dict[str, Any]) -> str:
    """What a run came to, without its state, which stands before it."""
    return str(run["because"]).removeprefix(f"{run['state']}: ")


def _told(row: dict[str, Any]) -> tuple[str, ...]:
    return row["run_id"], row["kind"], row["state"] or "running", show.moment(row["started_at"])


def _name(row: dict[str, Any]) -> str:
    return "/".join(part for part in (row["source"], row["board"]) if part)
