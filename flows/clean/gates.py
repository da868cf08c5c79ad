"""What a text may speak of, found by one scan: only what has its words in the text is then looked for with care.

A gate is a pattern without which the patterns behind it can't match anything that is believed.
"""

from __future__ import annotations

import functools
import re

from flows.clean import currency
from flows.clean.pattern import Linear, Together, linear

WAY = linear(
    r"remot|h[yí]brid|hibrid|office|on-?\s?site|in[- ]person|anywhere|any (?:place|country)|from home|wfh|commut|driving distance|telework|home[- ]based|"
    r"distributed|location|presen[ct]ial|présentiel|büro|wfo|t[ée]l[ée]travail|teletrab|远程|遠程|遠端|线下|"
    r"unabhängig|biurze|zdaln|hybrydow|stacjonarn|ibrid|lavoro in|thuis|afstand|distans|distância|home ?office|удал|дистанц|гибрид|офис"
)
"""Of the way of working."""
REGION = linear(
    r"remot|wohnsitz|arbeitserlaubnis|t[ée]l[ée]travail|based|located|locations?|resid|anywhere|candidates|applicants|authori|eligib|legal|hir(?:e|ing)|"
    r"countr(?:y|ies)|any place|time ?zone|utc|gmt|open to|available|\bonly\b|\bbe in\b|(?:europe|emea|eu|us|uk)-wide"
)
"""Of where a remote worker may live."""
ZONE = linear(
    r"\b(?:UTC|GMT|C?E?E?S?T|[PMC][SD]?T|E[SD]?T|SAST|SGT|JST|AEST|BRT|IST|BST|HKT)\b|(?i:time ?zones?|overlap|"
    r"(?:us|eu|european?) hours)|±|\+\s?/?\s?[-–]\s?\d",
    ignore_case=False,
)
"""Of time zones."""
EVERYWHERE = linear(
    r"the world|worldwide|globally|any (?:country|place)|anywhere except|\binternational (?:ok|welcome|applic|candid|is|are)"
)
"""Of work from all over the world."""
ALL_BUT = linear(r"except|excluding|other than|but not|all but")
"""Of what is taken out of a region."""
MONEY = linear(
    r"(?:[$€£¥￥₹₽₩₪₫₱₺₴₦฿]|zł|kr|rs\.?|lei|rmb|ntd|rp\.?|s/\.?)\s?\d|\d\s?[$€£zł₹₽₩₪₫₱₺₴円元원]|\d\s?k\b|\d\s?(?:triệu|人民|rmb|[万萬만])|"
    rf"(?:\b|\d)(?:{'|'.join(sorted(currency.CODES))})\b|(?:\b|\d)(?:euros?|lei|kč|ft|kr|tl|lpa|lakhs?)\b|\d\s?(?:руб|грн|тенге|тыс|т\.?\s?р|р\.)|"
    r"(?:salary|salario|salaire|gehalt|\bctc|compensation|remuneration)\W{1,3}(?:range\W{1,3})?\d{1,3}[.,]\d"
)
"""Of an amount of money."""
SPELLED_ADDRESS = linear(r"[\[({<]\s?(?:at|@|ät)\s?[\])}>]|\sdot\s")
"""Of an e-mail address in words."""
DIGITS = linear(r"\d[\s()./‑-]{0,3}\d[\s()./‑\d-]{4,18}\d", ignore_case=False)
"""Of a telephone number."""

_ALL = Together(WAY, REGION, ZONE, EVERYWHERE, ALL_BUT, MONEY, SPELLED_ADDRESS, DIGITS)


@functools.lru_cache(maxsize=64)
def open_to(text: str) -> frozenset[Linear | re.Pattern[str]]:
    """The gates that a text opens. The values of one ad ask of the same text, one after another."""
    return _ALL.matching(text)
