"""Words of titles in other languages, put into the English words that the taxonomy knows."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable

from config.load import ConfigError
from config.load_taxonomy import languages
from flows.clean.letters import PLAIN

# What joins the parts of a long word: 'Verfahrensingenieur'.
_JOINTS = ("s", "en", "n", "e")


def without_accents(text: str) -> str:
    """Lower-case text with plain letters, decomposed where a script has marks of its own.

    >>> without_accents("główny ingeniør")
    'glowny ingenior'
    """
    if text.isascii():
        return text
    kept = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return kept.translate(PLAIN)


def in_english(word: str, is_known: Callable[[str], bool] | None = None) -> str:
    """A word of a title in English, or the word itself; one long word may be several.

    Args:
        word: lower case, without accents.
        is_known: what the English of the taxonomy knows: of such words long ones are made ('javautvecklare'). Without it
            long words stay whole.

    >>> in_english("oprogramowania"), in_english("datenbankentwickler", bool), in_english("developer")
    ('software', 'database developer', 'developer')
    """
    words = _words()
    if word in words:
        return words[word]
    if is_known is None or is_known(word):
        return word
    for noun in _nouns():
        if word.endswith(noun) and (first := _known_part(word.removesuffix(noun), is_known)):
            return f"{words.get(first, first)} {words.get(noun, noun)}"
    return word


def qualified_behind(word: str) -> bool:
    """Whether what qualifies a noun stands behind it."""
    return word in _behind()


def is_particle(word: str) -> bool:
    """Whether a word between a noun and what qualifies it says nothing."""
    return word in _particles()


def _known_part(part: str, is_known: Callable[[str], bool]) -> str:
    """The first part of a long word, without what joins it to the second; empty where it is unknown."""
    parts = (part, *(part.removesuffix(joint) for joint in _JOINTS))
    return next((one for one in parts if len(one) > 1 and (one in _words() or is_known(one))), "")


@functools.cache
def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, language in languages().items():
        for meaning, words in language.words.items():
            for word in map(_key, words):
                if found.setdefault(word, meaning) != meaning:
                    raise ConfigError(
                        f"config/taxonomy/languages.toml: {code}: {word} is {meaning} here and {found[word]} before: "
                        "give it one meaning"
                    )
    return found


@functools.cache
def _nouns() -> tuple[str, ...]:
    """The nouns with which long words end, longest first."""
    found = set()
    for language in languages().values():
        if language.compounds:
            found |= {_key(noun) for noun in language.nouns}
            found |= {_key(word) for meaning in _PERSONS for word in language.words.get(meaning, ())}
    return tuple(sorted(found, key=lambda noun: (-len(noun), noun)))


# What the nouns of builders and their neighbours mean.
_PERSONS = (
    "engineer",
    "developer",
    "development",
    "programmer",
    "architect",
    "analyst",
    "scientist",
    "administrator",
    "specialist",
    "consultant",
    "technician",
    "tester",
)


@functools.cache
def _behind() -> frozenset[str]:
    return frozenset(_key(word) for language in languages().values() for word in language.after)


@functools.cache
def _particles() -> frozenset[str]:
    return frozenset(_key(word) for language in languages().values() for word in language.particles)


def _key(word: str) -> str:
    return unicodedata.normalize("NFC", without_accents(word.casefold()))
