"""The labels of one posting, decided together from one reading of its title and text."""

from __future__ import annotations

import dataclasses

from config.load_taxonomy import taxonomy_version
from flows.classify.conditions import employment, seniority
from flows.classify.department import outside_by_department
from flows.classify.evidence import work_in
from flows.classify.focus import main_work
from flows.classify.openings import reading_of
from flows.classify.requirements import degree_asked, years_asked, years_of_field
from flows.classify.role import decide, server_side
from flows.classify.skills import skills_in
from flows.classify.text import read_ad, short_ad
from storage.models import Posting
from storage.pieces import PIECE

# Longer texts are cut: no advertisement says more than this of its role.
LONGEST = 40_000


def classify(posting: Posting) -> Posting:
    """A copy of a cleaned posting with its labels and, for each, the words that decided it. Never raises."""
    ad = read_ad(posting.description_text[:LONGEST])
    title = reading_of(posting.title, posting.title_raw, ad.text)
    skills = skills_in(ad, posting.company)
    for name, where in skills_in(short_ad(posting.title), posting.company).items():
        skills.setdefault(name, where.replace("about:", "title:", 1))
    work = work_in(ad, [(name, where.partition(":")[0]) for name, where in skills.items()])
    if outside := outside_by_department(posting.title, posting.department):
        title = dataclasses.replace(title, cues=(*title.cues, *outside), roles=())
    if title.cues and (stated := main_work(ad)):
        title = dataclasses.replace(title, cues=(*title.cues, *stated))
    role = decide(title, work)
    years = years_asked(ad)
    if years.low is None and years.high is None:
        years = years_of_field(posting.seniority_raw)
    degree = degree_asked(ad)
    standing = seniority(posting.title, title, posting.seniority_raw, years.low, ad)
    contract = employment(posting.employment_type_raw, posting.title_raw, ad, title)
    return posting.model_copy(
        update={
            "role": role.role,
            "roles": _all_roles(posting, title.roles, role.role),
            "role_score": role.score,
            "role_because": role.because[:1000],
            "taxonomy_version": taxonomy_version(),
            "server_side": server_side(role.role, work),
            "title_core": title.core,
            "level": title.level,
            "seniority": standing.seniority,
            "seniority_because": standing.because,
            "years_min": years.low,
            "years_max": years.high,
            "years_because": years.because,
            "degree": degree.degree,
            "degree_because": degree.because[:300],
            "employment_type": contract.kind,
            "skills": list(skills),
            "skills_because": skills,
        }
    )


def _all_roles(posting: Posting, titled: tuple[str, ...], role: str) -> list[str]:
    """Of an ad that was taken apart those of all its pieces; else what its title names."""
    if posting.roles and PIECE in posting.external_id:
        return posting.roles
    return list(titled) or ([role] if role != "none" else [])
