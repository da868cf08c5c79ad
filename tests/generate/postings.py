"""A labour market of invented employers, whose openings and the ads for them are known.

The market is made from openings outwards: an opening has a text of its own; its ads are what an employer's own system
and boards make of that text: wrappers, cuts, edits, looser places, other spellings, other titles, later dates. Nothing
here knows how ads are matched.

Shares are set to what boards show in life: most openings have one or two ads; one in six employers lists places
apart; one board in four cuts texts; one ad in fifteen is a second seat or a repost.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from storage.models import Place, Posting, posting_key

START = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
ROLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("backend developer", ("Backend Engineer", "Back-End Developer", "Backend Software Engineer", "Backend Developer")),
    ("data engineer", ("Data Engineer", "Data Developer")),
    ("platform engineer", ("Platform Engineer", "Platform Developer")),
    ("software engineer", ("Software Engineer", "Software Developer")),
    ("site reliability engineer", ("Site Reliability Engineer", "SRE")),
    ("full stack developer", ("Full-Stack Engineer", "Full Stack Developer")),
    ("product manager", ("Product Manager",)),
    ("account executive", ("Account Executive",)),
)
LEVELS = ("", "", "", "Senior", "Senior", "Senior", "Staff", "II", "Junior", "Principal")
TEAMS = tuple(
    f"{first} {second}".strip()
    for first in (
        "Payments",
        "Identity",
        "Search",
        "Billing",
        "Ledger",
        "Catalogue",
        "Risk",
        "Freight",
        "Claims",
        "Maps",
    )
    for second in ("", "Core", "Growth", "Platform", "Tools")
)
PLACES: tuple[tuple[str, str | None, str], ...] = (
    ("Berlin", None, "DE"), ("Hamburg", None, "DE"), ("Munich", None, "DE"), ("Madrid", None, "ES"), ("Lisbon", None, "PT"),
    ("Warsaw", None, "PL"), ("Toronto", "ON", "CA"), ("Vancouver", "BC", "CA"), ("Austin", "TX", "US"), ("Denver", "CO", "US"),
    ("Seattle", "WA", "US"), ("Boston", "MA", "US"), ("London", None, "GB"), ("Dublin", None, "IE"), ("Bogota", None, "CO"),
    ("Mexico City", None, "MX"), ("Sydney", "NSW", "AU"), ("Bangalore", None, "IN"), ("Nairobi", None, "KE"), ("Tokyo", None, "JP"),
)  # fmt: skip
COUNTRIES = {
    "DE": "Germany", "ES": "Spain", "PT": "Portugal", "PL": "Poland", "CA": "Canada", "US": "United States", "GB": "United Kingdom",
    "IE": "Ireland", "CO": "Colombia", "MX": "Mexico", "AU": "Australia", "IN": "India", "KE": "Kenya", "JP": "Japan",
}  # fmt: skip
_SYLLABLES = [
    "bra",
    "ne",
    "lo",
    "ta",
    "vi",
    "kor",
    "mun",
    "sel",
    "dra",
    "fen",
    "ip",
    "ul",
    "mar",
    "os",
    "tin",
    "gal",
    "hep",
    "ru",
    "wex",
    "qua",
    "zor",
    "lim",
    "pad",
]
_VERBS = [
    "design",
    "build",
    "run",
    "own",
    "measure",
    "migrate",
    "review",
    "document",
    "automate",
    "simplify",
    "harden",
    "observe",
    "extend",
    "test",
    "plan",
]
_THINGS = [
    "ingestion pipelines",
    "ledger services",
    "booking flows",
    "search indexes",
    "partner APIs",
    "billing jobs",
    "queue consumers",
    "pricing rules",
    "data contracts",
    "report builders",
    "webhook relays",
    "feature stores",
    "schedulers",
    "caching layers",
    "audit trails",
    "rating engines",
    "invoice imports",
    "claim forms",
    "route planners",
    "sensor feeds",
]
_TOOLS = [
    "Go",
    "Rust",
    "Java",
    "Kotlin",
    "Python",
    "Elixir",
    "Scala",
    "PostgreSQL",
    "Kafka",
    "Redis",
    "Kubernetes",
    "Terraform",
    "Spark",
    "Airflow",
    "gRPC",
]
_ENDS = [
    "so that operators sleep at night",
    "with people in three time zones",
    "for customers who count on it",
    "before anyone notices",
    "together with analysts and designers",
    "in small reversible steps",
    "under real load",
    "with tests that tell the truth",
    "and explain the trade-offs",
    "from first sketch to retirement",
]
_PRAISE = (
    "We care about craft and say so plainly.",
    "Our offices are open but nobody has to come.",
    "Every colleague has a learning budget and a say.",
    "We raised a round last year and spend it slowly.",
    "Diversity is a duty here, not a poster.",
    "We answer every application within ten days.",
    "Parents, carers and night owls are all welcome.",
    "Our customers range from bakeries to ministries.",
    "We are profitable, owned by the people who work here, and in no hurry to be anything else.",
    "Decisions are written down, so that whoever comes next can see why.",
    "Four hundred colleagues in thirty countries work on one product.",
    "What we build is used on building sites, in wards and on night trains.",
)
_BENEFITS = (
    "Thirty days of leave, and we see to it that you take them.",
    "A pension to which we add five per cent.",
    "A budget for books, courses and one conference a year.",
    "The computer of your choice and a chair that deserves the name.",
    "Sixteen weeks of parental leave for every parent.",
    "Shares or options from the first day.",
    "Private health insurance for you and your family.",
    "Flexible hours around a few that we share.",
    "Four weeks a year from wherever you like.",
    "A yearly meeting of everybody, by rail where rails lead.",
)
_STEPS = (
    "A talk of half an hour about what you look for.",
    "A task from our own work, paid, three hours at most.",
    "A review of that task with two people of the team.",
    "A conversation about how you have worked with others.",
    "An afternoon with the people you would work with.",
    "An offer within three days, with the reasons in writing.",
)
_LAW = (
    "We are an equal opportunity employer and decide without regard to origin, faith, sex, age, disability or any other "
    "ground that the law protects.",
    "All qualified applicants will be considered whatever their background; tell us what you need for a fair interview.",
    "We process what you send us for this application only and delete it six months after it ended.",
)
_MISSIONS = (
    "moves freight from road to rail",
    "keeps the books of small shops",
    "finds room in hospitals before it is needed",
    "lets farmers see what their soil is short of",
    "settles claims while the plumber is still there",
    "makes payments arrive the day they are promised",
    "shows cities where their water goes",
    "teaches languages by radio",
)
HEADERS: tuple[tuple[str, str, str, str], ...] = (
    ("Responsibilities:", "Requirements:", "Nice to have:", "Benefits:"),
    ("What you will do", "What you bring", "Bonus points", "What we offer"),
    ("Your tasks", "Your profile", "It would be a plus", "Why us"),
    ("The work", "About you", "Good to know already", "Perks"),
    ("Key responsibilities", "Qualifications", "Preferred qualifications", "Compensation and benefits"),
    ("", "", "", ""),
)
"""What employers call duties, requirements, extras and benefits; one in six uses no headers at all."""
AGENCIES = ("Tallow Talent", "Quillmark Search", "Peregrine Staffing", "Oxbow People")
BOARDS = ("boarda", "boardb", "boardc", "boardd")
CUTTING = {"boardb": 800, "boardd": 500}
LOOSE = {"boardb": "Anywhere in the World", "boardc": "Remote"}


@dataclass(slots=True)
class Made:
    """An ad with the attributes of a cleaned and classified posting, and the opening it was made for."""

    truth: str
    source: str
    external_id: str
    url: str
    title: str
    title_raw: str
    title_core: str
    level: str
    company: str | None
    company_key: str | None
    description_text: str
    posted_at: dt.datetime
    first_seen: dt.datetime
    last_seen: dt.datetime
    location_raw: str
    locations: list[Place] = field(default_factory=list)
    remote_regions: list[str] = field(default_factory=list)
    remote_mode: str = "remote"
    board: str = ""
    apply_url: str | None = None
    requisition_id: str | None = None
    agency: bool = False
    years_min: int | None = None
    salary_min: float | None = None
    salary_max: float | None = None
    salary_currency: str | None = None
    salary_period: str | None = None
    salary_source: str | None = None
    employment_type: str = "full-time"
    language: str = "en"
    signature: bytes = b""
    posting_key: str = ""

    def __post_init__(self) -> None:
        self.posting_key = posting_key(self.source, self.board, self.external_id)

    def posting(self) -> Posting:
        """The same ad as a validated posting."""
        said: dict[str, Any] = {
            name: getattr(self, name) for name in self.__slots__ if name not in ("truth", "signature")
        }
        return Posting.model_validate(said)


@dataclass(slots=True)
class _Employer:
    name: str
    key: str
    praise: str
    headers: tuple[str, str, str, str]
    ending: str
    agency: str
    """Who recruits for it: one agency for about forty employers."""
    apart: bool
    crowd: list[_Opening] = field(default_factory=list)


@dataclass(slots=True)
class _Opening:
    truth: str
    employer: _Employer
    core: str
    titles: tuple[str, ...]
    level: str
    team: str
    place: tuple[str, str | None, str]
    text: str
    pay: tuple[float, float] | None
    years: int | None
    begin: dt.datetime
    uuid: str


def market(count: int, seed: int = 1) -> Iterator[Made]:
    """``count`` ads of about 3 kB of text, employer after employer; the same seed gives the same ads.

    Yields about 20,000 ads a second. Ads of one opening have the same ``truth``.
    """
    chance = random.Random(seed)
    made = 0
    number = 0
    while made < count:
        employer = _employer(chance, number)
        number += 1
        for opening in _openings(chance, employer):
            for ad in _ads(chance, opening):
                yield ad
                made += 1
                if made == count:
                    return


def _employer(chance: random.Random, number: int) -> _Employer:
    name = "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).capitalize() + f"{number:x}"
    people = chance.choice((30, 80, 200, 600, 2000))
    said = chance.sample(_PRAISE, 8)
    mission = (
        f"{name} {chance.choice(_MISSIONS)}, and has done so for {chance.randint(2, 30)} years with {people} people."
    )
    headers = chance.choice(HEADERS)
    benefits = [headers[3], *chance.sample(_BENEFITS, 8)]
    hiring = [f"How we hire at {name}", *chance.sample(_STEPS, 4)]
    praise = [f"At {name} we make work visible.", mission, *said[:4]]
    ending = [*benefits, *hiring, f"Life at {name}", *said[4:], *chance.sample(_LAW, 2)]
    return _Employer(
        name,
        name.lower(),
        "\n".join(praise),
        headers,
        "\n".join(filter(None, ending)),
        f"{AGENCIES[number % 4]} {number // 160:x}",
        chance.random() < 0.17,
    )


def _openings(chance: random.Random, employer: _Employer) -> Iterator[_Opening]:
    for _ in range(1 + int(chance.paretovariate(1.1)) % 60):
        first = _opening(chance, employer)
        yield first
        if employer.apart and chance.random() < 0.6:
            for place in chance.sample([p for p in PLACES if p != first.place], chance.randint(1, 4)):
                yield replace(first, truth=_name(chance), place=place, uuid=_uuid(chance))
        if chance.random() < 0.05:
            other = _opening(chance, employer)
            yield replace(
                other, core=first.core, titles=first.titles, level=first.level, team=first.team, place=first.place
            )
        if chance.random() < 0.06:
            level = chance.choice([level for level in LEVELS if level != first.level])
            yield replace(first, truth=_name(chance), level=level, uuid=_uuid(chance))


def _opening(chance: random.Random, employer: _Employer) -> _Opening:
    core, titles = chance.choice(ROLES)
    team = chance.choice(TEAMS) if chance.random() < 0.7 else ""
    years = chance.choice((None, 2, 3, 5, 7))
    low = chance.randrange(40, 160) * 1000.0
    return _Opening(
        _name(chance),
        employer,
        f"{core} {team.lower()}".strip(),
        titles,
        chance.choice(LEVELS),
        team,
        chance.choice(PLACES),
        _own_text(chance, employer, team, years),
        (low, low * 1.3) if chance.random() < 0.4 else None,
        years,
        START + dt.timedelta(minutes=chance.randrange(200 * 24 * 60)),
        _uuid(chance),
    )


def _name(chance: random.Random) -> str:
    return f"{chance.getrandbits(64):016x}"


def _uuid(chance: random.Random) -> str:
    said = f"{chance.getrandbits(128):032x}"
    return "-".join((said[:8], said[8:12], said[12:16], said[16:20], said[20:]))


def _sentence(chance: random.Random) -> str:
    said = _deed(chance)
    return f"- {said[0].upper()}{said[1:]}."


def _deed(chance: random.Random) -> str:
    verb, thing, tool, end = map(chance.choice, (_VERBS, _THINGS, _TOOLS, _ENDS))
    return f"{verb} {thing} {chance.choice(('in', 'on', 'with'))} {tool} {end}"


def _own_text(chance: random.Random, employer: _Employer, team: str, years: int | None) -> str:
    """The opening's own words, about 2.3 kB: what the team does, duties, requirements, extras."""
    duties, asked, extras, _ = employer.headers
    whom = f"The {team} team" if team else "The team you would join"
    role = f"{whom} will {_deed(chance)}. In your first year you will {_deed(chance)} and {_deed(chance)}."
    wanted = [_sentence(chance) for _ in range(chance.randint(8, 13))]
    if years:
        wanted.insert(0, f"- {years}+ years of experience with systems like ours.")
    parts = (
        role,
        duties,
        *(_sentence(chance) for _ in range(chance.randint(9, 15))),
        asked,
        *wanted,
        extras,
        *(_sentence(chance) for _ in range(chance.randint(3, 6))),
    )
    return "\n".join(filter(None, parts))


def _ads(chance: random.Random, opening: _Opening) -> Iterator[Made]:
    live = dt.timedelta(days=chance.randint(5, 50))
    own = None
    if chance.random() < 0.75:
        own = _own_ad(chance, opening, opening.begin, live)
        yield own
        if chance.random() < 0.07:
            for _ in range(chance.randint(1, 3)):
                yield _again(chance, own, own.posted_at, opening.truth)
        if chance.random() < 0.06:
            yield _again(chance, own, own.last_seen + dt.timedelta(days=chance.randint(2, 80)), opening.truth)
        if chance.random() < 0.03:
            yield _again(chance, own, own.last_seen + dt.timedelta(days=chance.randint(100, 200)), _name(chance))
    copies = chance.choice((0, 0, 1, 1, 2, 3)) if own else 1
    for board in chance.sample(BOARDS, copies):
        yield _copy(chance, opening, board, own, live)


def _own_ad(chance: random.Random, opening: _Opening, begin: dt.datetime, live: dt.timedelta) -> Made:
    employer = opening.employer
    city, region, country = opening.place
    title = _title(opening, opening.titles[0])
    ad = Made(
        truth=opening.truth,
        source="ashby",
        board=employer.key,
        external_id=opening.uuid,
        url=f"https://jobs.ashbyhq.com/{employer.key}/{opening.uuid}",
        title=title,
        title_raw=title,
        title_core=opening.core,
        level=opening.level,
        company=employer.name,
        company_key=employer.key,
        description_text=f"{employer.praise}\n{opening.text}\n{employer.ending}",
        posted_at=begin,
        first_seen=begin + dt.timedelta(hours=3),
        last_seen=begin + live,
        location_raw=", ".join(part for part in (city, region, COUNTRIES[country]) if part),
        locations=[{"city": city, "region": region, "country": country}],
        years_min=opening.years,
    )
    return _with_pay(ad, opening)


def _with_pay(ad: Made, opening: _Opening) -> Made:
    if opening.pay:
        ad.salary_min, ad.salary_max = opening.pay
        ad.salary_currency, ad.salary_period, ad.salary_source = "EUR", "year", "stated"
    return ad


def _title(opening: _Opening, noun: str) -> str:
    return " ".join(part for part in (opening.level, noun) if part) + (f", {opening.team}" if opening.team else "")


def _again(chance: random.Random, own: Made, when: dt.datetime, truth: str) -> Made:
    """The employer posts the same ad once more, as a page of its own."""
    uuid = _uuid(chance)
    return replace(
        own,
        truth=truth,
        external_id=uuid,
        url=f"https://jobs.ashbyhq.com/{own.board}/{uuid}",
        posted_at=when,
        first_seen=when + dt.timedelta(hours=3),
        last_seen=when + (own.last_seen - own.posted_at),
    )


def _copy(chance: random.Random, opening: _Opening, board: str, own: Made | None, live: dt.timedelta) -> Made:
    """What a board makes of the ad."""
    base = own or _own_ad(chance, opening, opening.begin, live)
    when = opening.begin + dt.timedelta(minutes=chance.randrange(5 * 24 * 60))
    noun = opening.titles[0] if chance.random() < 0.85 else chance.choice(opening.titles)
    title = _title(opening, noun) + chance.choice(("", "", "", "", "", "", " (m/f/d)", " - Remote"))
    number = f"{chance.getrandbits(40):x}"
    ad = replace(
        base,
        source=board,
        board="",
        external_id=number,
        url=f"https://{board}.example.com/jobs/{number}",
        apply_url=base.url if own and chance.random() < 0.3 else None,
        title=title,
        title_raw=title,
        company=opening.employer.name + chance.choice(("", "", " Inc.", " GmbH")),
        description_text=_wrapped(chance, base.description_text, board),
        posted_at=when,
        first_seen=when + dt.timedelta(hours=chance.randint(1, 30)),
        last_seen=when + live,
    )
    _signed_otherwise(chance, ad, opening.employer)
    if board in CUTTING or chance.random() < 0.5:
        ad.salary_min = ad.salary_max = ad.salary_currency = ad.salary_period = ad.salary_source = None
    return _placed(chance, ad, opening, board)


def _signed_otherwise(chance: random.Random, ad: Made, employer: _Employer) -> None:
    """One copy in fifty names no employer, one in a hundred misspells it, one in sixty is an agency's."""
    fate = chance.random()
    if fate < 0.02:
        ad.company = ad.company_key = None
    elif fate < 0.03:
        at = chance.randrange(2, len(employer.name))
        ad.company = f"{employer.name[:at]}{employer.name[at - 1]}{employer.name[at:]}"
        ad.company_key = ad.company.lower()
    elif fate < 0.045:
        ad.company, ad.agency, ad.apply_url = employer.agency, True, None
        ad.company_key = employer.agency.lower().replace(" ", "")
        ad.description_text = ad.description_text.replace(employer.name, "our client")


def _placed(chance: random.Random, ad: Made, opening: _Opening, board: str) -> Made:
    country = opening.place[2]
    if board in LOOSE and chance.random() < 0.7:
        ad.location_raw, ad.locations, ad.remote_regions = LOOSE[board], [], []
    elif chance.random() < 0.4:
        ad.location_raw = COUNTRIES[country]
        ad.locations, ad.remote_regions = [{"city": None, "region": None, "country": country}], [country]
    return ad


def _wrapped(chance: random.Random, text: str, board: str) -> str:
    """Wrapper, edits, another layout, cut."""
    lines = text.split("\n")
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        lines.pop(chance.randrange(len(lines)))
    if chance.random() < 0.3:
        lines = [line.removeprefix("- ") for line in lines]
    if board == "boarda":
        lines.append("This ad was found for you by Board A. Say hello from us.")
    if board == "boardc":
        lines.insert(0, "Board C presents: a remote job.")
    joined = (" " if board in CUTTING else "\n").join(lines)
    cut = CUTTING.get(board)
    if cut and len(joined) > cut:
        return joined[:cut]
    return joined if chance.random() > 0.05 else joined[:220]
