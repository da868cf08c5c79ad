"""How fast postings are classified, on one core, for invented ads of about 3,000 characters.

Run: python -m tests.bench.classify. Prints postings a second (process time, best of five) and the share of each step, for
ads in the mix of real ones (ads.py) and for dense ones, which name technologies seven times as often as real ads do, and a
degree and years in every other line of their requirements; then the longest time of a hostile text of 10,000 characters.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable

from flows.classify import classify
from flows.classify.conditions import employment, seniority
from flows.classify.evidence import work_in
from flows.classify.openings import reading_of
from flows.classify.requirements import degree_asked, years_asked
from flows.classify.skills import skills_in
from flows.classify.text import read_ad
from flows.classify.titles import plain_title, read_title
from flows.clean import clean
from storage.models import Posting
from tests.bench import ads

TITLES = ["Senior Backend Engineer", "Software Engineer II", "Data Engineer", "Platform Engineer", "Product Designer"]
LINES = [
    "Design, build and operate backend services and APIs with low latency in Go, Java or Kotlin",
    "Work closely with product managers, designers and frontend engineers who use React and TypeScript",
    "Write clean, well-tested code and review the code of others",
    "5+ years of professional experience in software engineering",
    "Strong knowledge of PostgreSQL, Redis, Kafka and AWS (EC2, S3, Lambda)",
    "Bachelor's degree in Computer Science or equivalent practical experience",
    "Experience with Docker, Kubernetes, Terraform and CI/CD pipelines",
    "Our customers are companies of every size, and they trust us with what matters to them most",
    "We offer 30 days of vacation, a budget for learning and flexible hours in a friendly team",
    "You explain ideas well, spoken and written, and solve problems with others",
]
HEADERS = ["About us", "What you'll do", "Requirements", "Nice to have", "Benefits"]
HOSTILE = [
    "a" * 10_000,
    "(" * 10_000,
    "5 years " * 1_250,
    "Go, " * 2_500,
    "degree or " * 1_000,
    "senior " * 1_400,
    "|" * 10_000,
]


def dense(many: int = 400) -> list[Posting]:
    """Invented postings of about 3,000 characters, most of whose lines say what classification looks for."""
    dice = random.Random(7)
    found = []
    for number in range(many):
        text = "\n".join(f"{header}\n" + "\n".join(f"- {dice.choice(LINES)}" for _ in range(8)) for header in HEADERS)
        title = dice.choice(TITLES)
        found.append(
            Posting.model_validate(
                {
                    "source": "example",
                    "external_id": str(number),
                    "url": f"https://example.com/{number}",
                    "title": title,
                    "title_raw": title,
                    "description_text": text,
                }
            )
        )
    return found


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """The least process time of one call, in seconds."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def lifelike(many: int = 400) -> list[Posting]:
    """Invented postings in the size and the mix of real ones."""
    raws = ads.postings(many, random.Random(7))
    now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    return [one for raw in raws if isinstance(found := clean(raw, now=now), list) for one in found]


def main() -> None:
    for name, postings in (("in the mix of real ads", lifelike()), ("dense", dense())):
        print(f"{name}: {ads.shown(ads.density([one.description_text for one in postings]))}")
        _show(postings)
    _show_hostile()


def _show(postings: list[Posting]) -> None:
    classify(postings[0])
    whole = seconds(lambda: [classify(one) for one in postings])
    print(f"  {len(postings) / whole:,.0f} postings/s ({whole / len(postings) * 1e6:.0f} us each)")
    read = [read_ad(one.description_text) for one in postings]
    steps: dict[str, Callable[[], object]] = {
        "read_ad": lambda: [read_ad(one.description_text) for one in postings],
        "skills": lambda: [skills_in(ad, None) for ad in read],
        "evidence": lambda: [work_in(ad, ()) for ad in read],
        "years": lambda: [years_asked(ad) for ad in read],
        "degree": lambda: [degree_asked(ad) for ad in read],
        "title": lambda: [reading_of(one.title, one.title_raw, one.description_text) for one in postings],
        "title, unseen": lambda: [read_title.__wrapped__(one.title) for one in postings],
    }
    for name, step in steps.items():
        print(f"  {name:14} {seconds(step) / len(postings) * 1e6:6.0f} us")


def _show_hostile() -> None:
    for hostile in HOSTILE:
        ad = read_ad(hostile)
        took = {
            "title": seconds(lambda text=hostile: plain_title(text), 1),
            "skills": seconds(lambda ad=ad: skills_in(ad, None), 1),
            "years": seconds(lambda ad=ad: years_asked(ad), 1),
            "degree": seconds(lambda ad=ad: degree_asked(ad), 1),
            "employment": seconds(lambda ad=ad: employment(None, "", ad, read_title("")), 1),
            "seniority": seconds(lambda ad=ad: seniority("", read_title(""), None, None, ad), 1),
        }
        name = max(took, key=lambda key: took[key])
        print(f"  hostile {hostile[:8]!r:12} slowest {name}: {took[name] * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
