"""Goldens: what reading a recording gives, written by the machine and read by a person.

``python -m spiders.kit.goldens [SOURCE ...]`` crawls recordings through the replay server and rewrites their
``expected.jsonl``. Read the difference before you commit it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.lines import one_line
from spiders.replay import CLOCK, Recording, ReplayServer, boards_of, recordings


@dataclass
class Crawled:
    """What a crawl of one source left: its landing lines in a stable order, and the outcome of each board."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def golden(self) -> list[dict[str, Any]]:
        """The lines as a golden keeps them: without payloads, which stand in the recorded answers anyway."""
        return [{k: v for k, v in line.items() if k != "payload"} for line in self.lines]


def crawl_recorded(
    recorded: Mapping[str, Recording],
    folder: Path,
    known: Path | None = None,
    settings: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Crawled], ReplayServer]:
    """Crawl recordings in a child process. The server is given back for the requests that it counted (``hits``)."""
    server = ReplayServer(recorded)
    folder.mkdir(parents=True, exist_ok=True)
    with server as address:
        order = {
            "run": "golden",
            "spool": str(folder),
            "known": str(known) if known else None,
            "now": CLOCK,
            "sources": list(boards_of(recorded)),
            "settings": {"LOG_LEVEL": "WARNING", **(settings or {}), "ROLECALL_REPLAY": address},
        }
        path = folder / "order.json"
        path.write_text(json.dumps(order), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "spiders.crawl", str(path)], capture_output=True, check=False, text=True
        )
    if not (folder / "outcomes.jsonl").exists():
        raise RuntimeError(f"the crawl ended with {done.returncode}: {done.stderr[-2000:]}")
    return landed(folder), server


def landed(folder: Path) -> dict[str, Crawled]:
    """The segments and outcomes in a spool, by source."""
    found: dict[str, Crawled] = {}
    for line in (folder / "outcomes.jsonl").read_bytes().splitlines():
        outcome = json.loads(line)
        found.setdefault(outcome["source"], Crawled()).outcomes[outcome["board"]] = outcome
    for segment in sorted(folder.glob("*.jsonl")):
        source = segment.name.partition("~")[0]
        if source in found:
            found[source].lines += [json.loads(s) for s in segment.read_bytes().splitlines()]
    for crawled in found.values():
        crawled.lines.sort(key=_order)
    return found


def _order(line: dict[str, Any]) -> tuple[str, str, str]:
    said = line.get("rejected", line)
    return (said.get("board") or "", str(said.get("external_id") or said.get("seen") or ""), json.dumps(line)[:200])


def main(arguments: list[str]) -> int:
    """Rewrite the goldens of the sources named, or of all."""
    recorded = recordings()
    wanted = {source: recorded[source] for source in arguments or recorded}
    with tempfile.TemporaryDirectory() as folder:
        crawled, _ = crawl_recorded(wanted, Path(folder))
    for source, one in wanted.items():
        lines = [one_line(json.dumps(line, ensure_ascii=False).encode()) + b"\n" for line in crawled[source].golden()]
        one.expected.write_bytes(b"".join(lines))
        states = ", ".join(f"{o['board'] or 'board'} {o['state']}" for o in crawled[source].outcomes.values())
        sys.stdout.write(f"{source}: {len(lines)} lines, {states}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
