"""Readable text and safe HTML of what a board gave as a description, and tidy single lines.

Everything here returns text that SQLite and PostgreSQL can store: no NUL, no lone surrogates, no other control
characters but line feed and tab, no direction overrides.
"""

from __future__ import annotations

import ast
import functools
import html
import re
import unicodedata
from typing import NamedTuple

import nh3

from config.lookups import board_lines
from flows.clean.pattern import ASKED_AGAIN, Linear, Together, linear

LONGEST_DESCRIPTION = 200_000
"""Characters of a description that are read; the longest honest advertisements have 40,000."""

_UNSTORABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\ud800-\udfff\ufffe\uffff]"
)
_ALWAYS_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\ufffe\uffff]"
)
_SUSPICIOUS = re.compile("[\x00\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# a UTF-8 lead byte read as Latin-1 or Windows-1252, and one of the bytes that follow it
_MOJIBAKE = re.compile("[ÂÃÄÅâãäåæçðïÐÑ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")

_STRETCH = re.compile(r"[^\n<>]+")

_TAG_NAMES = (
    "p|br|div|ul|ol|li|strong|b|i|em|u|h[1-6]|span|a|table|tbody|thead|tr|td|th|section|article|hr|pre|code|"
    "blockquote|font|img|script|style|html|body|head|header|footer|figure|iframe|svg|noscript|sup|sub|dl|dt|dd|small"
)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?=[\s>/])", re.IGNORECASE)
_ESCAPED_TAG = re.compile(rf"&(?:amp;)?lt;/?(?:{_TAG_NAMES})(?=[\s/]|&(?:amp;)?gt;)", re.IGNORECASE)

_KEPT_TAGS = {
    "p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "u", "h1", "h2", "h3", "h4", "h5", "h6", "a", "pre", "code",
    "blockquote", "table", "thead", "tbody", "tr", "td", "th", "hr", "dl", "dt", "dd", "sub", "sup", "div",
}  # fmt: skip
_DROPPED_WITH_CONTENT = {"script", "style", "noscript", "iframe", "svg", "head", "title", "template", "object", "math"}

_ODD_BLANK = re.compile(r"[\r\f\v\u1680\u2000-\u200a\u202f\u205f\u3000]")
_CLEAN_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?: [a-z-]+=\"[^\"]*\")*>")
_BULLET = re.compile(r"^[ \t]*(?:[•·▪◦●‣○■➢✓✔*]|[–—](?=\s))[ \t]*(?=\S)", re.MULTILINE)

_BREAKS = {
    **dict.fromkeys(
        ("p", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "pre", "dl", "hr"), "\n\n"
    ),
    **dict.fromkeys(("br", "div", "tr", "dt", "dd"), "\n"),
}


class Readable(NamedTuple):
    """A description in two shapes, and what had to be taken out of it."""

    text: str
    """Paragraphs divided by an empty line, list items as lines that begin with "- "."""
    html: str
    """Sanitised HTML: an allow-list of tags, links to http(s) only, no scripts, styles, images."""
    doubts: tuple[str, ...] = ()


# what the searches above look for, in one: few texts have any of it
_ODD = re.compile(f"{_UNSTORABLE.pattern[:-1]}ÂÃÄÅâãäåæçðïÐÑ]")


def _is_plain(said: str) -> bool:
    """Whether nothing in a text needs a second look."""
    return (said.isascii() and said.isprintable()) or _ODD.search(said) is None


_UNSTORABLE_IN_LONG = linear(_UNSTORABLE.pattern.replace("\ud800-\udfff", ""), ignore_case=False)


def _is_unstorable(said: str) -> bool:
    if len(said) < ASKED_AGAIN:
        return _UNSTORABLE.search(said) is not None
    try:
        return _UNSTORABLE_IN_LONG.search(said) is not None
    except UnicodeEncodeError:
        return True  # a lone surrogate


def storable(said: str) -> str:
    """``said`` without what a database or a terminal can't hold: NUL, controls, lone surrogates, overrides."""
    if (said.isascii() and said.isprintable()) or not _is_unstorable(said):
        return said
    if _SURROGATE.search(said):
        said = said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    said = said.replace("\x85", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return _ALWAYS_DROPPED.sub("", said)


def suspicious(said: str) -> bool:
    """Whether a text carries NUL or direction overrides: characters that no honest text needs."""
    return "\x00" in said if said.isascii() else _SUSPICIOUS.search(said) is not None


def mended(said: str) -> str:
    """Mojibake repaired, only in the lines and between the tags where its marks are.

    The repair costs a millisecond a kilobyte, and judges all it is given as one: a letter that is as it should be would
    keep it from the rest.
    """
    if said.isascii() or not _MOJIBAKE.search(said):
        return said
    import ftfy

    return _STRETCH.sub(lambda one: ftfy.fix_encoding(one[0]) if _MOJIBAKE.search(one[0]) else one[0], said)


def unescaped(said: str) -> str:
    """HTML character references resolved, twice where a board escaped twice."""
    if "&" not in said:
        return said
    once = html.unescape(said)
    return html.unescape(once) if "&" in once and ";" in once else once


def line(said: str | None, longest: int = 300) -> str | None:
    """One tidy line of plain text: no tags, no entities, no controls, NFC; None where nothing is left."""
    if said is None:
        return None
    return _known_line(said, longest) if len(said) <= _OFTEN_SAID else _line(said[: longest * 8], longest)


def _line(said: str, longest: int) -> str | None:
    if said.isascii() and "&" not in said and "<" not in said:
        said = " ".join(said.split())
        return storable(said)[:longest].strip() or None
    # what is invisible goes first: it could stand within a tag's name
    said = storable(mended(unescaped(said)))
    if "<" in said:
        said = _TAGS_IN_LINE.sub(" ", said)
    said = unicodedata.normalize("NFC", said)
    return " ".join(said.split())[:longest].strip() or None


_OFTEN_SAID = 200
"""Characters up to which a field's words are likely to come again: tags, places, departments, names."""
_known_line = functools.lru_cache(maxsize=16_384)(_line)
_TAGS_IN_LINE = re.compile(rf"<(?:/?(?:{_TAG_NAMES})\b|!--)[^<>]{{0,500}}>", re.IGNORECASE)


def _without_repr(said: str) -> str:
    """The text of a Python bytes literal (``b'...'``) that a careless feed printed."""
    if len(said) > 3 and said[0] == "b" and said[1] in "'\"" and said.rstrip()[-1] == said[1]:
        try:
            value = ast.literal_eval(said.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return said
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
    return said


_TO_THE_WEB = re.compile(r"\s{0,9}https?://[^/\\\s]", re.IGNORECASE)
"""An address that says its host: ``https:x`` would be read as a path of the page that shows the text."""


@functools.cache
def _sanitiser() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_KEPT_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        # "*": not even those that nh3 lets every tag have, whose text could become markup when it is parsed again
        attributes={"a": {"href"}, "*": set()},
        attribute_filter=lambda _tag, name, value: value if name != "href" or _TO_THE_WEB.match(value) else None,
        url_schemes={"http", "https"},
        # what is relative would lead into the page that shows the text, not to the board
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
        strip_comments=True,
    )


def _as_html(said: str) -> str | None:
    """``said`` as HTML where it is that, with double escaping undone; None where it is plain text."""
    for _ in range(2):
        escaped = _ESCAPED_TAG.search(said) if "lt;" in said else None
        if escaped is None:
            break
        tags = _TAG.search(said)
        if tags is not None and len(_ESCAPED_TAG.findall(said)) < 3:
            break  # an advertisement that writes about <div> in escaped form
        said = html.unescape(said)
    return said if "<" in said and _TAG.search(said) else None


def _shown(name: str, closing: bool) -> str:
    """What stands in the readable text for a tag."""
    if name == "li":
        return "" if closing else "\n- "
    if name in {"td", "th"}:
        return " " if closing else ""
    return _BREAKS.get(name, "")


_SHOWN = {f"{'/' * closing}{name}": _shown(name, closing) for name in _KEPT_TAGS for closing in (False, True)}


def _text_of(clean_html: str, odd: bool) -> str:
    """The readable text of sanitised HTML, whose tags are well formed.

    Args:
        odd: whether it holds other blanks than spaces and ends of lines; runs of these are left to :func:`_tidy`.
    """
    said = " ".join(clean_html.split()) if odd else clean_html.replace("\n", " ").replace("\r", " ")
    text = _of_plain_tags(said)
    if text is None:
        text = _CLEAN_TAG.sub(lambda tag: _shown(tag[2], bool(tag[1])), said)
    # the sanitiser writes all characters out but for a hard space and what markup is made of
    return _tidy(html.unescape(text))


def _of_plain_tags(said: str) -> str | None:
    """The text between the tags, four times as fast as a pattern; None where a tag is more than a name or a link."""
    first, *pieces = said.split("<")
    shown = [first]
    for piece in pieces:
        tag, _, rest = piece.partition(">")
        mark = _SHOWN.get(tag)
        if mark is None:
            if not _LINK.fullmatch(tag):
                return None
            mark = ""
        shown += (mark, rest)
    return "".join(shown)


_LINK = re.compile(r"a(?: [a-z-]{1,20}=\"[^\"<>]*\"){0,3}")


def _tidy(text: str) -> str:
    text = text.replace("\u00a0", " ").replace("\t", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    shown: list[str] = []
    blank = False
    for part in map(str.strip, text.split("\n")):
        if not part:
            blank = True
            continue
        if shown and shown[-1] == "-":  # an item whose text stood in a paragraph of its own
            shown[-1] = f"- {part}"
        else:
            if blank and shown and not (part.startswith("- ") and shown[-1].startswith("- ")):
                shown.append("")
            shown.append(part)
        blank = False
    return "\n".join(shown)


def _without_board_lines(said: str) -> str:
    """Lines that the board put into the advertisement taken out ("Please mention the word ...").

    Args:
        said: a text that holds a gate word of one.
    """
    lower = said.lower()
    for row in board_lines():
        if row.gate in lower:
            said = row.pattern.sub(" ", said)
    return said


# every blank but a space and the ends of lines, which in markup are one
_ODD_BLANKS = linear("[\x0b\x0c\x1c-\x1f\x85\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]", ignore_case=False)


@functools.cache
def _board_gate() -> Linear:
    """Any gate word of the boards' lines."""
    return linear("|".join(sorted({re.escape(row.gate) for row in board_lines()})))


@functools.cache
def _rarities() -> Together:
    """What few texts hold, sought in one scan."""
    return Together(_ODD_BLANKS, _UNSTORABLE_IN_LONG, _board_gate())


_OVERRIDES = "description: NUL or direction overrides taken out"


def readable(said: str | None) -> Readable:
    """A description as readable text and as safe HTML, whatever it was given as. Never raises."""
    if not said or said.isspace():
        return Readable("", "")
    doubts: list[str] = []
    if len(said) > LONGEST_DESCRIPTION:
        doubts.append(f"description: cut at {LONGEST_DESCRIPTION} of {len(said)} characters")
        said = said[:LONGEST_DESCRIPTION]
    if said[0] == "b" or not _is_plain(said):
        if suspicious(said):
            doubts.append(_OVERRIDES)
        said = mended(storable(_without_repr(said)))
    markup = _as_html(said)
    if markup is not None:
        clean_html = _sanitiser().clean(markup).strip()
        seen = _rarities().matching(clean_html)
        if _UNSTORABLE_IN_LONG in seen:  # by a character reference
            if suspicious(clean_html):
                doubts.append(_OVERRIDES)
            clean_html = storable(clean_html)
        if _board_gate() in seen:
            clean_html = _without_board_lines(clean_html)
        return Readable(_text_of(clean_html, _ODD_BLANKS in seen), clean_html, tuple(dict.fromkeys(doubts)))
    text = unescaped(said).replace("\r\n", "\n").replace("\r", "\n")
    if _board_gate().search(text) is not None:
        text = _without_board_lines(text)
    text = storable(_BULLET.sub("- ", _tidy(text if text.isascii() else _ODD_BLANK.sub(" ", text))))
    return Readable(text, _html_of(text), tuple(doubts))


def _html_of(text: str) -> str:
    """Plain text as HTML paragraphs."""
    paragraphs = html.escape(text, quote=False).split("\n\n")
    return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs if paragraph)
