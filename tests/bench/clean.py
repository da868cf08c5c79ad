"""How many postings does cleaning take in a second, on one core?

Usage: python -m tests.bench.clean [--size 2000] [--seed 1] [--profile]

The texts are made here: HTML of about 3 kB in which every word, employer, place, pay and heading varies, so that no
cache of texts helps. Some carry no pay, some two ranges, some mojibake, e-mail addresses, telephone numbers, another
language, double escaping. Seconds are of the processor; the tables are read before the clock starts.
"""

from __future__ import annotations

import argparse
import cProfile
import datetime as dt
import html
import pstats
import random
import time

from flows.clean import clean
from spiders.items import RawPosting

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
HEADS = (
    "About us",
    "The role",
    "What you'll do",
    "Requirements",
    "What you'll bring",
    "Nice to have",
    "Benefits",
    "How to apply",
)
PLACES = (
    "Berlin, Germany",
    "Remote - US",
    "Austin, TX; Denver, CO",
    "London or Remote",
    "Lisbon",
    "Bengaluru, Karnataka, India",
    "Worldwide",
    "Remote (EMEA)",
)
PAY = (
    "${0},000 - ${1},000 per year",
    "€{0}k–€{1}k",
    "The base salary range is ${0},000-${1},000 USD annually.",
    "£{0}0 per day",
    "",
)
WAYS = (
    "This is a hybrid role.",
    "Three days a week in our office.",
    "We are fully remote.",
    "Open to candidates based in Spain or Portugal.",
    "",
)
_LITTLE = "the and of to with for you your our we are is will this that be have from by on or who what an at in as it"
LITTLE = _LITTLE.split()


def _word(dice: random.Random) -> str:
    return "".join(dice.choice("etaoinshrdlu") for _ in range(dice.randint(3, 10)))


def _sentence(dice: random.Random) -> str:
    words = [dice.choice(LITTLE) if dice.random() < 0.4 else _word(dice) for _ in range(dice.randint(8, 22))]
    return " ".join(words).capitalize() + "."


def posting(number: int, dice: random.Random) -> RawPosting:
    """One record with a varied description of about 3 kB."""
    low = dice.randint(60, 180)
    extras = [dice.choice(PAY).format(low, low + dice.randint(5, 60)), dice.choice(WAYS)]
    if dice.random() < 0.1:
        extras.append(f"Write to {_word(dice)}@example.com or call +49 30 {dice.randint(1_000_000, 9_999_999)}.")
    if dice.random() < 0.05:
        extras.append("Weâ€™re growing.")
    parts: list[str] = []
    while sum(map(len, parts)) < 2_900:
        head = dice.choice(HEADS)
        lines = "".join(f"<li>{html.escape(_sentence(dice))}</li>" for _ in range(dice.randint(2, 6)))
        extra = f"<p>{html.escape(extras.pop())}</p>" if extras else ""
        parts.append(f"<h3>{head}</h3><p>{_sentence(dice)} {_sentence(dice)}</p>{extra}<ul>{lines}</ul>")
    description = "".join(parts)
    return RawPosting(
        source="bench",
        external_id=str(number),
        url=f"https://jobs.example.com/{_word(dice)}/{number}?utm_source=bench",
        title=f"{dice.choice(['Senior ', '', 'Staff '])}{_word(dice).capitalize()} Engineer{dice.choice([' (m/f/d)', '', ' - Remote'])}",
        company=f"{_word(dice).capitalize()} {dice.choice(['GmbH', 'Inc.', 'Ltd', ''])}",
        location=dice.choice(PLACES),
        description=html.escape(description) if dice.random() < 0.1 else description,
        posted=f"2026-05-{dice.randint(1, 28):02d}T10:00:00Z",
        tags=[_word(dice) for _ in range(4)],
    )


def main() -> None:
    """Prints postings a second of one core, and where the time goes if asked."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--size", type=int, default=2_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--profile", action="store_true")
    args = asked.parse_args()
    dice = random.Random(args.seed)
    for raw in [posting(number, dice) for number in range(200)]:  # other texts: only the tables are warm afterwards
        clean(raw, now=NOW)
    raws = [posting(number, dice) for number in range(args.size)]
    size = sum(len(raw.description or "") for raw in raws) / len(raws)
    profile = cProfile.Profile()
    if args.profile:
        profile.enable()
    start = time.process_time()
    for raw in raws:
        clean(raw, now=NOW)
    seconds = time.process_time() - start
    profile.disable()
    print(
        f"{len(raws)} postings of {size:,.0f} characters: {len(raws) / seconds:,.0f} a second of one core, {seconds / len(raws) * 1e6:,.0f} µs each"
    )
    if args.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
