"""Seniority and kind of contract, from title, field and text."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from flows.classify.titles import TitleReading, read_title
from storage.models import EmploymentType, Seniority

_KINDS: tuple[tuple[EmploymentType, re.Pattern[str]], ...] = (
    (
        "internship",
        re.compile(
            r"\bintern(?:s|ship)?\b|praktik|werkstudent|stagiaire|\bstage\b|co-?op\b|apprentice|trainee|becari|est[aá]gi",
            re.I,
        ),
    ),
    (
        "part-time",
        re.compile(r"part[\s_-]?time|teilzeit|temps partiel|medio tiempo|meio per[ií]odo|per diem|\bptime\b", re.I),
    ),
    ("contract", re.compile(r"contract|freelanc|1099|b2b|self[- ]employed|independent|consult", re.I)),
    ("temporary", re.compile(r"temporar|fixed[\s_-]?term|befrist|seasonal|interim|cdd\b|\btemp\b", re.I)),
    (
        "full-time",
        re.compile(
            r"full[\s_-]?time|vollzeit|temps plein|permanent|tiempo completo|tempo integral|festanstellung|\bregular\b|unbefristet|cdi\b|\bclt\b|employee|pe[lł]ny etat|umowa o prac|festangestellt|\bperm\b|full_time|fulltime",
            re.I,
        ),
    ),
)
_TEXT_FULL = re.compile(r"\bfull[\s-]?time\b|\bvollzeit\b|\bperm(?:anent)? (?:role|position|hiring|job)", re.I)
_TEXT_CONTRACT = re.compile(
    r"\b(?:this is an? (?:[\w-]+ ){0,4}contract\b|contract (?:role|position|opportunity|basis|to hire|-to-hire|duration|length)|freelance|independent contractor|contractor (?:role|position|basis|agreement)|1099|b2b contract|employment type:? contract|job type:? contract)",
    re.I,
)
_TEXT_PART = re.compile(
    r"\bpart[\s-]?time (?:role|position|job|basis|opportunity|hours)|\b(?:job|employment|position) type:? part[\s-]?time|\bpart[\s-]?time\b(?=[^.\n]{0,40}hours)",
    re.I,
)


class Employment(NamedTuple):
    """Kind of contract and the words that say so."""

    kind: EmploymentType
    because: str


def employment(field: str | None, title_raw: str, text: str, reading: TitleReading) -> Employment:
    """The kind of contract: an internship by its title, else the board's field, else the title's and the text's words."""
    if reading.seniority == "intern":
        return Employment("internship", f"title: {reading.because}")
    said = _kind_of(field or "")
    titled = _kind_of(title_raw, without=("full-time",)) if not _is_header(title_raw) else _kind_of(title_raw)
    if said.kind == "full-time" and titled.kind in ("part-time", "contract"):
        return Employment(titled.kind, f"title: {titled.because}")
    if said.kind != "unknown":
        return Employment(said.kind, f"field: {said.because}")
    if titled.kind != "unknown":
        return Employment(titled.kind, f"title: {titled.because}")
    return _of_text(text)


def _is_header(title: str) -> bool:
    """A hiring-thread line: 'Company | Role | Place | Full-time'."""
    return title.count("|") >= 1


@functools.lru_cache(maxsize=4096)
def _kind_of(said: str, without: tuple[str, ...] = ()) -> Employment:
    for kind, pattern in _KINDS:
        match = pattern.search(said) if kind not in without else None
        if match:
            return Employment(kind, match[0])
    return Employment("unknown", "")


def _of_text(text: str) -> Employment:
    full = _TEXT_FULL.search(text)
    for kind, pattern in (("contract", _TEXT_CONTRACT), ("part-time", _TEXT_PART)):
        match = pattern.search(text)
        if match and (full is None or match.start() < full.start()):
            return Employment(kind, f"text: {match[0]}")  # type: ignore[arg-type]
    return Employment("full-time", f"text: {full[0]}") if full else Employment("unknown", "")


class Standing(NamedTuple):
    """Seniority and the words that say so."""

    seniority: Seniority
    because: str


_MANAGER = re.compile(
    r"\b(?:(?:engineering|development|software|security|infrastructure|platform|data|data science|analytics|research|it|qa|devops|sre|design|product design|technology|learning|applied science|annotation|engineering group|site reliability) managers?"
    r"|^(?:senior |sr\.? |group |general |global |regional )*manager\b|(?:senior|sr\.?|group|general|regional|country|plant|store|branch|people|division) manager\b|manager of\b|manager,|supervisor)",
    re.I,
)
_FIELD: tuple[tuple[Seniority, re.Pattern[str]], ...] = (
    ("intern", re.compile(r"intern|student|praktik", re.I)),
    ("manager", re.compile(r"manager|director|executive|head|\bvp\b|management", re.I)),
    ("lead", re.compile(r"lead|principal|staff|expert", re.I)),
    ("senior", re.compile(r"senior|experienced", re.I)),
    ("mid", re.compile(r"\bmid|intermediate|middle|regular|medior", re.I)),
    ("junior", re.compile(r"junior|entry|graduate|associate|beginner", re.I)),
)
_TEXT_MID = re.compile(
    r"\b(?:mid[- ]level|intermediate[- ]level|mid[- ](?:to[- ])?senior(?:[- ]level)?) (?:\w+ ){0,4}(?:engineer|developer|role|position|analyst|designer)",
    re.I,
)


def seniority(title: str, reading: TitleReading, field: str | None, years_min: int | None, text: str) -> Standing:
    """The level: the title's word, else the board's field, else 'mid' by the text or by three or four years asked."""
    manager = _MANAGER.search(title)
    if manager and reading.seniority in ("", "senior", "mid", "lead"):
        return Standing("manager", f"title: {manager[0]}")
    if reading.seniority:
        return Standing(_SENIORITIES[reading.seniority], f"title: {reading.because}")
    for level, pattern in _FIELD:
        match = pattern.search(field or "")
        if match:
            return Standing(level, f"field: {match[0]}")
    return _of_requirements(years_min, text)


def _of_requirements(years_min: int | None, text: str) -> Standing:
    match = _TEXT_MID.search(text)
    if match:
        return Standing("mid", f"text: {match[0]}")
    if years_min in (3, 4):
        return Standing("mid", f"text: {years_min} years asked")
    return Standing("unspecified", "")


_SENIORITIES: dict[str, Seniority] = {
    "intern": "intern",
    "junior": "junior",
    "mid": "mid",
    "senior": "senior",
    "lead": "lead",
    "manager": "manager",
}

__all__ = ["Employment", "Standing", "employment", "read_title", "seniority"]
