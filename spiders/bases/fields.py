"""How a spider says where a board keeps its values: small expressions over one record.

A record is what a decoder made of an answer: dictionaries, lists, text, numbers. A field of RawPosting is declared as

* a path, ``"location.name"``; ``[]`` walks a list: ``"offices[].name"``; ``/`` starts at the whole answer: ``"/name"``;
  ``@`` is what we know beside it: ``"@board"``, ``"@company"`` (of the tenant), ``"@url"`` (of the answer);
* a tuple of alternatives, the first that says something wins: ``("salaryMin", "annualSalaryMin")``;
* one of the forms below: :class:`Always`, :class:`Joined`, :class:`Places`, :class:`Where`, :class:`Part`, :class:`Flag` ...
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

_NAME = re.compile(r"\{([^{}]{1,80})\}")


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression may look at: one record, the whole answer around it, and what we know beside it."""

    record: Any
    root: Any = None
    beside: Mapping[str, str] = field(default_factory=dict)


class Expression(Protocol):
    """Anything that finds a value in a context."""

    def __call__(self, context: Context) -> Any:
        """The value, or None where the record says nothing."""

    def reads(self) -> Iterator[str]:
        """Top-level keys of the record that it reads."""


def says_something(value: Any) -> bool:
    """False for None, blank text and empty collections; 0 and False are said."""
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value != [] and value != {}


@dataclass(frozen=True, slots=True)
class Path:
    """``a.b[].c``: keys one below the other; ``[]`` gives the list of what its items say."""

    text: str

    def __post_init__(self) -> None:
        if not self.text or not all(self._steps()):
            raise ValueError(f"{self.text!r} is no path: keys joined by dots, [] for lists, / for the whole answer")

    def _steps(self) -> list[str]:
        return [step.removesuffix("[]") for step in self.text.removeprefix("/").split(".")]

    def __call__(self, context: Context) -> Any:
        if self.text.startswith("@"):
            return context.beside.get(self.text[1:])
        steps = self.text.removeprefix("/").split(".")
        return _walk(context.root if self.text.startswith("/") else context.record, steps)

    def reads(self) -> Iterator[str]:
        if not self.text.startswith(("/", "@")):
            yield self._steps()[0]


def _walk(value: Any, steps: list[str]) -> Any:
    for at, step in enumerate(steps):
        many = step.endswith("[]")
        value = value.get(step.removesuffix("[]")) if isinstance(value, dict) else None
        if many:
            items = value if isinstance(value, list) else [] if value is None else [value]
            found = [_walk(item, steps[at + 1 :]) for item in items]
            return [one for one in found if says_something(one)] or None
        if value is None:
            return None
    return value


@dataclass(frozen=True, slots=True)
class Always:
    """The same value for every record: what the board means without saying it."""

    value: Any

    def __call__(self, context: Context) -> Any:
        return self.value

    def reads(self) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True, slots=True)
class First:
    """The first of several expressions that says something."""

    of: tuple[Expression, ...]

    def __call__(self, context: Context) -> Any:
        return next((value for one in self.of if says_something(value := one(context))), None)

    def reads(self) -> Iterator[str]:
        for one in self.of:
            yield from one.reads()


_FILTERS: Mapping[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "basic": lambda text: base64.b64encode(f"{text}:".encode()).decode(),  # a key as user, without a password
}


class Template:
    """Text with paths in braces: ``"https://example.com/job/{slug}"``; None where any of them says nothing.

    ``{id|base64}`` encodes what it fills in; ``{@board|www}`` is what stands there where the board is not known.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.paths = {name: Path(name.partition("|")[0]) for name in _NAME.findall(text)}
        for name in self.paths:
            if (way := name.partition("|")[2]) and way not in _FILTERS and not name.startswith("@"):
                raise ValueError(f"{{{name}}}: no filter {way!r}, only {', '.join(_FILTERS)}")

    def __call__(self, context: Context) -> str | None:
        found = {name: _filled(name, path(context)) for name, path in self.paths.items()}
        if not all(found.values()):
            return None
        return _NAME.sub(lambda m: found[m[1]], self.text)

    def reads(self) -> Iterator[str]:
        for path in self.paths.values():
            yield from path.reads()


def _filled(name: str, value: Any) -> str:
    """What stands for a path in braces; empty where it says nothing."""
    way = name.partition("|")[2]
    if not says_something(value) or isinstance(value, (dict, list)):
        return "" if way in _FILTERS else way
    return _FILTERS[way](str(value)) if way in _FILTERS else str(value)


class Joined:
    """Several parts as one text, in order, what says nothing left out.

    A part is a path, or a pair (heading, path): the heading is a text, or a path in braces, and is printed as ``<h3>``.
    ``headed``: where the headings of paths stand, ``"{}_header"`` for ``benefits`` under ``benefits_header``.
    """

    def __init__(self, *parts: Any, by: str = "\n", headed: str = "") -> None:
        self.by = by
        self.parts: list[tuple[Expression | None, Expression]] = []
        for part in parts:
            headless = f"{{{headed.format(part)}}}" if headed else None
            heading, what = part if isinstance(part, tuple) else (headless, part)
            self.parts.append((Template(heading) if heading else None, expression(what)))

    def __call__(self, context: Context) -> str | None:
        return self.by.join(self._texts(context)) or None

    def _texts(self, context: Context) -> Iterator[str]:
        for heading, what in self.parts:
            value = what(context)
            texts = [str(v) for v in (value if isinstance(value, list) else [value]) if says_something(v)]
            if texts and heading and (said := heading(context)):
                yield f"<h3>{said}</h3>"
            yield from texts

    def reads(self) -> Iterator[str]:
        for heading, what in self.parts:
            if heading:
                yield from heading.reads()
            yield from what.reads()


class OfPath:
    """Base of what makes something of the value that stands at one path: of the record it reads that path alone."""

    path: Expression

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def reads(self) -> Iterator[str]:
        yield from self.path.reads()


class Sections(OfPath):
    """A list (or dictionary) of parts with a heading and a text each: ``Sections("lists[]", "text", "content")``."""

    def __init__(self, path: str, heading: str, text: str) -> None:
        self.path, self.heading, self.text = Path(path), Path(heading), Path(text)

    def __call__(self, context: Context) -> str | None:
        found = self.path(context)
        parts = found if isinstance(found, list) else list(found.values()) if isinstance(found, dict) else []
        said = [(self.heading(Context(one)), self.text(Context(one))) for one in parts]
        return (
            "\n".join(f"<h3>{h}</h3>\n{t}" if says_something(h) else str(t) for h, t in said if says_something(t))
            or None
        )


class Place:
    """The parts of one place, joined by commas: ``Place("location.city", ("location.state.name", "location.state"))``.

    Parts that say nothing, or are no text, are left out.
    """

    def __init__(self, *parts: Any) -> None:
        self.parts = tuple(expression(part) for part in parts)

    def __call__(self, context: Context) -> str | None:
        return _in_one((part(context) for part in self.parts), ", ") or None

    def reads(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.reads()


class Places(OfPath):
    """A list of places, each its parts joined by commas: ``Places("locations[]", "city", "region", "country")``."""

    def __init__(self, path: Any, *parts: Any, by: str = ", ") -> None:
        self.path, self.parts, self.by = expression(path), tuple(expression(p) for p in parts), by

    def __call__(self, context: Context) -> list[str] | None:
        found = self.path(context)
        places = [self._place(one) for one in (found if isinstance(found, list) else [found])]
        return list(dict.fromkeys(p for p in places if p)) or None

    def _place(self, one: Any) -> str:
        if isinstance(one, str):
            return one.strip()
        return _in_one((part(Context(one)) for part in self.parts), self.by)


def _in_one(said: Iterable[Any], by: str) -> str:
    """The texts and numbers among the parts of one place, each once."""
    plain = (str(one).strip() for one in said if says_something(one) and not isinstance(one, (dict, list)))
    return by.join(dict.fromkeys(plain))


class Where(OfPath):
    """The value of the records whose key says so: ``Where("metadata[]", "name", "Level", "value")``."""

    def __init__(self, path: Any, key: str, equals: str | tuple[str, ...], value: str) -> None:
        self.path, self.key, self.value = expression(path), Path(key), Path(value)
        self.equals = (equals,) if isinstance(equals, str) else equals

    def __call__(self, context: Context) -> Any:
        items = _flat(self.path(context))
        said = [self.value(Context(one)) for one in items if self.key(Context(one)) in self.equals]
        said = [one for one in said if says_something(one)]
        return said[0] if len(said) == 1 else said or None


def _flat(found: Any) -> list[Any]:
    """The items of a list, and of the lists in it."""
    items = found if isinstance(found, list) else [found]
    return [one for many in items for one in (many if isinstance(many, list) else [many])]


class Plain(OfPath):
    """A value only where it is text or a number, for keys that hold either that or an object."""

    def __call__(self, context: Context) -> Any:
        value = self.path(context)
        return None if isinstance(value, (dict, list)) else value


class All:
    """Every text and number that several expressions say, as one list without repetitions."""

    def __init__(self, *of: Any) -> None:
        self.of = tuple(expression(one) for one in of)

    def __call__(self, context: Context) -> list[Any] | None:
        said = [one(context) for one in self.of]
        flat = [v for value in said for v in (value if isinstance(value, list) else [value]) if says_something(v)]
        return list(dict.fromkeys(v for v in flat if not isinstance(v, (dict, list)))) or None

    def reads(self) -> Iterator[str]:
        for one in self.of:
            yield from one.reads()


class Part:
    r"""The first group of a pattern in a text: ``Part("url", r"/jobs/(\d{1,15})")``; None where it does not match."""

    def __init__(self, said: Any, pattern: str) -> None:
        self.said, self.pattern = expression(said), re.compile(pattern)

    def __call__(self, context: Context) -> str | None:
        value = self.said(context)
        if isinstance(value, (dict, list)) or not says_something(value):
            return None
        found = self.pattern.search(str(value))
        return found[1].strip() or None if found else None

    def reads(self) -> Iterator[str]:
        yield from self.said.reads()


class Named(Part):
    """A slug as a name: ``Named("url", r"/at/([^/]{1,100})/")`` reads ``/at/acme-labs/`` as ``Acme Labs``."""

    def __call__(self, context: Context) -> str | None:
        slug = super().__call__(context)
        return slug.replace("-", " ").title() if slug else None


class Tail:
    """The last segment of an address or path: ``Tail("url")``; ``after="-"`` what follows the last dash in it."""

    def __init__(self, said: Any, after: str = "") -> None:
        self.said, self.after = expression(said), after

    def __call__(self, context: Context) -> str | None:
        value = self.said(context)
        if isinstance(value, (dict, list)) or not says_something(value):
            return None
        tail = str(value).partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
        return (tail.rpartition(self.after)[2] if self.after else "") or tail or None

    def reads(self) -> Iterator[str]:
        yield from self.said.reads()


class Coded(OfPath):
    """A code in words: ``Coded("locationType", {"1": "remote", "2": "hybrid"})``.

    None in the table: the code says nothing. A code that is not in it is given as it stands, never guessed.
    """

    def __init__(self, path: str, words: Mapping[str, str | None]) -> None:
        self.path, self.words = Path(path), words

    def __call__(self, context: Context) -> Any:
        value = self.path(context)
        return self.words.get(str(value), value) if not isinstance(value, (dict, list)) else value


def Flag(path: str, word: str) -> Coded:  # noqa: N802
    """A word where a flag is set: ``Flag("location.hybrid", "hybrid")``; None where it is not."""
    return Coded(path, {"True": word, "true": word, "1": word, "False": None, "false": None, "0": None})


class Unless(OfPath):
    """A value, unless it is a placeholder: ``Unless("companyName", "name")``."""

    def __init__(self, path: str, *placeholders: str) -> None:
        self.path, self.placeholders = Path(path), placeholders

    def __call__(self, context: Context) -> Any:
        value = self.path(context)
        return None if isinstance(value, str) and value.strip() in self.placeholders else value


class Cents(OfPath):
    """An amount that is stated in cents, in whole units; what is no number stays as it is."""

    def __call__(self, context: Context) -> Any:
        value = self.path(context)
        amounts = value if isinstance(value, list) else [value]
        said = [one / 100 if isinstance(one, (int, float)) and not isinstance(one, bool) else one for one in amounts]
        return said if isinstance(value, list) else said[0]


class Keys(OfPath):
    """The keys of an object, as a list: ``Keys("locationMap")``."""

    def __call__(self, context: Context) -> list[str] | None:
        value = self.path(context)
        return list(value) or None if isinstance(value, dict) else None


class Pay:
    """The lower and upper bound of pay, its currency and period, as one declaration: ``pay = Pay("min", "max", "cur")``.

    Each is an expression of its own; what is left out, the board does not say.
    """

    def __init__(self, low: Any, high: Any = None, currency: Any = None, period: Any = None) -> None:
        said = {"salary_min": low, "salary_max": high, "salary_currency": currency, "salary_period": period}
        self.fields: dict[str, Expression] = {k: expression(v) for k, v in said.items() if v is not None}

    @classmethod
    def where(cls, path: Any, key: str, equals: str, low: str, high: str, currency: str, period: str) -> Pay:
        """Pay that stands in the records whose key says so, as :class:`Where` finds them."""
        return cls(*(Where(path, key, equals, value) for value in (low, high, currency, period)))


def expression(said: Any) -> Expression:
    """A declaration as an expression. Raises ValueError or TypeError for what is none."""
    if isinstance(said, str):
        return Template(said) if "{" in said else Path(said)
    if isinstance(said, tuple) and said:
        return First(tuple(expression(one) for one in said))
    if callable(said) and callable(getattr(said, "reads", None)):
        return said  # type: ignore[no-any-return]
    raise TypeError(f"{said!r} is no path, tuple of alternatives, or form of spiders.bases.fields")
