"""How many postings does cleaning take in a second, on one core?

Usage: python -m tests.bench.clean [--size 1000] [--rounds 5] [--seed 1] [--profile]

The texts are invented in the size and the mix of real ones (ads.py; their density is printed), none comes twice, and the
tables are read before the clock starts. Seconds are of the processor; shown is the median of the rounds. Beside a
yardstick, and together with classification: tests/bench/believe.py.
"""

from __future__ import annotations

import argparse
import cProfile
import datetime as dt
import pstats
import random
import statistics

from flows.clean import clean, language, text
from tests.bench import ads
from tests.bench.ads import posting
from tests.bench.row import cpu_seconds

__all__ = ["NOW", "posting"]

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def main() -> None:
    """Prints postings a second of one core, and where the time goes if asked."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--size", type=int, default=1_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--profile", action="store_true")
    args = asked.parse_args()
    dice = random.Random(args.seed)
    language.identify("czy to jest nieznane zdanie o niczym w takim razie")  # reads the identifier's model
    warm = ads.postings(300, dice)  # other texts: only the tables are warm afterwards
    for raw in warm:
        clean(raw, now=NOW)
    print(ads.shown(ads.density([text.readable(raw.description).text for raw in warm])))
    profile = cProfile.Profile()
    took = []
    for _ in range(args.rounds):
        raws = ads.postings(args.size, dice)
        if args.profile:
            profile.enable()
        took.append(cpu_seconds(lambda raws=raws: [clean(raw, now=NOW) for raw in raws]) / args.size)  # type: ignore[misc]
        profile.disable()
    each = statistics.median(took)
    print(f"{1 / each:,.0f} postings a second of one core, {each * 1e6:,.0f} µs each")
    if args.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
