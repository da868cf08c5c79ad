"""Typed, frozen, cached readers of config/taxonomy/: the reference roles, skills and claims.

Every entry names the reference documents that state it; an entry without documents is known from the market only.
A file that cannot be believed raises :class:`config.load.ConfigError`.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from config.load import ConfigError, folder, read_toml

Documents = tuple[str, ...]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Document(_Entry):
    """One of the reference documents."""

    id: str
    file: str = Field(description="name in the reference folder")
    about: str
    place: str = ""
    date: str = ""


class Role(_Entry):
    """A role of the taxonomy with the words that name it in titles.

    ``own``, ``technology``, ``hint`` and ``generic`` map a class of nouns (builder, analyst ...) to the words that
    make that noun this role, from the role's own name down to a mere lean.
    """

    slug: str
    name: str
    core: str = Field(description="canonical spelling inside title_core")
    family: str
    definition: str
    documents: Documents = ()
    is_a: tuple[str, ...] = ()
    variant_of: tuple[str, ...] = ()
    alternative_to: tuple[str, ...] = ()
    progression_of: tuple[str, ...] = ()
    isco: str = Field("", description="unit group of ISCO-08, the one that ESCO puts the occupation in")
    onet: str = Field("", description="code of O*NET-SOC 2019")
    esco: str = Field("", description="UUID of the ESCO 1.2 occupation that comes nearest; roles.toml has its address")
    synonyms: tuple[str, ...] = Field((), description="qualifiers that say no more than the role's name")
    domains: tuple[str, ...] = Field((), description="own words that after the noun only name a field")
    telling: tuple[str, ...] = Field((), description="words of hint that say more than others: where the work lives")
    names: tuple[str, ...] = ()
    own: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    technology: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    hint: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    generic: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Level(_Entry):
    """A raw level of a title, with its spellings."""

    level: str
    seniority: Literal["intern", "junior", "mid", "senior", "lead", "manager"]
    words: tuple[str, ...]


class Outside(_Entry):
    """Names of work outside the taxonomy."""

    people: tuple[str, ...]
    anywhere: tuple[str, ...]
    before: tuple[str, ...]
    nouns: tuple[str, ...]
    fields: tuple[str, ...]
    departments: tuple[str, ...]
    building: tuple[str, ...]


class Teaching(_Entry):
    """Words of those who train and judge models; titles.toml explains the lists."""

    training: tuple[str, ...]
    judging: tuple[str, ...]
    freelance: tuple[str, ...]


class Titles(_Entry):
    """How titles are read."""

    spellings: dict[str, str]
    activities: dict[str, tuple[str, ...]]
    nouns: dict[str, tuple[str, ...]]
    level: tuple[Level, ...]
    not_levels: dict[str, tuple[str, ...]]
    outside: Outside
    teaching: Teaching
    neutral: dict[str, tuple[str, ...]]
    noise: dict[str, tuple[str, ...]]


class Language(_Entry):
    """Words of titles in another language; languages.toml explains the lists."""

    name: str
    compounds: bool = False
    after: tuple[str, ...] = ()
    particles: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]]


SkillKind = Literal["language", "framework", "database", "cloud", "tool", "os", "protocol", "cms", "practice"]


class Skill(_Entry):
    """A technology with its spellings; skills.toml explains what each list of spellings asks for."""

    name: str
    kind: SkillKind
    aliases: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    named: tuple[str, ...] = Field((), alias="capitalised", description="'name' in the file")
    context: tuple[str, ...] = ()
    listed: bool = False
    vendor: bool = False
    counted: bool = Field(True, description="false for concepts, which are no skills of a posting")
    documents: Documents = ()

    @property
    def loose(self) -> tuple[str, ...]:
        """Spellings found in any case without further evidence."""
        bound = {said.lower() for said in (*self.exact, *self.named, *self.context)}
        return tuple(said for said in (self.name, *self.aliases) if said.lower() not in bound)


class Axis(_Entry):
    """A kind of work that a text can speak of, with the phrases and skills that speak for it."""

    most: float = Field(description="what phrases, and what skills, can reach")
    phrases: dict[str, float] = Field(default_factory=dict)
    skills: dict[str, float] = Field(default_factory=dict)


class ServerOnly(_Entry):
    """What tells an ad that speaks of servers alone by its languages and frameworks."""

    worth: float = Field(description="what it adds to the back-end developer under a general title")
    technologies: frozenset[str]
    elsewhere: frozenset[str]
    written_in: dict[str, str] = Field(description="frameworks and the language that is no work elsewhere beside them")


class BothSides(_Entry):
    """What tells an ad for one engineer that speaks of servers and of pages by its frameworks."""

    worth: float = Field(description="what it adds to the full-stack developer under a general title")
    called: float = Field(description="the same under a title of technologies alone, where the text calls the work so")
    full_stack: float = Field(description="the evidence of full-stack work from which a text does")
    servers: frozenset[str]
    pages: frozenset[str]


class TextWorth(_Entry):
    """What each kind of work found in a text adds to one role."""

    axis: dict[str, float] = Field(default_factory=dict)
    base: float = 0.0


class Responsibility(_Entry):
    """What the documents say that a back-end developer does."""

    id: str
    statement: str
    documents: Documents
    phrases: tuple[str, ...]


class Qualification(_Entry):
    """What the documents ask of a back-end developer; also their workplace skills."""

    id: str
    statement: str
    documents: Documents
    skills: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


class Claim(_Entry):
    """What one document claims of the market, to be set against it. Amounts in ``currency`` a ``period``."""

    id: str
    kind: Literal["pay", "skill-pay", "experience", "growth", "author", "cities", "skills", "degree"]
    document: str
    says: str
    place: str = ""
    date: str = ""
    source: str = Field("", description="whom the document names as its source")
    statistic: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    currency: str = ""
    period: str = ""
    unit: str = ""
    years: int | None = None
    skill: str = ""
    skills: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    degree: str = ""


_Model = TypeVar("_Model", bound=BaseModel)


def taxonomy_toml(name: str) -> dict[str, Any]:
    """The file config/taxonomy/<name>.toml as a dictionary. Raises ConfigError."""
    return dict(read_toml(folder() / "taxonomy" / f"{name}.toml"))


def _entries(model: type[_Model], name: str, key: str) -> tuple[_Model, ...]:
    return tuple(_entry(model, name, row) for row in taxonomy_toml(name).get(key, ()))


def _entry(model: type[_Model], name: str, row: dict[str, Any]) -> _Model:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"config/taxonomy/{name}.toml: {row.get('slug') or row.get('id') or ''} {wrong}") from error


@functools.cache
def taxonomy_version() -> str:
    """The stated version and eight hex digits over the folder's files: any change of an entry changes it."""
    digest = hashlib.blake2b(digest_size=4)
    for path in sorted((folder() / "taxonomy").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            digest.update(path.read_bytes())
    return f"{taxonomy_toml('taxonomy')['version']}+{digest.hexdigest()}"


@functools.cache
def documents() -> dict[str, Document]:
    """The reference documents by id."""
    return {d.id: d for d in _entries(Document, "documents", "document")}


@functools.cache
def roles() -> dict[str, Role]:
    """The roles by slug, in the file's order."""
    return {r.slug: r for r in _entries(Role, "roles", "role")}


@functools.cache
def titles() -> Titles:
    """Nouns, spellings, levels and outside names of titles."""
    return _entry(Titles, "titles", taxonomy_toml("titles"))


@functools.cache
def languages() -> dict[str, Language]:
    """The languages of titles other than English, by code."""
    rows = taxonomy_toml("languages")
    return {code: _entry(Language, "languages", row) for code, row in rows.items() if code != "phrases"}


@functools.cache
def phrases_abroad() -> dict[str, tuple[str, ...]]:
    """Phrases of the kinds of work, each with what ads in other languages say for it."""
    return {phrase: tuple(said) for phrase, said in taxonomy_toml("languages")["phrases"].items()}


@functools.cache
def skills() -> dict[str, Skill]:
    """The technologies by canonical name, in the file's order."""
    read = taxonomy_toml("skills")
    found = {}
    for kind, entries in read.items():
        if kind != "none":
            for name, row in entries.items():
                said = {"name": name, "kind": kind, **{k: v for k, v in row.items() if k != "name"}}
                found[name] = _entry(Skill, "skills", {**said, "capitalised": row.get("name", ())})
    return found


@functools.cache
def no_skills() -> tuple[str, ...]:
    """Phrases that look like a technology and are none."""
    return tuple(taxonomy_toml("skills")["none"]["phrases"])


@functools.cache
def axes() -> dict[str, Axis]:
    """The kinds of work by name."""
    return {name: _entry(Axis, "evidence", row) for name, row in taxonomy_toml("evidence")["axis"].items()}


@functools.cache
def server_only() -> ServerOnly:
    """The languages and frameworks of servers, and those with which other work is done too."""
    return _entry(ServerOnly, "evidence", taxonomy_toml("evidence")["server"])


@functools.cache
def both_sides() -> BothSides:
    """The frameworks of servers and those of pages."""
    return _entry(BothSides, "evidence", taxonomy_toml("evidence")["sides"])


@functools.cache
def text_worths() -> dict[str, TextWorth]:
    """By role (and ``none``): what the kinds of work in a text add to it."""
    return {slug: _entry(TextWorth, "evidence", row) for slug, row in taxonomy_toml("evidence")["text"].items()}


@functools.cache
def responsibilities() -> tuple[Responsibility, ...]:
    """What back-end developers do, by the documents."""
    return _entries(Responsibility, "responsibilities", "responsibility")


@functools.cache
def qualifications() -> tuple[Qualification, ...]:
    """What back-end developers are asked to know, by the documents."""
    return _entries(Qualification, "qualifications", "qualification")


@functools.cache
def workplace_skills() -> tuple[Qualification, ...]:
    """What the documents ask beside technical knowledge."""
    return _entries(Qualification, "qualifications", "workplace_skill")


@functools.cache
def claims() -> dict[str, Claim]:
    """The documents' claims of the market by id."""
    return {c.id: c for c in _entries(Claim, "claims", "claim")}
