"""The reference documents against the taxonomy: whatever they list has an entry that names the document."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from config.load_taxonomy import (
    claims,
    documents,
    qualifications,
    responsibilities,
    roles,
    skills,
    workplace_skills,
)
from flows.classify.skills import named_in
from flows.classify.text import plain, read_ad
from flows.classify.titles import roles_in

REFERENCE = os.environ.get("ROLECALL_REFERENCE", "")
pytestmark = pytest.mark.skipif(not REFERENCE, reason="ROLECALL_REFERENCE names no folder")

ITEM = re.compile(r"^\s*(?:•|\d{1,2}\.)\s+(.+)$", re.MULTILINE)
BARE_SKILL = re.compile(r"^\d{1,2}\n\n(.+)$", re.MULTILINE)
FIGURE = re.compile(r"\$\s?([\d,]{4,9})|(\d{1,2})\s?(?:%|percent)|(\d{1,2}(?:-\d{1,2})?)\+? years")
CITY = re.compile(r"^\s*•\s+([A-Z][a-z]+(?: [A-Z][a-z]+)?, [A-Z]{2})$", re.MULTILINE)
# Items that are navigation of the page they were printed on, with the two careers that are no role of ours.
NAVIGATION = {
    "Remote Tech Job Listings",
    "Tech Careers",
    "Blog",
    "Resources",
    "AI Corner",
    "Remote Work: A Guide for Introverts and Extroverts",
}


def text_of(document: str) -> str:
    return (Path(REFERENCE) / "documents" / documents()[document].file).read_text(encoding="utf-8")


def statements(document: str) -> set[str]:
    """Phrases of the statements that name the document."""
    known = (*responsibilities(), *qualifications(), *workplace_skills())
    return {phrase for one in known if document in one.documents for phrase in one.phrases}


def is_known(item: str, document: str) -> bool:
    named = any(document in skills()[hit.skill].documents for hit in named_in(read_ad(item)))
    role = any(document in roles()[slug].documents for slug in roles_in(item[:120]))
    said = plain(item)
    phrase = any(f" {plain(words).strip()}" in said for words in statements(document))
    return named or role or phrase


@pytest.mark.parametrize("document", ["profile", "guide", "template", "careers", "resource"])
def test_every_list_item_of_a_document_has_an_entry(document: str) -> None:
    text = text_of(document)
    items = [item.strip() for item in ITEM.findall(text)] + [item.strip() for item in BARE_SKILL.findall(text)]
    cities = set(claims()["cities"].cities)
    known_elsewhere = NAVIGATION | cities
    missing = [item for item in items if item not in known_elsewhere and not is_known(item, document)]
    assert items
    assert not missing


@pytest.mark.parametrize("document", ["profile", "guide", "template", "careers", "resource"])
def test_every_technology_a_document_names_is_marked_with_it(document: str) -> None:
    found = {hit.skill for hit in named_in(read_ad(text_of(document)))}
    marked = {skill.name for skill in skills().values() if document in skill.documents}
    assert found == marked


def test_every_figure_of_the_documents_is_a_claim() -> None:
    stated = {
        number for claim in claims().values() for number in (claim.value, claim.low, claim.high) if number is not None
    }
    missing = []
    for document in documents():
        for amount, percent, years in FIGURE.findall(text_of(document)):
            numbers = [amount.replace(",", "") or percent] if amount or percent else years.split("-")
            missing += [(document, n) for n in numbers if float(n) not in stated and not (years and n == "10")]
    assert not missing


def test_every_city_of_the_documents_is_in_the_claim() -> None:
    found = {city for document in documents() for city in CITY.findall(text_of(document))}
    assert found == set(claims()["cities"].cities)


def test_the_skills_list_of_the_template_is_its_claim() -> None:
    listed = text_of("template").partition("\nSkills\n")[2].partition("Start Free Trial")[0]
    found = {hit.skill for hit in named_in(read_ad(listed))}
    assert found == set(claims()["template-skills"].skills)


LISTED_ROLES = [
    ("profile", "Full Stack Developer", "full-stack-developer"),
    ("profile", "DevOps Engineer", "devops-engineer"),
    ("profile", "Data Engineer", "data-engineer"),
    ("profile", "Software Architect", "software-architect"),
    ("profile", "Back End Developer/Engineer", "backend-developer"),
    ("guide", "Remote Full-Stack Programming Jobs", "full-stack-developer"),
    ("guide", "Remote UX/UI Designer Jobs", "ux-ui-designer"),
    ("guide", "Remote DevOps and SysAdmin Jobs", "devops-engineer"),
    ("guide", "Remote DevOps and SysAdmin Jobs", "systems-engineer"),
    ("guide", "Remote Back-End Programming Jobs", "backend-developer"),
    ("guide", "Remote Front-End Programming Jobs", "front-end-developer"),
    ("guide", "Software Engineer", "software-engineer"),
    ("guide", "AI Developer", "ai-developer"),
    ("guide", "Machine Learning Engineer", "machine-learning-engineer"),
    ("guide", "Cloud Engineer", "cloud-engineer"),
    ("guide", "Cybersecurity Analyst", "cybersecurity-analyst"),
    ("guide", "Ethical Hacker", "cybersecurity-analyst"),
    ("guide", "Virtual Reality Developer", "virtual-reality-developer"),
    ("guide", "Data Analyst", "data-analyst"),
    ("guide", "Data Science", "data-scientist"),
    ("guide", "UX Researcher", "ux-researcher"),
    ("guide", "Site Reliability Engineer", "site-reliability-engineer"),
    ("guide", "Network Engineer", "network-engineer"),
    ("guide", "Database Administrators", "database-administrator"),
    ("guide", "Systems Engineers", "systems-engineer"),
    ("careers", "Backend developers", "backend-developer"),
    ("careers", "DevOps engineers", "devops-engineer"),
    ("careers", "Data engineers", "data-engineer"),
    ("careers", "Backend architects", "backend-architect"),
    ("resource", "back-end web developer", "backend-developer"),
    ("template", "Back-end Engineer", "backend-developer"),
]


@pytest.mark.parametrize(("document", "printed", "slug"), LISTED_ROLES)
def test_a_role_as_a_document_prints_it_is_read_as_its_entry(document: str, printed: str, slug: str) -> None:
    assert printed in text_of(document)
    assert slug in roles_in(printed)
    assert document in roles()[slug].documents
