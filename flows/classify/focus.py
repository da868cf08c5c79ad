"""What a text itself calls the main work: 'Your primary focus will be the development of all server-side logic'."""

from __future__ import annotations

import re

from flows.classify import gates
from flows.classify.text import Ad
from flows.classify.titles import FULL_STACK, Cue

# As much as a sentence that seeks a role: more than a hint of a title, less than an own word of it.
_WORTH = 3.0
# Characters before such words that belong to them: 'the role is focused', 'working primarily'
_BEFORE = 24
_ROLES = {"server": "backend-developer", "pages": "front-end-developer"}
_SERVER = r"back.?end|server.?side|(?:dedicated |game )?servers?(?= code| logic| applications?)"
_PAGES = r"front.?end|client.?side|user.?interfaces?|visual elements"
_BOTH = r"full.?stack"
# with whom one works is no work of one's own: 'primarily with back-end engineers'
_OTHERS = r"(?! (?:and [\w-]+ )?(?:teams?|engineers?|developers?|counterparts?|colleagues)\b)"
_SIDE = re.compile(rf"\b(?:(?P<server>{_SERVER})|(?P<pages>{_PAGES})|(?P<both>{_BOTH}))\b{_OTHERS}", re.IGNORECASE)
_MAIN = re.compile(
    r"(?:(?<!\bour )\b(?:primary|main|core) (?:focus|responsibilit(?:y|ies))(?: (?:of|in|for) (?:this|the|your|our) \w+)?"
    r"(?:\*{0,2}:| (?:will be|would be|is|are|lies|being))"
    r"|\b(?:role|position|job) is focused"
    r"|\b(?:work|working|focus|focus(?:s?ed|s?ing)|developing|building|responsible) (?:primarily|mainly|mostly|predominantly)"
    r"|\b(?:primarily|mainly|mostly|predominantly)"
    r"(?= (?:an? |be )?(?:work|focus|develop|build|responsible|back|front|server|full)))"
    r"(?P<said>(?:[\s,/*-]+[\w#+’'-]+){1,10})",
    re.IGNORECASE,
)


def main_work(ad: Ad) -> tuple[Cue, ...]:
    """Evidence of the side of the work that a text calls the main one; () where it names none, or several.

    >>> from flows.classify.text import read_ad
    >>> main_work(read_ad("Your primary focus will be the development of all server-side logic."))[0].role
    'backend-developer'
    """
    if gates.FOCUS not in gates.open_to(ad.text):
        return ()
    said = {}
    for sentence in gates.FOCUS.finditer(ad.text):
        start = max(sentence.start() - _BEFORE, ad.text.rfind("\n", 0, sentence.start()) + 1)
        end = ad.text.find("\n", sentence.end())
        for found in _MAIN.finditer(ad.text, start, end if end >= 0 else len(ad.text)):
            said.update(dict.fromkeys(_sides(found["said"]), found[0]))
    if len(said) != 1:
        return ()
    return tuple(Cue(role, _WORTH, " ".join(words.split()), "hint", "main work") for role, words in said.items())


def _sides(words: str) -> set[str]:
    """The roles of which words speak: both sides make one of both."""
    named = {found.lastgroup for found in _SIDE.finditer(words)}
    if "both" in named or {"server", "pages"} <= named:
        return {FULL_STACK}
    return {_ROLES[side] for side in named if side}
