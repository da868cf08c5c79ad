"""Invented advertisements in the size and the mix of real ones, for the benchmarks of cleaning and classification.

Of 514 labelled real ads the 61 with 2,500 to 3,500 characters name a technology 8.7 times (5.8 different ones; those for
technical roles 11.8 and 8.2), years of experience 0.6 times, a degree 0.4 times, have 5 sections in 30 lines, and four
in five have marks beyond ASCII (a curled apostrophe, a dash); pay stands in 47 % of the texts. :func:`density` counts the same here, and
the benchmarks print it, so that nobody has to believe it.

Sentences are put together of words that every ad has and of words that no other ad has, so that no cache of texts
helps and an automaton meets what it has not met before.
"""

from __future__ import annotations

import html
import random
import statistics
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flows.classify.requirements import degree_asked, years_asked
from flows.classify.skills import named_in, skills_in
from flows.classify.text import read_ad
from spiders.items import RawPosting

SIZE = 3_000
"""Characters of readable text, about."""
_LITTLE = "the and of to with for you your our we are is will this that be have from by on or who what an at in as it"
_TRADE = (
    "team product customers engineers design build systems services code quality data users company people work experience "
    "support business tools process platform software develop review growth partners feedback impact projects deliver learn lead "
    "improve scale reliable secure test release plan roadmap culture value problem solution technical communication skills"
)
_ACTS = "Design Build Own Improve Review Lead Develop Maintain Plan Deliver Support Write Measure Explain Run"
_NAMES = (
    "Python Java Go TypeScript JavaScript React Kubernetes Docker AWS PostgreSQL Redis Kafka Terraform GraphQL REST SQL Node.js "
    "C++ Linux Git Spark Airflow MongoDB Django Rust Kotlin Ruby GCP Azure Elasticsearch Snowflake dbt Figma Salesforce Jira"
)
_SKILLED = (
    "Experience with {0}, {1} and {2}",
    "Strong knowledge of {0} or {1}",
    "Our stack is {0}, {1}, {2} and {3}",
    "You write {0} every day and know {1}",
    "Services in {0} on {1}",
    "Nice to have seen: {0}, {1}",
)
_YEARS = (
    "{0}+ years of professional experience in software engineering",
    "At least {0} years of experience as an engineer",
)
_DEGREES = (
    "Bachelor's degree in Computer Science or equivalent experience",
    "A degree in engineering or a related field",
)
_PAY = (
    "The base salary range is ${0},000 - ${1},000 a year.",
    "Compensation: €{0}k–€{1}k per year, plus equity.",
    "We pay £{0}0 per day.",
)
_WAYS = (
    "This is a hybrid role, three days a week in our office.",
    "We are a fully remote team.",
    "Open to candidates based in Spain or Portugal.",
    "You must be authorized to work in the United States.",
)
_HEADS = (
    ("About us", "About {0}", "Who we are"),
    ("The role", "What you'll do", "Responsibilities", "Your mission"),
    ("Requirements", "What you'll bring", "About you", "Qualifications"),
    ("Nice to have", "Bonus points", "Even better"),
    ("Benefits", "What we offer", "Perks"),
)
_TITLES = (
    "Backend Engineer",
    "Software Engineer",
    "Data Engineer",
    "Product Designer",
    "Platform Engineer",
    "Account Executive",
)
_PLACES = (
    "Berlin, Germany",
    "Remote - US",
    "Austin, TX; Denver, CO",
    "London or Remote",
    "Lisbon",
    "Bengaluru, Karnataka, India",
    "Worldwide",
    "Remote (EMEA)",
)


class Density(NamedTuple):
    """Means of so many texts: what makes them dear to classify."""

    characters: float
    named: float
    """Places that name a technology."""
    skills: float
    years: float
    """Share of texts that ask for years."""
    degrees: float
    """Share of texts that speak of a degree."""
    beyond_ascii: float


def density(texts: Sequence[str]) -> Density:
    """What texts hold of what is looked for."""
    ads = [read_ad(text) for text in texts]
    return Density(
        statistics.mean(map(len, texts)),
        statistics.mean(len(named_in(ad)) for ad in ads),
        statistics.mean(len(skills_in(ad, None)) for ad in ads),
        statistics.mean(years_asked(ad).low is not None for ad in ads),
        statistics.mean(degree_asked(ad).degree != "none" for ad in ads),
        statistics.mean(not text.isascii() for text in texts),
    )


def shown(found: Density) -> str:
    """The density in one line."""
    return (
        f"{found.characters:,.0f} characters, {found.named:.1f} namings of {found.skills:.1f} technologies, "
        f"{found.years:.0%} ask years, {found.degrees:.0%} name a degree, {found.beyond_ascii:.0%} beyond ASCII"
    )


def posting(number: int, dice: random.Random) -> RawPosting:
    """One record with a description of about 3 kB of text as HTML; one in ten is escaped."""
    name = _word(dice).capitalize()
    markup = "".join(_markup(dice, name))
    if dice.random() < 0.8:
        markup = markup.replace("'", "’").replace(" - ", " – ")
    if dice.random() < 0.03:
        markup += "<p>Weâ€™re growing.</p>"
    low = dice.choice(("Senior ", "", "Staff ", "Junior "))
    return RawPosting(
        source="bench",
        external_id=str(number),
        url=f"https://jobs.example.com/{_word(dice)}/{number}?utm_source=bench",
        title=f"{low}{dice.choice(_TITLES)}{dice.choice(('', '', ', ' + _word(dice).capitalize(), ' (m/f/d)', ' - Remote'))}",
        company=f"{name} {dice.choice(('GmbH', 'Inc.', 'Ltd', ''))}",
        location=dice.choice(_PLACES),
        description=html.escape(markup) if dice.random() < 0.1 else markup,
        posted=f"2026-05-{dice.randint(1, 28):02d}T10:00:00Z",
        tags=[_word(dice) for _ in range(4)],
    )


def postings(many: int, dice: random.Random) -> list[RawPosting]:
    """So many different records."""
    return [posting(number, dice) for number in range(many)]


def _markup(dice: random.Random, name: str) -> Iterable[str]:
    """Five sections: a paragraph each, and the items of most; the said extras at places of their own."""
    technical = dice.random() < 0.75
    for kind, heads in enumerate(_HEADS):
        yield f"<h3>{html.escape(dice.choice(heads).format(name), quote=False)}</h3>"
        if kind in (0, 1):
            yield f"<p>{' '.join(_sentence(dice) for _ in range(4 if kind == 0 else 2))}</p>"
        if kind == 0 and dice.random() < 0.5:
            yield f"<p>{dice.choice(_WAYS)}</p>"
        items = [_item(dice) for _ in range((0, 9, 6, 3, 5)[kind])]
        if kind in (1, 2, 3) and technical:
            items += [_skilled(dice) for _ in range((0, 1, 3, 1)[kind])]
        if kind == 2 and dice.random() < 0.5:
            items.append(dice.choice(_YEARS).format(dice.randint(2, 9)))
        if kind == 2 and dice.random() < 0.24:
            items.append(dice.choice(_DEGREES))
        if items:
            yield f"<ul>{''.join(f'<li>{html.escape(item, quote=False)}</li>' for item in items)}</ul>"
        if kind == 4 and dice.random() < 0.45:
            low = dice.randint(60, 180)
            yield f"<p>{dice.choice(_PAY).format(low, low + dice.randint(5, 60))}</p>"
    if dice.random() < 0.1:
        yield f"<p>Write to {_word(dice)}@example.com or call +49 30 {dice.randint(1_000_000, 9_999_999)}.</p>"


def _word(dice: random.Random) -> str:
    return "".join(dice.choice("etaoinshrdlu") for _ in range(dice.randint(3, 10)))


_COMMON, _OWN, _VERBS, _SKILLS = (words.split() for words in (_LITTLE, _TRADE, _ACTS, _NAMES))


def _words(dice: random.Random, many: int) -> str:
    found = []
    for _ in range(many):
        luck = dice.random()
        found.append(dice.choice(_COMMON) if luck < 0.4 else dice.choice(_OWN) if luck < 0.8 else _word(dice))
    return " ".join(found)


def _sentence(dice: random.Random) -> str:
    words = _words(dice, dice.randint(10, 22)).capitalize()
    return f"{words} - {_words(dice, 3)}, you'll see." if dice.random() < 0.3 else f"{words}."


def _item(dice: random.Random) -> str:
    return f"{dice.choice(_VERBS)} {_words(dice, dice.randint(8, 18))}"


def _skilled(dice: random.Random) -> str:
    return dice.choice(_SKILLED).format(*dice.sample(_SKILLS, 4))
