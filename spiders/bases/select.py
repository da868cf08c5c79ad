"""CSS selectors answered by plain tests of a tag; soupsieve reads them, and answers those that are not plain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import soupsieve
from bs4 import Tag
from soupsieve.css_types import Selector, SelectorAttribute, SelectorList, SelectorNull, SelectorTag
from soupsieve.util import lower

Test = Callable[[Tag], bool]
"""Whether a selector means a tag."""


def first(tag: Tag, css: str) -> Tag | None:
    """The first tag in a tag of a page that a selector means: ``tag.select_one(css)``."""
    test = _test(css)
    return tag.select_one(css) if test is None else next(filter(test, _inside(tag)), None)


def every(tag: Tag, css: str) -> list[Tag]:
    """All tags in a tag of a page that a selector means, in their order: ``tag.select(css)``."""
    test = _test(css)
    return tag.select(css) if test is None else list(filter(test, _inside(tag)))


_DEEP = 64
"""Levels above a tag without anything behind it; from there on its end is not looked for: it costs as much as the page."""


def _inside(tag: Tag) -> Iterator[Tag]:
    above: Tag | None = tag
    climbed = 0
    while above is not None and above.next_sibling is None:
        above = above.parent
        climbed += 1
        if climbed > _DEEP:
            yield from _inside_of_deep(tag)
            return
    behind = above.next_sibling if above is not None else None
    one = tag.contents[0] if tag.contents else None
    while one is not None and one is not behind:
        if isinstance(one, Tag):
            yield one
        one = one.next_element


def _inside_of_deep(tag: Tag) -> Iterator[Tag]:
    todo = tag.contents[::-1]
    while todo:
        one = todo.pop()
        if isinstance(one, Tag):
            yield one
            todo += one.contents[::-1]


class _NotPlain(Exception):
    """A selector asks for more than names, classes, attributes and what is above or below."""


@lru_cache(maxsize=1024)
def _test(css: str) -> Test | None:
    """The test of a selector; None for one that is left to soupsieve."""
    try:
        return _any(soupsieve.compile(css).selectors)
    except _NotPlain:
        return None


def _any(selectors: SelectorList) -> Test:
    tests = [_one(selector) for selector in selectors]
    if selectors.is_html or not tests:
        raise _NotPlain
    test = tests[0] if len(tests) == 1 else lambda tag: any(one(tag) for one in tests)
    return (lambda tag: not test(tag)) if selectors.is_not else test


def _one(selector: Selector | SelectorNull) -> Test:
    if isinstance(selector, SelectorNull) or selector.nth or selector.contains or selector.lang or selector.flags:
        raise _NotPlain
    tests = [_named(selector.tag)] if selector.tag else []
    tests += map(_of_class, selector.classes)
    tests += map(_with_id, selector.ids)
    tests += map(_with, selector.attributes)
    tests += map(_any, selector.selectors)
    if selector.relation:
        tests.append(_related(selector.relation))
    return _all(tests)


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:  # most are ".name" and what is above; a generator would take twice the time
        one, other = tests
        return lambda tag: one(tag) and other(tag)
    return lambda tag: all(test(tag) for test in tests)


def _named(said: SelectorTag) -> Test:
    if said.prefix is not None:
        raise _NotPlain
    name = lower(said.name)
    return bool if name == "*" else lambda tag: tag.name == name


def _of_class(name: str) -> Test:
    def test(tag: Tag) -> bool:
        said = tag.attrs.get("class")
        return said is not None and name in (said.split() if isinstance(said, str) else said)

    return test


def _with_id(name: str) -> Test:
    return lambda tag: tag.attrs.get("id", "") == name


def _with(attribute: SelectorAttribute) -> Test:
    name, pattern = lower(attribute.attribute), attribute.pattern  # HTML has no namespaces: a prefix says nothing

    def test(tag: Tag) -> bool:
        said = tag.attrs.get(name)
        if said is None or pattern is None:
            return said is not None
        return pattern.match(said if isinstance(said, str) else " ".join(said)) is not None

    return test


def _related(relation: SelectorList) -> Test:
    """What must be above or below; siblings are left to soupsieve."""
    [selector] = relation
    test = _any(relation)
    match selector.rel_type if isinstance(selector, Selector) else None:
        case " ":
            return lambda tag: any(map(test, tag.parents))
        case ">":
            return lambda tag: tag.parent is not None and test(tag.parent)
        case ": ":
            return lambda tag: any(map(test, _inside(tag)))
        case ":>":
            return lambda tag: any(test(one) for one in tag.contents if isinstance(one, Tag))
        case _:
            raise _NotPlain
