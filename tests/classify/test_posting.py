"""Whole postings: role, server side and the evidence of every label."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.load_taxonomy import both_sides, roles, server_only, skills, taxonomy_version
from flows.classify import classify
from flows.classify.evidence import work_in
from flows.classify.text import read_ad
from storage.models import Posting


def posting(title: str, text: str = "", **said: str | None) -> Posting:
    return Posting.model_validate(
        {
            "source": "example",
            "external_id": "1",
            "url": "https://example.com/1",
            "title": title,
            "title_raw": said.pop("title_raw", title),
            "description_text": text,
            **said,
        }
    )


SERVER = """What you'll do
- Design APIs and backend services, run microservices with low latency
- Own distributed systems and database design
Requirements
- 5+ years of experience with Java, PostgreSQL and Kafka
- Bachelor's degree in Computer Science or equivalent experience
"""
BOTH = """What you'll do
- Ship features end to end, across the stack, in frontend and backend
Requirements
- React, TypeScript and Node.js; full-stack experience
"""
MODELS = """What you'll do
- Model training and deep learning with PyTorch, training pipelines on GPUs
Requirements
- Neural networks, reinforcement learning, model evaluation
"""
AGENTS = """What you'll do
- Build AI agents and agentic workflows with LangGraph, prompt engineering, RAG pipelines and evals
Requirements
- LLM applications, tool calling, multi-agent systems
"""
PLATFORM = """What you'll do
- Infrastructure as code with Terraform and Helm, CI/CD pipelines, observability and alerting
Requirements
- Kubernetes clusters, Argo CD, Prometheus, incident response, capacity planning
"""
DEVICES = """What you'll do
- Embedded software and device drivers in C and C++ for robots
Requirements
- RTOS, microcontrollers, firmware, real-time systems
"""
SELLING = """What you'll do
- Meet prospects, run demos and carry a quota with account executives
Requirements
- Pre-sales, negotiation, CRM
"""

FULL = "full-stack-developer"

# (title, text, role, server_side)
ROLES = [
    ("Backend Engineer", "", "backend-developer", "core"),
    ("Software Engineer", SERVER, "backend-developer", "core"),
    ("Staff Engineer", SERVER, "backend-developer", "core"),
    ("Software Engineer", BOTH, "full-stack-developer", "part"),
    ("Software Engineer", MODELS, "machine-learning-engineer", "none"),
    ("Software Engineer", AGENTS, "ai-developer", "none"),
    ("Software Engineer", PLATFORM, "devops-engineer", "none"),
    ("Platform Engineer", PLATFORM, "devops-engineer", "none"),
    ("Platform Engineer", SERVER, "backend-developer", "core"),
    ("Software Engineer", DEVICES, "software-engineer", "none"),
    ("Software Engineer", "", "software-engineer", "none"),
    ("Data Engineer", SERVER, "data-engineer", "part"),
    ("Sales Engineer", SERVER, "none", "none"),
    ("Solutions Architect", SELLING, "none", "none"),
    ("Engineering Manager, Backend", SERVER, "none", "none"),
    ("iOS Developer", SERVER, "none", "none"),
    ("Pharmacist", SELLING, "none", "none"),
    ("Java/Angular Developer", "", "full-stack-developer", "part"),
    ("Founding Designer", "", "ux-ui-designer", "none"),
    ("Game Designer", "", "none", "none"),
    ("Senior Software Engineers (Frontend, Mobile)", "", "front-end-developer", "none"),
    ("Pre-Sales Engineer, AI & Networking", "", "none", "none"),
    ("Integration Architect", SERVER, "backend-architect", "core"),
    ("Software Architect", BOTH, "software-architect", "part"),
    ("Full-Stack Engineer (AI + Backend)", "", "full-stack-developer", "part"),
    ("Full-Stack Engineer (Backend heavy)", "", "backend-developer", "core"),
    ("Software Engineer, backend-leaning", "", "backend-developer", "core"),
    # who trains models, or judges what they write, builds with none of the languages that he has to know
    ("Python Engineer - Freelance AI Trainer", SERVER, "software-engineer", "part"),
    ("Backend Developer | AI Data Trainer", "", "software-engineer", "none"),
    ("Senior Python Developer - Coding Agent Evaluation (Freelance)", "", "software-engineer", "none"),
    ("Software Engineering Expert - AI Training (Freelance)", "", "software-engineer", "none"),
    ("Python Developer, Agent Evaluation", "", "backend-developer", "core"),
    ("Machine Learning Engineer (AI Trainer)", "", "machine-learning-engineer", "none"),
    ("AI Trainer - Biology", "", "none", "none"),
    ("Advanced AI Trainer, Software Development (Full-Stack Developers)", "", "none", "none"),
    ("Rust Developer (AI Trainers)", "", "software-engineer", "none"),
    # who leads a field is of it
    ("ML Lead", "", "machine-learning-engineer", "none"),
    ("Security Lead", "", "cybersecurity-analyst", "none"),
    ("Master Data Lead", "", "none", "none"),
    # a noun that only ranks, beside an office
    ("Principal Engineer/Software Architect", SERVER, "software-architect", "part"),
    ("Engineer / Data Scientist", "", "data-scientist", "none"),
    # growth is tried out in pages and measured on servers
    ("Growth Engineer", "Requirements\n- SQL, APIs and integrations", "full-stack-developer", "part"),
    ("Python Engineer, Growth", "", "backend-developer", "core"),
    ("Growth Hacker", "", "none", "none"),
    (
        "Software Engineer",
        "Requirements\n- React, TypeScript and Go\n- You work mostly backend",
        "backend-developer",
        "core",
    ),
    ("Software Engineer, Networking", SERVER, "backend-developer", "core"),
    ("DevOps / Cloud Engineer", "", "devops-engineer", "none"),
    ("Systems Engineer", DEVICES, "software-engineer", "none"),
    ("Systems Engineer", "", "systems-engineer", "none"),
    ("Software Engineer - Storage (C/Linux)", "", "software-engineer", "none"),
    ("Product Engineer", "You are our next product engineer.", "software-engineer", "none"),
    ("Product Engineer", BOTH, "full-stack-developer", "part"),
    # only technologies of servers, as if the title named them
    ("Software Engineers", "We are a Rails shop.", "backend-developer", "core"),
    ("Senior Software Developer", "Requirements\n- Go, AWS", "backend-developer", "core"),
    ("Software Engineer", "We write Go, Python and C++.", "software-engineer", "none"),
    ("Software Engineer", "We use Kotlin for Android.", "software-engineer", "none"),
    ("Firmware Engineer", "We write tools in Go.", "software-engineer", "none"),
    # what a software engineer's systems and databases are the text says; a systems engineer's are his office
    ("Software Engineer, Anvil Systems", "Requirements\n- Two years of writing software", "software-engineer", "none"),
    (
        "Software Engineer (Anvil Exchange)",
        "Requirements\n- Two years of writing software",
        "software-engineer",
        "none",
    ),
    ("Software Engineer, Databases", SERVER, "backend-developer", "core"),
    ("Database Engineer", SERVER, "database-administrator", "part"),
    ("Software Engineer - Wallets and Settlement", "", "software-engineer", "none"),
    # one engineer for a stack of both sides builds both; of several each may build one
    ("Software Engineer", "Our stack: Rails, Postgres, React.", "full-stack-developer", "part"),
    ("Founding Engineer", "Our stack: Django, Vue.js, Angular", "full-stack-developer", "part"),
    ("Software Engineers", "Our stack: Rails, Postgres, React.", "software-engineer", "none"),
    ("Software Engineer", "Our stack: Python, Postgres, React.", "software-engineer", "none"),
    # business that is done on servers
    (
        "Software Engineer, Payments",
        "Requirements\n- Two years of writing software\n- You are open to doing frontend work when required",
        "backend-developer",
        "core",
    ),
    (
        "Software Engineer, Claims",
        "You build systems that move money. You own APIs and event driven services.",
        "backend-developer",
        "core",
    ),
    # what is offered for choice
    (
        "Software Engineer",
        "Requirements\n- One or more of web services, microservices, backend services, distributed systems",
        "software-engineer",
        "part",
    ),
    (
        "Software Engineer",
        "Requirements\n- Web services, microservices, backend services, distributed systems",
        "backend-developer",
        "core",
    ),
    # interns and graduates are sought for any work
    (
        "Software Engineer - New Grad",
        "You work across the stack: React, Django and infrastructure.",
        "software-engineer",
        "part",
    ),
    (
        "Software Engineering Intern, Summer 2027",
        "You work across the stack: React, Django.",
        "software-engineer",
        "part",
    ),
    ("Senior Software Engineer", "You work across the stack: React, Django.", "full-stack-developer", "part"),
    ("Backend Engineer Intern", "You work across the stack: React, Django.", "backend-developer", "core"),
    # a technology in the title is one side, until the text calls the work one of both
    (".NET Developer", "You build full-stack applications. We use ASP.NET and React.", "full-stack-developer", "part"),
    (".NET Developer", "We use ASP.NET and React.", "backend-developer", "core"),
    (".NET Developer", "You build full-stack applications in C#.", "backend-developer", "core"),
    # Rust is written for servers, devices and tools alike
    ("Rust Engineer", DEVICES, "software-engineer", "none"),
    ("Rust Engineer", SERVER, "backend-developer", "core"),
    # a framework of servers tells what its language is for
    ("Software Engineer", "We write Python with Django and Celery.", "backend-developer", "core"),
    ("Software Developers", "Our stack: Node.js, TypeScript, Express.", "backend-developer", "core"),
    ("Software Engineer", "Our stack: Node.js, TypeScript, HTML.", "software-engineer", "none"),
    ("Software Engineer", "Our stack: Flask, Python, TypeScript.", "software-engineer", "none"),
    ("Consulting Engineer", SERVER, "none", "none"),
    # behind the noun data names a field, of which the text decides
    (".NET Software Engineer (Data Ingestion)", SERVER, "backend-developer", "core"),
    (
        "Software Engineer, Data Ingestion",
        "What you'll do\n- Build data pipelines with Airflow, dbt and Snowflake",
        "data-engineer",
        "part",
    ),
    ("Data Ingestion Engineer", SERVER, "data-engineer", "part"),
    (
        "Software Developer",
        "You work across the entire technology stack, from the database to the browser.",
        FULL,
        "part",
    ),
    # money that moves, and a front end that is worked on besides
    (
        "Software Engineer",
        "What you'll do\n- Build the billing engine and payments infrastructure for money movement\n"
        "- You are open to doing frontend work when required",
        "backend-developer",
        "core",
    ),
    ("", "", "none", "none"),
]


@pytest.mark.parametrize(("title", "text", "role", "side"), ROLES)
def test_title_first_then_the_text(title: str, text: str, role: str, side: str) -> None:
    found = classify(posting(title, text))
    assert (found.role, found.server_side) == (role, side)
    assert found.role_because
    assert found.taxonomy_version == taxonomy_version()


def test_autonomy_at_work_is_no_sign_of_devices() -> None:
    assert "embedded" not in work_in(read_ad("You work with autonomy and ownership."), ()).sums
    assert work_in(read_ad("You work on the autonomy stack of our boats."), ()).of("embedded") > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("backend", "back end"),
        ("Frontend", "Front-end"),
        ("fullstack", "full stack"),
        ("A/B testing", "a b testing"),
        ("Microservice", "micro-service"),
        ("multithreaded", "multi-threaded"),
    ],
)
def test_spellings_of_a_word_weigh_the_same(one: str, other: str) -> None:
    text = "Requirements\n- {} development and {}"
    assert work_in(read_ad(text.format(one, one)), ()) == work_in(read_ad(text.format(other, other)), ())


THREAD = "Example Ltd | Berlin | Full-time"
OPENINGS = [
    ("- Senior Backend Engineer\n- Product Designer", "backend-developer"),
    ("We are looking for a Machine Learning Engineer to join us.", "machine-learning-engineer"),
    ("Open roles:\n* Product Designer (Berlin)\n* Go Backend Developer", "backend-developer"),
    ("* Head of Sales\n* Office Manager", "none"),
    ("Roles:\nLead Product Designer: shape it.\nSr. Backend Engineer: build it.", "backend-developer"),
    ("We write software.\nFrontend: React\nBackend: Go", "full-stack-developer"),
    ("Acme - Data Engineer (lakes) - Remote - $80k", "data-engineer"),
    ("Our software engineers write code for embedded systems and firmware in C++.", "software-engineer"),
]


@pytest.mark.parametrize(("lines", "role"), OPENINGS)
def test_a_thread_names_its_roles_in_the_text(lines: str, role: str) -> None:
    assert classify(posting(THREAD, f"{THREAD}\n{lines}")).role == role


HEADERS = [
    ("Example Ltd | Software Engineers | Berlin", "- Full-stack Engineer\n- Data Engineer", "full-stack-developer"),
    ("Example Ltd | Software Engineer | Berlin", "- AI Engineer\n- Software Engineer", "ai-developer"),
    ("Credit Example | Remote", "We're hiring: data engineers.", "data-engineer"),
    (
        "Example Ltd | Remote",
        "We are hiring developers to build a warehouse with Rust and Kubernetes.",
        "software-engineer",
    ),
    (
        "Example Ltd | Software Engineer | Berlin",
        "We're looking for backend developers who like servers.",
        "backend-developer",
    ),
    ("Example is hiring - Berlin (Hybrid)", "We are hiring\n- Senior Data Engineer\n- Designer", "data-engineer"),
    (
        "Example Ltd | Software Engineer | Berlin",
        "- AI Engineer: https://example.com/" + 90 * "a" + "\n- Developer",
        "ai-developer",
    ),
    ("Example Ltd | Sales | Remote", "Commission on deals.", "none"),
    # who seeks work hires nobody
    ("SEEKING WORK | Full Stack Developer | Remote", "Django, React and Go for twelve years.", "none"),
    ("LOCATION: Ghent", "REMOTE: Yes\nWILLING TO RELOCATE: No\nTECHNOLOGIES: PHP, Symfony\nRESUME: on request", "none"),
    # a field above a list of offices is the employer's
    (
        "Example | Security, Machine Learning | Remote",
        "We look for engineers:\n- Backend Engineer [Rust]\n- DevOps Engineer",
        "backend-developer",
    ),
    ("Example | Machine Learning | Remote", "We build models.", "machine-learning-engineer"),
    ("Example | ML Lead | Remote", "We build models.\nThanks! - Ann, Head of Engineering", "machine-learning-engineer"),
    (
        "Example Ltd | Backend Engineer | Remote",
        "Location: Ghent\nWilling to relocate: no\nTechnologies: Go, PostgreSQL",
        "backend-developer",
    ),
    ("Example Ltd | Backend Engineer | Remote", "Seeking work that matters? Join us.", "backend-developer"),
    ("Hello,", "I’m currently looking for a new job. Full stack developer with Go and React.", "none"),
    ("Example Ltd | Backend Engineer | Remote", "I am looking for a developer who likes servers.", "backend-developer"),
    # an architect of servers, an engineer of both sides
    ("Example Ltd | Systems Architect (Backend) | Remote", "You design services.", "backend-architect"),
    (
        "Example Ltd | Software Engineer (Elixir/React) | Remote",
        "React, React and some Elixir.",
        "full-stack-developer",
    ),
    ("Example Ltd | Software Engineer (Elixir) | Remote", "Elixir services.", "backend-developer"),
    ("Example Ltd | Back- and front-end engineers | Remote", "We forge anvils.", "backend-developer"),
    ("Example Ltd | Front- and back-end developer | Remote", "We forge anvils.", "full-stack-developer"),
    # one sentence names them all
    (
        "Example Ltd | Software Engineers | Berlin",
        "We have positions for frontend engineers, backend engineers, data engineers and designers.",
        "backend-developer",
    ),
    ("Example Ltd | Berlin", "We forge anvils.\nOpen role: Senior Data Engineer — apply here", "data-engineer"),
    ("Example Ltd | Many jobs | Ghent", "We have openings in backend and embedded engineering.", "backend-developer"),
    (
        "Example Ltd | Various roles | Ghent",
        "- Software Engineers with a backend focus\n- Designers",
        "backend-developer",
    ),
    ("Example Ltd | Ghent", "We need a data engineer.\nWrite to Kim. No recruiters please", "data-engineer"),
    # a heading that ends with an address, which the text has blanked
    (
        "Lantern DB - www.example.com - Ghent - lantern hackers",
        "We're hiring C++ engineers to work on the core of a new database.",
        "software-engineer",
    ),
    # a title above its text is no heading of a thread
    ("Growth Marketing", "You are:\n- Full stack: five years of product, marketing and growth", "none"),
]


@pytest.mark.parametrize(("header", "lines", "role"), HEADERS)
def test_a_header_that_names_no_role_plainly_leaves_it_to_the_list(header: str, lines: str, role: str) -> None:
    title = header.split(" | ")[1] if header.count("|") > 1 else header
    assert classify(posting(title, f"{header}\n{lines}", title_raw=header)).role == role


@pytest.mark.parametrize(
    ("header", "level"),
    [
        ("Example | Full-stack Senior or Staff Engineer | REMOTE | Full-time", "senior"),
        ("Example | Senior Backend Engineer, Data Engineer | REMOTE | Full-time", "unspecified"),
        ("Example | Staff SWE | Data Engineer | REMOTE", "unspecified"),
        ("Senior Forge | Engineers | REMOTE", "unspecified"),
    ],
)
def test_a_role_of_a_list_has_the_level_of_a_header_that_names_one_role(header: str, level: str) -> None:
    assert classify(posting("Data Engineer", "We keep ledgers.", title_raw=header)).seniority == level


@pytest.mark.parametrize(("field", "seniority", "years"), [
    ("Semi Senior", "mid", (None, None)), ("Ssr", "mid", (None, None)), ("Mid-Senior level", "senior", (None, None)), ("Pleno", "mid", (None, None)),
    ("От 3 до 6 лет", "mid", (3, 6)), ("От 1 года до 3 лет", "unspecified", (1, 3)), ("Более 6 лет", "unspecified", (6, None)),
    ("5+ years", "unspecified", (5, None)), ("Нет опыта", "unspecified", (None, None)), ("Level 5", "unspecified", (None, None)),
])  # fmt: skip
def test_levels_and_years_as_boards_print_them(
    field: str, seniority: str, years: tuple[int | None, int | None]
) -> None:
    found = classify(posting("Data Engineer", "We keep ledgers.", seniority_raw=field))
    assert (found.seniority, (found.years_min, found.years_max)) == (seniority, years)
    told = classify(posting("Data Engineer", "Requirements\n- 2+ years of experience", seniority_raw=field))
    assert told.years_min == 2, "what the text asks is plainer"


@pytest.mark.parametrize(("field", "kind"), [
    ("FullTime", "full-time"), ("SALARIED_FT", "full-time"), ("SALARIED_PT", "part-time"), ("b2b", "contract"), ("TEMP", "temporary"),
    ("VOLLZEIT | UNBEFRISTET", "full-time"), ("VOLLZEIT | BEFRISTET", "temporary"), ("Teilzeit", "part-time"),
    ("Tillsvidareanställning (inkl. eventuell provanställning)", "full-time"), ("Heltid", "full-time"), ("Deltid", "part-time"),
    ("Полная", "full-time"), ("Частичная", "part-time"), ("Неполная занятость", "part-time"), ("Проектная работа", "contract"),
    ("Стажировка", "internship"), ("Temps complet", "full-time"), ("Jornada completa", "full-time"), ("Tempo pieno", "full-time"),
    ("professional / experienced", "unknown"), ("", "unknown"),
])  # fmt: skip
def test_kinds_of_contract_as_boards_print_them(field: str, kind: str) -> None:
    assert (
        classify(posting("Data Engineer", "We keep ledgers.", employment_type_raw=field or None)).employment_type
        == kind
    )


def test_a_bar_in_a_title_makes_no_hiring_thread() -> None:
    said = "Senior Python Engineer | Payments"
    found = classify(posting(said, "We keep ledgers.", title_raw=said))
    assert (found.role, found.seniority) == ("backend-developer", "senior")


@pytest.mark.parametrize(("title", "department", "role"), [
    ("Integration Engineer", "Post-Sales | Integrations", "none"), ("Infrastructure Engineer", "Customer Solutions Group", "none"),
    ("Design Lead", "Marketing", "none"), ("Design Lead", "Product Design", "ux-ui-designer"),
    ("Infrastructure Engineer", "Engineering | Customer Platform", "devops-engineer"), ("Infrastructure Engineer", None, "devops-engineer"),
    # what the title says plainly stands
    ("Software Engineer", "Marketing", "software-engineer"), ("Marketing Data Analyst", "Marketing", "data-analyst"),
    ("Data Engineer", "Sales", "data-engineer"), ("Infrastructure Engineer", "Marketplace", "devops-engineer"),
    ("AI Engineer", "Marketing Technology", "ai-developer"),
])  # fmt: skip
def test_a_department_that_sells_builds_no_software(title: str, department: str | None, role: str) -> None:
    found = classify(posting(title, "Acme makes anvils.", department=department))
    assert found.role == role
    assert ("department" in found.role_because) == (role == "none")
    assert found.roles == ([] if role == "none" else [role])


@pytest.mark.parametrize(("title", "text", "role"), [
    ("Software Engineer", "Your primary focus will be the development of all server-side logic.", "backend-developer"),
    ("Game Security Programmer", "Your main focus is on dedicated server code and on services. " + SERVER, "backend-developer"),
    ("Software Engineer", "This is a primarily backend focussed role. We use React.", "backend-developer"),
    ("Software Engineer", "You will be mainly responsible for the front end.", "front-end-developer"),
    ("Software Engineer", "**Primary focus:** backend", "backend-developer"),
    ("Software Engineer", "The core focus of this role is front-end, with some back-end.", "full-stack-developer"),
    # not one's own work
    ("Software Engineer", "You'll work primarily with back-end engineers.", "software-engineer"),
    ("Software Engineer", "Our main focus is backend infrastructure.", "software-engineer"),
    # a title that names its role is not moved
    ("Data Engineer", "Your primary focus will be back-end services.", "data-engineer"),
    ("QA Engineer", "You will be mainly focused on backend tests.", "none"),
])  # fmt: skip
def test_what_a_text_calls_the_main_work(title: str, text: str, role: str) -> None:
    assert classify(posting(title, text)).role == role


def test_a_language_that_is_one_of_many_tells_nothing_of_devices() -> None:
    text = "Requirements\n- Programming in {}"
    few = work_in(read_ad(text), [("C++", "requirements"), ("Python", "requirements")])
    many = work_in(read_ad(text), [(one, "requirements") for one in ("C++", "Python", "Java", "Go", "Ruby")])
    assert few.of("embedded") > 0
    assert many.of("embedded") == 0
    assert many.of("backend") > few.of("backend")


def test_what_tells_a_server_programmer_are_known_technologies() -> None:
    only = server_only()
    assert only.technologies | only.elsewhere <= set(skills())
    assert not only.technologies & only.elsewhere
    assert set(only.written_in) <= only.technologies
    assert set(only.written_in.values()) <= only.elsewhere


def test_what_tells_of_both_sides_are_known_technologies() -> None:
    assert both_sides().servers | both_sides().pages <= set(skills())
    assert not both_sides().servers & both_sides().pages


def test_every_label_says_why() -> None:
    found = classify(posting("Senior Software Engineer", SERVER, employment_type_raw="FullTime"))
    assert found.seniority == "senior"
    assert "senior" in found.seniority_because
    assert (found.years_min, found.years_max) == (5, None)
    assert "5+ years" in found.years_because
    assert found.degree == "preferred"
    assert "equivalent" in found.degree_because
    assert found.employment_type == "full-time"
    assert set(found.skills) == set(found.skills_because) == {"Java", "PostgreSQL", "Kafka"}
    assert found.title_core == "software engineer"
    assert found.level == "Senior"


SCRIPTS = st.text(alphabet=st.sampled_from("aZ9 |-/(),.:\n•é日本Дα🎉\u202e\x00Goengirdsvlp"), max_size=300)


@given(title=SCRIPTS, text=SCRIPTS)
def test_any_posting_gets_labels_and_the_same_ones_again(title: str, text: str) -> None:
    once = classify(posting(title, text))
    assert once.role in {*roles(), "none"}
    assert set(once.roles) <= set(roles())
    assert once.role_score is not None
    assert 0.0 <= once.role_score <= 1.0
    assert classify(once) == once
    assert classify(posting(title, text)) == once


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "Go, " * 250_000, "\n" * 100_000, "5 years " * 50_000, "エンジニア" * 9_000]
)
def test_a_huge_text_is_classified(text: str) -> None:
    assert classify(posting("Backend Engineer", text)).role == "backend-developer"


def test_the_posting_given_is_left_as_it_was() -> None:
    given_one = posting("Backend Engineer", SERVER)
    before = given_one.model_dump()
    classify(given_one)
    assert given_one.model_dump() == before
