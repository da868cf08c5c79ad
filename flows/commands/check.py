"""``rolecall check``"""

from __future__ import annotations

from pathlib import Path

from config.problems import UsageProblem
from flows.commands import show
from flows.gold import check_gold, printable


def run(gold: Path, as_json: bool) -> int:
    """Judge the rules by a folder of hand-labelled postings."""
    for name in ("postings.jsonl", "postings.labels.jsonl"):
        if not (gold / name).is_file():
            raise UsageProblem(f"{gold} holds no {name}", "Name a folder with postings.jsonl and postings.labels.jsonl")
    report = check_gold(gold)
    if as_json:
        return show.as_json(report.as_json())
    for line in printable(report).split("\n"):
        show.say(line)
    return 0
