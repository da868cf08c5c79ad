"""schema.org JobPosting in pages (JSON-LD): a vocabulary, so one reader for every site that uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from spiders.bases.board import BoardSpider
from spiders.bases.fields import All, Context, Expression, Joined, Places, Plain, expression, says_something
from spiders.bases.reading import Unreadable
from spiders.bases.select import every
from spiders.bases.soup import page_of
from spiders.bases.source import Answer
from spiders.bases.strict_json import loads, unbroken

_OPENED = re.compile(rb"<script[^>]{0,300}application/ld\+json[^>]{0,300}>", re.IGNORECASE)
_CLOSED = re.compile(rb"</script\s*>", re.IGNORECASE)
MAX_DEPTH = 12
"""Levels below a document in which a JobPosting is looked for."""

JOB_POSTING: dict[str, Any] = {
    "external_id": ("identifier.value", "identifier", "@id", "url"),
    "url": ("url", "sameAs", "@id", "@url"),
    "title": ("title", "name"),
    "company": ("hiringOrganization.name", "hiringOrganization[].name", "hiringOrganization"),
    "company_url": ("hiringOrganization.sameAs", "hiringOrganization.url"),
    "requisition_id": "identifier.value",
    "location": Places(
        "jobLocation[]",
        "address.addressLocality",
        "address.addressRegion",
        ("address.addressCountry.name", "address.addressCountry"),
    ),
    "applicant_regions": (
        All("applicantLocationRequirements[].name", "applicantLocationRequirements[].address.addressCountry"),
        "applicantLocationRequirements",
    ),
    "remote": "jobLocationType",
    "description": Joined("description", "responsibilities", "qualifications", "jobBenefits"),
    "posted": "datePosted",
    "valid_through": "validThrough",
    "salary_min": (
        "baseSalary.value.minValue",
        "baseSalary.minValue",
        "baseSalary.value.value",
        Plain("baseSalary.value"),
    ),
    "salary_max": (
        "baseSalary.value.maxValue",
        "baseSalary.maxValue",
        "baseSalary.value.value",
        Plain("baseSalary.value"),
    ),
    "salary": Plain("baseSalary"),
    "salary_currency": ("baseSalary.currency", "salaryCurrency", "baseSalary.value.currency"),
    "salary_period": ("baseSalary.value.unitText", "baseSalary.unitText"),
    "employment_type": "employmentType",
    "department": ("occupationalCategory.name", "occupationalCategory"),
    "tags": ("skills", "industry"),
    "language": "inLanguage",
}
"""Where each field of RawPosting stands in a JobPosting (schema.org/JobPosting and what sites write instead)."""
KNOWN = (
    "@context @type image logo directApply applicationContact employerOverview experienceRequirements workHours"
    " mainEntityOfPage educationRequirements jobImmediateStart totalJobOpenings incentiveCompensation"
    " specialCommitments publisher"
)


def job_postings(document: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The JobPostings in a JSON-LD document: alone, in a list, in ``@graph`` or below a page."""
    if depth > MAX_DEPTH:
        return
    if isinstance(document, dict):
        said = document.get("@type")
        if any(str(t).rpartition("/")[2] == "JobPosting" for t in (said if isinstance(said, list) else [said])):
            yield document
            return
        document = list(document.values())
    if isinstance(document, list):
        for one in document:
            if isinstance(one, (dict, list)):
                yield from job_postings(one, depth + 1)


def in_page(body: bytes) -> list[dict[str, Any]]:
    """The JobPostings in a page of HTML, or in a bare JSON-LD document. A script that is no JSON is passed over."""
    found: list[dict[str, Any]] = []
    scripts = [body] if body.lstrip()[:1] in (b"{", b"[") else _scripts(body)
    for script in scripts:
        try:
            found.extend(job_postings(loads(_uncommented(script))))
        except Unreadable:
            continue
    return found


def _scripts(body: bytes) -> Iterator[bytes]:
    """What stands in the page's scripts of JSON-LD. Two patterns: one over both would read to the end of the page for each
    script that is never closed."""
    at = 0
    while (opened := _OPENED.search(body, at)) and (closed := _CLOSED.search(body, opened.end())):
        yield body[opened.end() : closed.start()]
        at = closed.end()


def _uncommented(script: bytes) -> bytes:
    """Without the comment or CDATA marks that some sites put around their JSON."""
    return re.sub(rb"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?://\]\]>|\]\]>|-->)\s*$", b"", script).replace(b"\r", b"")


class JsonLd:
    """The page of one ad as a DetailPage: its first JobPosting."""

    def __init__(self, **differs: Any) -> None:
        self.fields: dict[str, Expression] = {k: expression(v) for k, v in {**JOB_POSTING, **differs}.items()}

    def read_page(self, body: bytes, url: str) -> tuple[dict[str, Any], Any] | None:
        records = in_page(body)
        if not records:
            return None
        context = Context(records[0], records[0], {"url": url})
        said = {name: value for name, find in self.fields.items() if says_something(value := find(context))}
        said = {k: v for k, v in said.items() if not isinstance(v, dict)}
        return said, unbroken(records[0])


class SchemaOrg(BoardSpider, abstract=True):
    """A site whose pages hold JobPostings. Declare where the pages stand; ``job_link`` finds them on a list page."""

    fields = {name: expression(said) for name, said in JOB_POSTING.items()}
    known = KNOWN
    job_link: str = "a[href]"

    def decode(self, body: bytes, url: str) -> Answer:
        records = in_page(body)
        if not records and b"<" not in body[:1024]:
            raise Unreadable("no_records", "neither a page nor JSON-LD")
        return Answer(None, records, single=len(records) == 1)


def links_of(body: bytes, css: str) -> list[str]:
    """The addresses that a page links to by a selector, as they stand there."""
    return [str(a["href"]) for a in every(page_of(body), css) if a.get("href")]
