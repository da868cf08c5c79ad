"""``rolecall read``"""

from __future__ import annotations

from pathlib import Path

from config.lines import one_line
from config.problems import UsageProblem
from flows.commands.show import data, note
from flows.order import check_source
from spiders.items import RawPosting
from spiders.reading import read_saved


def run(source: str, files: list[Path], board: str) -> int:
    """Print what the spider reads in saved answers. Gives 5 where a record could not be read, 0 otherwise."""
    check_source(source)
    for file in files:
        if not file.is_file():
            raise UsageProblem(f"no such file: {file}", "Check the path")
    unread = 0
    for file in files:
        for one in read_saved(source, file, board):
            if isinstance(one, RawPosting):
                data(one_line(one.model_dump_json(exclude_none=True).encode()).decode() + "\n")
            else:
                unread += 1
                note(f"{file}: {'/'.join(filter(None, (one.external_id, one.reason)))}: {one.detail}")
    return 5 if unread else 0
