"""What a run is doing, in one line for a person who looks on; silent where nobody does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner

if TYPE_CHECKING:
    from flows.ingest import Stage

T = TypeVar("T")

DOING = {
    "settle": "storing",
    "look": "looking at pages of ads not seen for long",
    "load": "reading",
    "replay": "believing anew",
    "rematch": "matching",
    "derive": "counting",
    "check_whole": "checking the whole",
    "publish": "publishing",
    "watch_boards": "watching over the boards",
    "tell": "telling",
}
"""What a stage does, by its name, in the words of a person who waits."""


@contextmanager
def shown(stage: Stage) -> Iterator[Stage]:
    """The same stage; where stderr is a terminal, a line there says what is being done and goes when it is done."""
    if not sys.stderr.isatty():
        yield stage
        return
    boards = 0
    line = Spinner("dots", "crawling")

    def telling(one: Callable[..., T], /, *args: object, about: str = "") -> T:
        nonlocal boards
        line.update(text=escape(f"{DOING[one.__name__]} {about}"))
        try:
            return stage(one, *args, about=about)
        finally:
            boards += one.__name__ == "settle"
            line.update(text=f"crawling; {boards} boards are in")

    # stdout is for data alone, also while this is shown
    with Live(line, console=Console(stderr=True), transient=True, redirect_stdout=False, refresh_per_second=8):
        yield telling
