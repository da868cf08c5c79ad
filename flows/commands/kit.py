"""``rolecall new, try, record``: the kit of the spider engineer. Its bodies live with the spiders."""

from __future__ import annotations

from pathlib import Path

from config.problems import EnvironmentProblem, UsageProblem
from flows.commands import show
from flows.order import check_source
from spiders.bases.reading import Unreadable
from spiders.errors import SiteError
from spiders.kit import new as made
from spiders.kit.trial import Trial, try_spider


def new(name: str, url: str, answer: Path | None, invent: bool, as_json: bool) -> int:
    """Spider, card, recording and golden from one answer of the board."""
    root = _checkout()
    if answer and not answer.is_file():
        raise UsageProblem(f"no such file: {answer}", "Check the path")
    try:
        files = made.new(name, url, root, answer, invent=invent)
    except made.NoName as error:
        raise UsageProblem(str(error), "Give another name") from error
    except (ValueError, Unreadable, SiteError, OSError) as error:
        raise UsageProblem(str(error), "Give a saved answer with --answer FILE, or another address") from error
    paths = {"spider": files.spider, "card": files.card, "recording": files.recording}
    made_here = {what: str(path.relative_to(root)) for what, path in paths.items()}
    if as_json:
        return show.as_json(made_here)
    for what, where in made_here.items():
        show.say(f"{what:10}{where}")
    show.say(
        f"Next: finish the spider, look through what its card ignores, then  rolecall try {name}  and  pytest -k {name}"
    )
    return 0


def attempt(name: str, files: list[Path], board: str, as_json: bool) -> int:
    """What the spider reads in files, or in its recording: filled fields, three rows, keys not read."""
    check_source(name)
    for file in files:
        if not file.is_file():
            raise UsageProblem(f"no such file: {file}", "Check the path")
    try:
        trial = try_spider(name, files or None, board)
    except KeyError as error:
        raise UsageProblem(f"{name} has no recording", f"rolecall record {name}, or name files") from error
    if as_json:
        from dataclasses import asdict

        return show.as_json(asdict(trial))
    _show(trial)
    return 5 if trial.rejected else 0


def record(name: str, board: str, invent: bool, as_json: bool) -> int:
    """A fresh recording of a source's first list, trimmed and masked, and its golden."""
    check_source(name)
    try:
        folder = made.record(name, _checkout(), board, invent=invent)
    except (Unreadable, SiteError, OSError) as error:
        raise EnvironmentProblem(str(error), "Try again later, or look at the site") from error
    if as_json:
        return show.as_json({"recording": str(folder)})
    show.say(f"{folder}: read it, then commit it")
    return 0


def _show(trial: Trial) -> None:
    show.say(f"{trial.source}: {trial.ads} ads in {trial.records} records")
    show.table(("field", "filled"), ((name, f"{share:.0%}") for name, share in trial.filled.items()), right=("filled",))
    for row in trial.rows:
        show.say(" | ".join(f"{key}: {' '.join(str(value).split())[:60]}" for key, value in row.items()))
    for what, counts in (("key not read", trial.unread_keys), ("unknown value", trial.unknown_values)):
        for name, times in counts.items():
            show.say(f"{what}: {name} ({times})")
    for line in trial.rejected:
        show.say(f"rejected: {line}")


def _checkout() -> Path:
    """The checkout that new files go to. Raises UsageProblem outside of one."""
    root = Path.cwd()
    if not (root / "spiders" / "boards").is_dir() or not (root / "config" / "sources").is_dir():
        raise UsageProblem(
            "this is no checkout of Rolecall", "Change to its folder: spiders and cards are written there"
        )
    return root
