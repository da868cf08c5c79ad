"""The language of a text, as an ISO 639-1 code.

Three gates, cheapest first: the script (kana is Japanese), the little words (the, and, of ...), and only for
what is left the trained identifier (py3langid, about 0.5 ms), on a slice.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import Any

SLICE = 1_000
"""Characters that are looked at: an advertisement says in its first paragraphs what language it is in."""

_LITTLE_WORDS: dict[str, str] = {
    "en": "the and of to with for you your our we are is will this that be have from by on or who what an at",
    "de": "und der die das mit für wir ist zu den dich du deine unser unsere oder von ein eine im auf als sie bei",
    "fr": "et les des pour vous nous est une dans avec sur votre nos au aux par du le qui être ou notre tu",
    "es": "y el los las para con una del por tu es en que nuestro nuestra se como más buscamos su experiencia sobre",
    "pt": "e o os as para com uma um do da dos das em que você nossa nosso seu sua não ou mais por ao são experiência",
    "it": "e il gli della per con una di che sei nostro nostra nel alla dei sono è le lavoro si degli nostri più",
    "nl": "en het een van je wij voor met jij ons onze is op bij te zijn jouw als wat aan naar of dat",
    "pl": "i w z na do się oraz dla jest nie że o od lub praca mamy nasz naszej jako pracy aby przez",
    "sv": "och att det som en för med du vi är på av till dig har vår oss eller den om inom",
    "da": "og at det som en for med du vi er på af til dig har vores os eller den om inden",
    "nb": "og å det som en for med du vi er på av til deg har vår oss eller den om innen",
    "ro": "și de la cu pentru în este un o care sau ai din noi să pe mai noastre",
    "cs": "a v na se pro je s do že jsme nebo k jako od máme tě naše práce",
    "tr": "ve bir için ile bu olarak olan daha en veya çok bizim",
    "fi": "ja on tai sekä että olet meillä sinulla kun ovat voit myös",
    "hu": "és a az hogy egy vagy nem meg van mint is csapat",
}


def _shared() -> tuple[dict[str, int], list[tuple[str, ...]]]:
    """By little word the number of the languages that have it, and those languages by number."""
    languages_of: dict[str, tuple[str, ...]] = {}
    for code, words in _LITTLE_WORDS.items():
        for word in words.split():
            languages_of[word] = (*languages_of.get(word, ()), code)
    groups = list(dict.fromkeys(languages_of.values()))
    return {word: groups.index(codes) + 1 for word, codes in languages_of.items()}, [(), *groups]


# a number is counted in a third of the time that a tuple of codes takes; 0 stands for words that are not little
_GROUP_OF, _GROUPS = _shared()

_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_OTHER_SCRIPT = re.compile("|".join(pattern.pattern for _, pattern in _SCRIPTS).replace("]|[", ""))
_SHARED_SCRIPT = re.compile(r"[\u0400-\u04ff\u0600-\u06ff\u0900-\u097f]")
FEWEST_WORDS = 5
"""Below so many words a text says nothing of its language."""


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _by_script(sample: str, letters: int) -> str | None:
    if sample.isascii() or not _OTHER_SCRIPT.search(sample):
        return None
    for code, pattern in _SCRIPTS:
        # an ideograph says as much as three letters
        if len(pattern.findall(sample)) * 3 > letters * (0.6 if code in {"ja", "ko", "zh"} else 1.5):
            return code
    return None


def _by_little_words(words: list[str]) -> str | None:
    hits: dict[str, int] = {}
    for group, count in Counter(filter(None, map(_GROUP_OF.get, words))).items():
        for code in _GROUPS[group]:
            hits[code] = hits.get(code, 0) + count
    if not hits:
        return None
    ranked = sorted(hits.items(), key=lambda hit: -hit[1])
    first, count = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0
    return first if count >= 3 and count >= 0.08 * len(words) and count >= 2 * second else None


def identify(text: str) -> str | None:
    """The ISO 639-1 code of the language of ``text``; None where it is too short or mixed to tell.

    >>> identify("We are looking for an engineer who will build the services of our platform.")
    'en'
    """
    sample = text[:SLICE]
    if script := _by_script(sample, len(sample)):
        return script
    if said := _by_little_words(sample.casefold().split()):
        return said
    words = _WORD.findall(sample.casefold())
    if len(words) < FEWEST_WORDS:
        return None
    code, sure = _identifier().classify(" ".join(words))
    enough = 0.9 if len(words) >= 12 or _SHARED_SCRIPT.search(sample) else 0.99
    return str(code) if sure >= enough else None


@functools.lru_cache(maxsize=1024)
def stated(said: str) -> str | None:
    """The ISO 639-1 code that a board means by "en-US", "eng", "English", "Deutsch" ...; None if unreadable."""
    import pycountry

    word = said.strip().replace("_", "-")
    head = word.partition("-")[0].strip().lower()
    if not head.isalpha() or len(word) > 40:
        return None
    language = (
        pycountry.languages.get(alpha_2=head)
        if len(head) == 2
        else pycountry.languages.get(alpha_3=head) or pycountry.languages.get(bibliographic=head)
        if len(head) == 3
        else pycountry.languages.get(name=head.capitalize())
    )
    return getattr(language, "alpha_2", None) or _OWN_NAMES.get(head)


_OWN_NAMES = {
    "deutsch": "de", "français": "fr", "francais": "fr", "español": "es", "espanol": "es", "português": "pt",
    "italiano": "it", "nederlands": "nl", "polski": "pl", "svenska": "sv", "dansk": "da", "norsk": "nb",
}  # fmt: skip


def believe(text: str, said: str | None = None, habit: str | None = None) -> str | None:
    """The text's own language; where it is too short to tell, what the board states, else its habit."""
    return identify(text) or (stated(said) if said else None) or habit
