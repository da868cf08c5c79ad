"""``python -m spiders.kit new|try|record ...``: the kit without the rest of Rolecall."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from spiders.kit.new import new, record
from spiders.kit.trial import try_spider


def main(arguments: list[str]) -> int:
    """The command line of the kit."""
    parser = argparse.ArgumentParser(prog="python -m spiders.kit", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    make = verbs.add_parser("new", help="spider, card, recording and golden from one answer")
    make.add_argument("name")
    make.add_argument("url")
    make.add_argument("--answer", type=Path, help="a saved answer, instead of asking the board")
    make.add_argument("--invent", action="store_true", help="replace company names by invented ones")
    check = verbs.add_parser("try", help="filled fields, three rows and the keys not read")
    check.add_argument("name")
    check.add_argument("files", nargs="*", type=Path)
    check.add_argument("--board", default="")
    keep = verbs.add_parser("record", help="a fresh recording of a source's first list")
    keep.add_argument("name")
    keep.add_argument("--board", default="")
    keep.add_argument("--invent", action="store_true", help="replace company names by invented ones")
    said = parser.parse_args(arguments)
    if said.verb == "new":
        made = new(said.name, said.url, Path.cwd(), said.answer, invent=said.invent)
        sys.stdout.write(f"{made.spider}\n{made.card}\n{made.recording}\n")
    elif said.verb == "try":
        sys.stdout.write(json.dumps(asdict(try_spider(said.name, said.files, said.board)), indent=1) + "\n")
    else:
        sys.stdout.write(f"{record(said.name, Path.cwd(), said.board, invent=said.invent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
