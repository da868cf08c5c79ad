"""``rolecall VERB ...``: data on stdout, talk on stderr, a documented exit code.

Every heavy import stands inside the verb that needs it, so that ``--help`` answers at once.

Exit codes: 0 ok, 1 unexpected, 2 usage, 3 environment or database, 4 a quality gate failed, 5 partial,
6 blocked or rate-limited, 130 cancelled.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from config.problems import EnvironmentProblem, Problem, UsageProblem
from flows.errors import Cancelled

app = typer.Typer(
    name="rolecall",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Reads remote-job boards politely and keeps one clean, deduplicated, dated database of back-end jobs.\n\n"
    "Begin with:  rolecall ingest --demo",
    epilog="Exit codes: 0 ok, 1 unexpected, 2 usage, 3 environment or database, 4 a quality gate failed, "
    "5 partial, 6 blocked or rate-limited, 130 cancelled.",
)

Database = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="sqlite:///FILE or postgresql://...; default ROLECALL_DATABASE"),
]
NoDatabase = Annotated[str | None, typer.Option("--database", metavar="URL", help="not used")]
"""So that every verb takes it, also one that asks no database: a script says it once for all."""
AsJson = Annotated[bool, typer.Option("--json", help="machine-readable output on stdout")]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"rolecall {version('rolecall')}")
        raise typer.Exit


@app.callback()
def _rolecall(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")] = False,
) -> None:
    """Options before the verb."""


@app.command(
    epilog="Examples:  rolecall ingest            what is due, of every source that is on\n\n"
    "           rolecall ingest remotive greenhouse/acme\n\n"
    "           rolecall ingest --from postings.jsonl --plain"
)
def ingest(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE[/BOARD] ...]", help="default: every source that is due")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="the packaged recordings, served on loopback; no network")
    ] = False,
    from_files: Annotated[
        list[Path] | None, typer.Option("--from", metavar="FILE", help="RawPosting lines, .jsonl or .jsonl.gz")
    ] = None,
    site: Annotated[str | None, typer.Option(metavar="URL", help="any site with schema.org JobPosting")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="the same stages without Prefect")] = False,
    force: Annotated[bool, typer.Option("--force", help="crawl the named sources though they are not due")] = False,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """The main job: crawl, land, clean, classify, check, store, match, report.

    Files given by --from may also stand as further arguments behind the first one.
    """
    from flows.commands.ingest import run

    files = list(from_files or [])
    names = list(sources or [])
    if files:
        # `--from *.jsonl` is what people type: the shell leaves all but the first file as arguments
        files += [Path(name) for name in names]
        names = []
    raise typer.Exit(
        run(
            sources=names,
            files=files,
            demo=demo,
            site=site,
            plain=plain,
            force=force,
            database=database,
            as_json=as_json,
        )
    )


@app.command(epilog="Example:  rolecall read remoteok saved.json > postings.jsonl")
def read(
    source: Annotated[str, typer.Argument(help="slug of the source, for instance remoteok")],
    files: Annotated[list[Path], typer.Argument(help="saved answers")],
    board: Annotated[str, typer.Option(help="tenant the answers belong to")] = "",
    _json: Annotated[bool, typer.Option("--json", help="the output is JSON lines either way")] = False,
    _database: NoDatabase = None,
) -> None:
    """What the spider of SOURCE reads in saved answers, as RawPosting lines."""
    from flows.commands.read import run

    raise typer.Exit(run(source, files, board))


@app.command(epilog="Example:  rolecall export jobs --format parquet --out jobs.parquet")
def export(
    what: Annotated[str, typer.Argument(metavar="postings|jobs")],
    format: Annotated[
        str, typer.Option("--format", "-f", help="jsonl, csv, parquet, xlsx, jsonld, atom, datapackage")
    ] = "jsonl",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="file or folder; default stdout for the formats that are text")
    ] = None,
    by_month: Annotated[bool, typer.Option("--by-month", help="a folder of Parquet files, one a month")] = False,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Postings or jobs as a file: written beside and renamed, the same data gives the same bytes.

    With --json and --out, what was written is said on stdout as JSON.
    """
    from flows.commands.export import run

    raise typer.Exit(run(what, format, out, by_month, database, as_json))


@app.command(epilog="Example:  rolecall status --json | jq '.boards[] | select(.state != \"complete\")'")
def status(
    source: Annotated[str | None, typer.Argument(help="only the boards of this source")] = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Each board: last complete run, yield, least filled field, next due, findings. Of more than a hundred boards, each source."""
    from flows.commands.status import run

    raise typer.Exit(run(database, as_json, source))


@app.command(epilog="Example:  rolecall sources --json")
def sources(as_json: AsJson = False, database: Database = None) -> None:
    """All known sources: kind, coverage, cadence, terms, attribution, on or why not."""
    from flows.commands.sources import run

    raise typer.Exit(run(database, as_json))


@app.command(epilog="Example:  rolecall why 0123456789abcdef")
def why(
    job: Annotated[str, typer.Argument(help="a job id, or one of its ads: posting key or source/external_id")],
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """The ads of a job, the rule and score that joined each, and where each of its facts came from."""
    from flows.commands.why import run

    raise typer.Exit(run(job, database, as_json))


DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done, do nothing")]


@app.command(epilog="Example:  rolecall runs --limit 5")
def runs(
    limit: Annotated[int, typer.Option(min=1, help="how many")] = 20, database: Database = None, as_json: AsJson = False
) -> None:
    """The last runs: what they came to, and why."""
    from flows.commands.runs import runs as body

    raise typer.Exit(body(database, limit, as_json))


@app.command(epilog="Example:  rolecall run last")
def run(
    run_id: Annotated[str, typer.Argument(metavar="ID", help="a run's id; `last` is the newest")] = "last",
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """One run: its boards and its findings."""
    from flows.commands.runs import run as body

    raise typer.Exit(body(run_id, database, as_json))


@app.command(epilog="Example:  rolecall doctor --robots")
def doctor(
    robots: Annotated[bool, typer.Option("--robots", help="also ask each host for its robots.txt")] = False,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """What must be right on this machine, each with a remedy where it is not. Exit code 3 where something is not."""
    from flows.commands.doctor import run as body

    raise typer.Exit(body(database, robots, as_json))


@app.command(epilog="Example:  rolecall replay remotive lever      after a change of rules")
def replay(
    sources: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE ...]", help="default: all")] = None,
    runner: Annotated[str, typer.Option(help="here, or dask: on an existing cluster")] = "here",
    scheduler: Annotated[str | None, typer.Option(metavar="tcp://HOST:8786", help="of the Dask cluster")] = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Believe anew what was received: after a change of rules, without a crawl. Says what moved."""
    from flows.commands.replay import run as body

    raise typer.Exit(body(list(sources or []), database, runner, scheduler, as_json))


rejections = typer.Typer(no_args_is_help=True, help="Records that could not be believed: list them, judge them again.")
app.add_typer(rejections, name="rejections")


@rejections.command("list", epilog="Example:  rolecall rejections list remotive --state all")
def rejections_list(
    source: Annotated[str | None, typer.Argument(help="only of this source")] = None,
    state: Annotated[str, typer.Option(help="open, replayed, dismissed or all")] = "open",
    limit: Annotated[int, typer.Option(min=1, help="how many")] = 100,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Records that could not be believed, newest first, each with its reason and where it stood."""
    from flows.commands.rejections import listed

    raise typer.Exit(listed(database, source, state, limit, as_json))


@rejections.command("replay", epilog="Example:  rolecall rejections replay remotive --dry-run")
def rejections_replay(
    source: Annotated[str | None, typer.Argument(help="only of this source")] = None,
    dry_run: DryRun = False,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Judge open rejections by today's rules and store what can be believed now."""
    from flows.commands.rejections import replay as body

    raise typer.Exit(body(database, source, dry_run, as_json))


@app.command(epilog="Example:  rolecall migrate --dry-run")
def migrate(dry_run: DryRun = False, database: Database = None, as_json: AsJson = False) -> None:
    """Bring a database's schema to this version, all of it or nothing."""
    from flows.commands.keep import migrate as body

    raise typer.Exit(body(database, dry_run, as_json))


@app.command(epilog="Example:  rolecall backup rolecall-2026-11-22.db")
def backup(
    out: Annotated[Path, typer.Argument(metavar="FILE")], database: Database = None, as_json: AsJson = False
) -> None:
    """A consistent copy of the database, also while it is written to, as one SQLite file."""
    from flows.commands.keep import backup as body

    raise typer.Exit(body(out, database, as_json))


@app.command(epilog="Example:  rolecall restore rolecall-2026-11-22.db --dry-run")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="what `rolecall backup` wrote")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="replace a database that holds rows")] = False,
    dry_run: DryRun = False,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in place of the database; nothing changes where the backup is damaged."""
    from flows.commands.keep import restore as body

    raise typer.Exit(body(file, database, overwrite, dry_run, as_json))


@app.command(epilog="Example:  rolecall prune --dry-run")
def prune(
    captures_days: Annotated[int | None, typer.Option(min=0, help="default: ROLECALL_KEEP_CAPTURES_DAYS")] = None,
    rejections_days: Annotated[int, typer.Option(min=0, help="settled rejections older than this")] = 180,
    dry_run: DryRun = False,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Delete what is kept for a time only: captures and settled rejections."""
    from flows.commands.keep import prune as body

    raise typer.Exit(body(database, captures_days, rejections_days, dry_run, as_json))


@app.command(epilog="Example:  rolecall forget company 'Larkspur Ledger' --dry-run")
def forget(
    kind: Annotated[str, typer.Argument(metavar="company|person|posting")],
    name: Annotated[str, typer.Argument(help="a company's or person's name; a posting's key or address")],
    dry_run: DryRun = False,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Delete on request, from database, captures and every later export; that it was done is recorded."""
    from flows.commands.keep import forget as body

    raise typer.Exit(body(kind, name, database, dry_run, as_json))


@app.command(epilog="Example:  rolecall check --gold labelled")
def check(
    gold: Annotated[Path, typer.Option(metavar="DIR", help="postings.jsonl and postings.labels.jsonl")],
    _database: NoDatabase = None,
    as_json: AsJson = False,
) -> None:
    """Judge the rules by hand-labelled postings: figures and the confusion table of roles."""
    from flows.commands.check import run as body

    raise typer.Exit(body(gold, as_json))


@app.command(epilog="Example:  PREFECT_API_URL=http://127.0.0.1:4200/api rolecall deploy --dry-run")
def deploy(
    pool: Annotated[str, typer.Option(help="work pool of type process, made where it is missing")] = "rolecall",
    write: Annotated[Path | None, typer.Option("--write", metavar="FILE", help="only write prefect.yaml")] = None,
    dry_run: DryRun = False,
    _database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="not used: each worker has its own ROLECALL_DATABASE"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Deployments and automations on the configured Prefect API, as the cards say; what is paused stays paused."""
    from flows.commands.schedule import deploy as body

    raise typer.Exit(body(pool, dry_run, write, as_json))


@app.command(epilog="Example:  rolecall schedule --port 4200")
def schedule(
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="of the Prefect server that is started where none is configured")
    ] = 4200,
    limit: Annotated[int, typer.Option(min=1, help="runs at one time")] = 1,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Run what is due on this machine, until stopped; schedules are not paused by that."""
    from flows.commands.schedule import schedule as body

    raise typer.Exit(body(database, port, limit, as_json))


@app.command(epilog="Example:  rolecall pause remotive --because 'they asked us to'")
def pause(
    source: Annotated[str, typer.Argument(help="slug of the source")],
    because: Annotated[str, typer.Option(help="the reason, shown by `rolecall sources`")] = "",
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Crawl a source no more until it is resumed."""
    from flows.commands.schedule import pause as body

    raise typer.Exit(body(source, because, database, as_json))


@app.command(epilog="Example:  rolecall resume remotive")
def resume(
    source: Annotated[str, typer.Argument(help="slug of the source")],
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """End a pause."""
    from flows.commands.schedule import resume as body

    raise typer.Exit(body(source, database, as_json))


@app.command(epilog="Example:  rolecall report --out report && open report/index.html")
def report(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="folder of the page and its data")],
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """The market report: one HTML page that needs nothing but itself, with the data and SQL of each plot beside it."""
    from flows.commands.report import run as body

    raise typer.Exit(body(out, database, as_json))


@app.command(epilog="Example:  rolecall serve --port 8002")
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8001,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Browse the data with Datasette: a read-only copy, with facets, search, and the questions of the report."""
    from flows.commands.serve import run as body

    raise typer.Exit(body(host, port, database, as_json))


@app.command(epilog='Example:  rolecall query "SELECT role, COUNT(*) FROM v_jobs_open GROUP BY role"')
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="one SELECT; - reads it from stdin")],
    values: Annotated[list[str] | None, typer.Option("--value", metavar="NAME=VALUE", help="for :NAME in SQL")] = None,
    rows: Annotated[int, typer.Option(min=1, help="at most so many rows")] = 1000,
    seconds: Annotated[float, typer.Option(min=0.1, help="at most so long")] = 10.0,
    format: Annotated[str, typer.Option("--format", "-f", help="table, csv or json")] = "table",
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Ask the database in SQL: it can be read only, never changed."""
    from flows.commands.query import run as body

    raise typer.Exit(body(sql, list(values or []), rows, seconds, "json" if as_json else format, database))


@app.command(epilog="Example:  rolecall snapshot --out snapshots")
def snapshot(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="folder that receives the snapshot's folder")],
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """A dated, checksummed copy of the facts that a paper can cite: SQLite, Parquet, data package. Never replaced."""
    from flows.commands.snapshot import run as body

    raise typer.Exit(body(out, database, as_json))


@app.command(epilog="Example:  rolecall new acmejobs https://jobs.example.com/api/list")
def new(
    name: Annotated[str, typer.Argument(help="slug of the new source")],
    url: Annotated[str, typer.Argument(help="where its list stands")],
    answer: Annotated[
        Path | None, typer.Option(metavar="FILE", help="a saved answer, instead of asking the board")
    ] = None,
    invent: Annotated[bool, typer.Option("--invent", help="replace company names in the recording")] = False,
    _database: NoDatabase = None,
    as_json: AsJson = False,
) -> None:
    """Spider, card, recording and golden of a new source, from one answer; its fields guessed by their names."""
    from flows.commands.kit import new as body

    raise typer.Exit(body(name, url, answer, invent, as_json))


@app.command("try", epilog="Example:  rolecall try greenhouse saved.json --board acme")
def try_(
    name: Annotated[str, typer.Argument(help="slug of the source")],
    files: Annotated[list[Path] | None, typer.Argument(help="saved answers; default: its recording")] = None,
    board: Annotated[str, typer.Option(help="tenant the answers belong to")] = "",
    _database: NoDatabase = None,
    as_json: AsJson = False,
) -> None:
    """What a spider reads: filled fields, three rows, and the keys that it does not read."""
    from flows.commands.kit import attempt

    raise typer.Exit(attempt(name, list(files or []), board, as_json))


@app.command(epilog="Example:  rolecall record remotive --invent")
def record(
    name: Annotated[str, typer.Argument(help="slug of the source")],
    board: Annotated[str, typer.Option(help="tenant to ask")] = "",
    invent: Annotated[bool, typer.Option("--invent", help="replace company names by invented ones")] = False,
    _database: NoDatabase = None,
    as_json: AsJson = False,
) -> None:
    """A fresh recording of a source's list, trimmed, e-mail addresses and telephone numbers masked, and its golden."""
    from flows.commands.kit import record as body

    raise typer.Exit(body(name, board, invent, as_json))


def main(arguments: list[str] | None = None) -> None:
    """The console script. Turns every expected problem into one line and its exit code."""
    sys.exit(_ended(arguments))


def _ended(arguments: list[str] | None) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # what a terminal has no letter for is shown as its escape, on stderr as on stdout
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        result: Any = app(arguments, standalone_mode=False)
        sys.stdout.flush()
        if result == Cancelled.code:  # typer's answer to a Ctrl-C
            raise Cancelled
        return result if isinstance(result, int) else 0
    except Problem as problem:
        _say(problem.line())
        return problem.code
    except (Cancelled, KeyboardInterrupt):
        _say("cancelled; what was complete is kept")
        return Cancelled.code
    except BrokenPipeError:
        return _unread()
    except SystemExit as ended:
        # what click and rich make of a broken pipe
        if isinstance(ended.__context__, BrokenPipeError):
            return _unread()
        raise
    except Exception as error:
        return _unexpected(error)


def _unread() -> int:
    """The reader of a pipe went away (`| head`): nobody is left to complain to, and nothing went wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    return 0


def _unexpected(error: Exception) -> int:
    if hasattr(error, "exit_code"):  # typer's and click's own: usage, abort
        if hasattr(error, "show"):
            error.show()
        return int(error.exit_code)
    problem = _as_problem(error)
    if problem:
        _say(problem.line())
        return problem.code
    _say(f"unexpected: {type(error).__name__}: {error}. This is a fault of Rolecall; ROLECALL_TRACE=1 shows where")
    if os.environ.get("ROLECALL_TRACE"):
        import traceback

        traceback.print_exception(error)
    return 1


def _as_problem(error: Exception) -> Problem | None:
    """What the operating system says of a file, in our words."""
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        return EnvironmentProblem(
            "a path or an argument holds letters that this locale cannot say", "export LC_ALL=C.UTF-8"
        )
    if isinstance(error, FileExistsError):
        return UsageProblem(f"there is a file already: {error.filename or error}", "Name another, or remove it")
    if isinstance(error, FileNotFoundError):
        return UsageProblem(f"no such file: {error.filename}", "Check the path")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return EnvironmentProblem(f"{error.strerror}: {error.filename or 'the disk'}", "Make room and run again")
    if isinstance(error, OSError) and error.strerror and error.filename:
        return EnvironmentProblem(f"{error.strerror}: {error.filename}", "Check the path and its rights")
    return None


def _say(line: str) -> None:
    from flows.commands import show

    show.note(line)


if __name__ == "__main__":
    main()
