"""Technologies: what counts as one, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.load_taxonomy import skills
from flows.classify.skills import named_in, skills_in
from flows.classify.text import plain, read_ad

SAID = [
    ("Proficiency in TypeScript required", {"TypeScript"}),
    ("Docker and Kubernetes experience", {"Docker", "Kubernetes"}),
    ("We use Postgres, Redis and Kafka.", {"PostgreSQL", "Redis", "Kafka"}),
    ("JavaScript is not Java", {"JavaScript", "Java"}),
    ("C#, C++ and C", {"C#", "C++", "C"}),
    ("Experience in Go and Rust", {"Go", "Rust"}),
    ("python, go, rust", {"Python", "Go", "Rust"}),
    ("Data Vault als Modell des Datawarehouse", set()),
    ("Laurea in ingegneria informatica", set()),
    ("Doświadczenie w Pythonie i TypeScripcie", {"Python", "TypeScript"}),
    ("znajomość TypeScriptu i Dockera", {"TypeScript", "Docker"}),
    ("Integración continua con Jenkins", {"CI/CD", "Jenkins"}),
    ("Golang services on AWS", {"Go", "AWS"}),
    ("Typescript+React frontend", {"TypeScript", "React"}),
    ("Node.js/Express backend", {"Node.js", "Express"}),
    ("Statistics in Python or R", {"Python", "R"}),
    ("Spring Boot with Spring Cloud", {"Spring Boot", "Spring Cloud"}),
    ("RESTful APIs (REST, gRPC)", {"REST", "gRPC"}),
    ("React for the front-end", {"React"}),
    ("Python/Django/Pyramid", {"Python", "Django", "Pyramid"}),
    ("We react for the better. The test pyramid", set()),
    ("Python3, HTML5, Vue 3", {"Python", "HTML", "Vue.js"}),
    ("Helm charts, Terraform", {"Helm", "Terraform"}),
    ("Configuration with Ansible, Chef or Puppet", {"Ansible", "Chef", "Puppet"}),
    ("Distributed training with Ray, vLLM", {"Ray", "vLLM"}),
    ("CI/CD with Jenkins", {"CI/CD", "Jenkins"}),
    ("Pythonを使った開発", {"Python"}),
    # words and names that only look like technologies
    ("Go further in your career", set()),
    ("Go ahead and apply", set()),
    ("our go-to-market motion and C-suite", set()),
    ("R&D budget, Series C funding", set()),
    ("We react quickly; the rest of us excel at work", set()),
    ("at the helm of the organization", set()),
    ("We're looking for a Chef", set()),
    ("Swift action, a vault of ideas, a linear path", set()),
    ("Express your ideas. Spring is here. Make an impact.", set()),
    ("offices in Boston, Phoenix, and Denver", set()),
    ("You can articulate a notion of quality", set()),
    ("see https://github.com/acme/python-go for details", set()),
    ("javaland goes rusty", set()),
    ("You lead sales in Hong Kong as our TPM", set()),
    ("Secure boot with TPM 2.0 and Linux", {"TPM", "Linux"}),
    ("Django, Django REST Framework and Celery", {"Django", "Django REST Framework", "Celery"}),
    ("a Ruby/Rails shop", {"Ruby", "Ruby on Rails"}),
    ("Microsoft Office 365 tenants", {"Microsoft 365"}),
    ("VB.NET and WinForms", {"VB.NET", "WinForms"}),
    ("RabbitMQ/Nats/Kafka", {"RabbitMQ", "NATS", "Kafka"}),
    ("AWS (Lambda, SES, KMS, PrivateLink)", {"AWS", "AWS Lambda", "Amazon SES", "AWS KMS", "AWS PrivateLink"}),
    ("Services in TypeScript and Node.js\n- Make effective tradeoffs", {"TypeScript", "Node.js"}),
    # joined by a slash, and what as one name would be something else
    ("Stack: Node/Express, AWS/ECS, GraphQL", {"Node.js", "Express", "AWS", "Amazon ECS", "GraphQL"}),
    ("APIs in Elixir/Phoenix on TCP/IP", {"Elixir", "Phoenix", "TCP/IP"}),
    ("Elixir/Phoenix/LiveView at heart", {"Elixir", "Phoenix"}),
    ("AWS S3 buckets, CI/CD, SSL/TLS", {"Amazon S3", "CI/CD", "TLS"}),
    # a framework behind its language, without anything between them
    ("A Python Flask shop with some Elixir Phoenix", {"Python", "Flask", "Elixir", "Phoenix"}),
    # items set apart by dashes, and an item that begins with the name
    ("Tools: Hadoop - Spark - Kafka", {"Hadoop", "Spark", "Kafka"}),
    ("You know:\n- Hibernate (mappings, joins)\n- good manners", {"Hibernate"}),
    ("Your day:\n- React to customers' calls\n- Express yourself", set()),
    ("Dockerized services behind Let's Encrypt, pgsql", {"Docker", "Let's Encrypt", "PostgreSQL"}),
    ("Lake formats (Iceberg, Parquet, Delta)", {"Apache Iceberg", "Parquet", "Delta Lake"}),
    ("We fly Delta. Payments over ACH and RTP rails.", set()),
    ("Kubernetes operators with admission webhooks", {"Kubernetes"}),
    ("SvelteKit, Spring Security, Java EE, ONNX Runtime", {"SvelteKit", "Spring Security", "Java EE", "ONNX Runtime"}),
    ("Spreadsheets or tools like them, a schema registry", set()),
    # a longer name that only begins here hides none
    ("A Java Senior Developer who knows Java Selenium tests", {"Java", "Selenium"}),
    ("We use node 7.10 and rails 6.1\n- spark 3.x for models", {"Node.js", "Ruby on Rails", "Spark"}),
    ("a node 5 metres away; react in 3 days", set()),
    ("JBoss or WebLogic with IBM MQ", {"JBoss", "WebLogic", "IBM MQ"}),
    ("Ingeniería Informática, an enterprise service bus, and models (Star Schema, Snowflake)", set()),
    (
        "Linux BPF, StimulusJS (Pinia o Vuex), Micro Strategy",
        {"Linux", "eBPF", "Stimulus", "Pinia", "Vuex", "MicroStrategy"},
    ),
    ("Join our Discord. Eureka! Boost your career.", set()),
    ("We ship cargo by rail; ask the clerk for an X-Ray", set()),
    # other languages
    ("Stå på scen inför publik; på möten", set()),
    ("Experiencia en Spring y React", {"Spring", "React"}),
    ("Expérience avec Go", {"Go"}),
    ("Doświadczenie w Go lub Rust", {"Go", "Rust"}),
    ("Conoscenza di Go e Swift", {"Go", "Swift"}),
    ("Ervaring met Go en Rust", {"Go", "Rust"}),
    ("Erfarenhet av Go och Rust", {"Go", "Rust"}),
    ("Опыт работы с Go и Rust", {"Go", "Rust"}),
    ("熟悉Java、Spring、MySQL", {"Java", "Spring", "MySQL"}),
    ("Spring ins kalte Wasser", set()),
    ("Vamos! Go con nosotros", set()),
    # how much each of a list is asked for; a purpose behind the name
    ("SQL and Python (required), and R (preferred)", {"SQL", "Python", "R"}),
    ("Tools in Python and Go to count lamps", {"Python", "Go"}),
    ("Go to our website and read on", set()),
    ("Customers are DAX companies; SQL injection is our foe", set()),
    ("Dashboards in Power BI with DAX", {"Power BI", "DAX"}),
    ("React query, Launch darkly flags, Figma Make", {"TanStack Query", "LaunchDarkly", "Figma"}),
    ("NetSuite, Ramp, Stripe", {"NetSuite", "Ramp", "Stripe"}),
    ("Ramp up quickly. A superhuman effort, an ironclad contract, an orb of light.", set()),
    ("Amazon RDS and ElasticCache, ProxySQL", {"Amazon RDS", "Amazon ElastiCache", "ProxySQL"}),
]


@pytest.mark.parametrize(("text", "names"), SAID)
def test_technologies_named_in_a_text(text: str, names: set[str]) -> None:
    assert {hit.skill for hit in named_in(read_ad(text))} == names


PARTS = """About us
We serve customers such as Shopify and our customers use Salesforce every day.
What you'll do
Build services in Kotlin.
Requirements
- Java
Nice to have
- Kafka
Benefits
- A budget for AWS certificates
"""


def test_what_customers_use_and_benefits_are_no_skills_of_the_job() -> None:
    found = skills_in(read_ad(PARTS), "Example Ltd")
    assert set(found) == {"Kotlin", "Java", "Kafka"}
    assert found["Kotlin"] == "duties: Kotlin"
    assert found["Kafka"].startswith("nice")


def test_the_employer_is_no_skill_of_its_own_ad() -> None:
    text = "Requirements\n- Experience with Datadog and Go services"
    assert set(skills_in(read_ad(text), "Datadog")) == {"Go"}
    assert set(skills_in(read_ad(text), "Example Ltd")) == {"Datadog", "Go"}
    # the employer's name is its product's too; only what asks for it makes it a skill; a word inside a name is not the name
    assert set(skills_in(read_ad("We build Nomad with Kotlin."), "Nomad Travel")) == {"Kotlin"}
    assert set(skills_in(read_ad("Requirements\n- Nomad, Kotlin"), "Nomad Travel")) == {"Kotlin", "Nomad"}
    assert set(skills_in(read_ad("We use Git and Kotlin."), "GitLab")) == {"Kotlin", "Git"}


def test_what_a_text_denies_is_no_skill() -> None:
    text = "No mockups, no Figma (no Jira either); we write Go services. There are many Redis queries."
    assert set(skills_in(read_ad(text), "Example Ltd")) == {"Go", "Redis"}


@pytest.mark.parametrize(
    "text",
    [
        "We are to replace legacy giants like SAP and Oracle with anvils.",
        "The venture arms of Snowflake and Databricks have invested in us; Snowflake invested in Example.",
        "Our board includes a former Cisco chairman.",
        "Our models rival closed ones such as OpenAI and Anthropic.",
        "You look after our target partners: Snowflake, Databricks.",
        # whom it would be like
        "We are the Shopify of farming.",
        "We build the “Terraform for operators”.",
    ],
)
def test_whom_an_employer_competes_with_or_came_from_is_no_skill(text: str) -> None:
    assert skills_in(read_ad(f"{text} We write Kotlin services."), "Example Ltd") == {"Kotlin": "about: Kotlin"}


def test_a_company_that_speaks_of_itself_is_no_skill() -> None:
    assert skills_in(read_ad("At Salesforce, we believe in equality. We write Kotlin services."), None) == {
        "Kotlin": "about: Kotlin"
    }


def test_concepts_are_known_but_no_skills_of_a_posting() -> None:
    assert skills_in(read_ad("Requirements\n- microservices and agile"), None) == {}


def test_every_spelling_of_every_technology_is_found_among_others() -> None:
    missed = []
    for skill in skills().values():
        for said in (*skill.loose, *skill.exact, *skill.named, *skill.context):
            found = {hit.skill for hit in named_in(read_ad(f"Requirements\n- PostgreSQL, {said}, Kubernetes"))}
            if skill.name not in found:
                missed.append((skill.name, said, sorted(found)))
    assert not missed


@given(st.text(max_size=600))
def test_plain_text_keeps_every_place(text: str) -> None:
    assert len(plain(text)) == len(text) + 2


@given(
    st.lists(
        st.sampled_from(["Go", "C", "R", "Rust", "react", "AWS", "\n", ",", "and", "(", "é", "日本", "🎉", "."]),
        max_size=60,
    )
)
def test_any_mixture_is_read_and_names_stand_where_they_say(words: list[str]) -> None:
    ad = read_ad(" ".join(words))
    for hit in named_in(ad):
        assert ad.text[hit.start : hit.end].strip() == ad.text[hit.start : hit.end] != ""


@pytest.mark.parametrize(
    "bad", ["Go, " * 2500, "C" * 10_000, "(" * 10_000, "react " * 2_000, "in with " * 1_300, "\ud800" * 99]
)
def test_hostile_texts_are_read(bad: str) -> None:
    assert isinstance(named_in(read_ad(bad)), list)
