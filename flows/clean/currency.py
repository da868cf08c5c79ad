"""Currencies as people write them: signs, codes, words; and what an ambiguous sign means in a place."""

from __future__ import annotations

import functools
import re

UNKNOWN = "?"

_CODES = (
    "USD EUR GBP CHF CAD AUD NZD SGD HKD JPY CNY INR BRL MXN ARS CLP COP PEN UYU PLN CZK HUF RON BGN SEK NOK DKK ISK UAH RUB TRY "
    "ILS AED SAR QAR KWD EGP MAD NGN KES GHS ZAR PHP IDR MYR THB VND TWD KRW PKR BDT LKR KZT GEL AMD RSD BAM ALL MDL AZN UZS "
    "CRC DOP GTQ BOB PYG TND DZD JOD LBP BHD OMR MUR NPR HRK CUP"
)
CODES = frozenset(_CODES.split())
_SIGNS = {
    "US$": "USD", "U$S": "USD", "USD$": "USD", "U.S.$": "USD", "CA$": "CAD", "C$": "CAD", "CAD$": "CAD", "CDN$": "CAD",
    "AU$": "AUD", "A$": "AUD", "AUD$": "AUD", "NZ$": "NZD", "NZD$": "NZD", "S$": "SGD", "SG$": "SGD", "SGD$": "SGD",
    "HK$": "HKD", "HKD$": "HKD", "NT$": "TWD", "MX$": "MXN", "MEX$": "MXN", "MXN$": "MXN", "R$": "BRL", "CN¥": "CNY",
    "RMB": "CNY", "JP¥": "JPY", "€": "EUR", "£": "GBP", "₹": "INR", "RS.": "Rs", "RS": "Rs", "₽": "RUB", "₩": "KRW",
    "₪": "ILS", "NIS": "ILS", "₫": "VND", "₱": "PHP", "₺": "TRY", "₴": "UAH", "₦": "NGN", "฿": "THB", "ZŁ": "PLN", "ZL": "PLN",
    "KČ": "CZK", "FT": "HUF", "LEI": "RON", "FR.": "CHF", "SFR.": "CHF", "SFR": "CHF", "₸": "KZT", "₾": "GEL", "DKR": "DKK",
    "EURO": "EUR", "EUROS": "EUR", "EUR€": "EUR", "POUNDS": "GBP", "DOLLARS": "$", "RUPEES": "Rs", "FRANCS": "CHF",
    "ZŁOTYCH": "PLN", "KRONOR": "SEK", "$": "$", "¥": "¥", "KR": "kr", "KR.": "kr", "円": "JPY", "万円": "JPY", "元": "CNY",
    "원": "KRW", "만원": "KRW", "NTD": "TWD", "RP": "IDR", "RP.": "IDR", "S/": "PEN", "S/.": "PEN", "￥": "¥", "NTD$": "TWD", "VNĐ": "VND",
    "TRIỆU": "VND", "REAIS": "BRL", "人民币": "CNY", "人民幣": "CNY",
    "TL": "TRY", "РУБ": "RUB", "РУБ.": "RUB", "РУБЛЕЙ": "RUB", "РУБЛЯ": "RUB", "Р": "RUB", "ГРН": "UAH", "ГРН.": "UAH", "ТЕНГЕ": "KZT",
    "台币": "TWD", "台幣": "TWD", "港币": "HKD", "港幣": "HKD", "美元": "USD", "美金": "USD",
}  # fmt: skip
_AMBIGUOUS = {
    "$": {
        "US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "PR": "USD", "EC": "USD", "SV": "USD",
    },
    "¥": {"JP": "JPY", "CN": "CNY"},
    "kr": {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK"},
    "Rs": {"IN": "INR", "PK": "PKR", "LK": "LKR", "NP": "NPR", "MU": "MUR"},
}  # fmt: skip


def _pattern(signs: list[str]) -> str:
    return "|".join(re.escape(sign) for sign in sorted(signs, key=lambda sign: (-len(sign), sign)))


_ENDS_IN_SYMBOL = [sign for sign in _SIGNS if not sign[-1].isalnum() and not sign.endswith(".")]
_WORDS = [sign for sign in _SIGNS if sign not in _ENDS_IN_SYMBOL and sign.isascii()] + ["ZŁ", "KČ", "ZŁOTYCH"]
_EASTERN = [
    sign for sign in _SIGNS if not sign.isascii() and sign[-1].isalpha() and sign not in {"ZŁ", "KČ", "ZŁOTYCH"}
]

BEFORE = (
    rf"(?:(?<![A-Za-z])(?:{_pattern(_ENDS_IN_SYMBOL)})|[$€£¥￥₹]|"
    rf"(?<![A-Za-z])(?:{_pattern(_WORDS)}|{'|'.join(sorted(CODES))})(?![a-z]))"
)
"""A currency before an amount, for an expression that ignores case."""
AFTER = rf"(?:{_pattern(_ENDS_IN_SYMBOL)}|{_pattern(_EASTERN)}|(?:{_pattern(_WORDS)}|{'|'.join(sorted(CODES))})(?!(?!brutt?o|nett?o)[A-Za-z]))"
"""A currency after an amount."""


@functools.lru_cache(maxsize=1024)
def read(said: str) -> str | None:
    """The ISO 4217 code of a sign, word or code; ``$``, ``¥``, ``kr`` and ``Rs`` stay themselves; None where unknown."""
    token = "".join(said.split()).upper()
    if token in CODES:
        return token
    found = _SIGNS.get(token)
    if found is None and token[:3] in CODES:
        return token[:3]
    return found


def settled(sign: str, countries: tuple[str, ...]) -> str | None:
    """What an ambiguous sign means where the countries leave one reading (the US before its neighbours)."""
    if sign not in _AMBIGUOUS:
        return sign
    readings = _AMBIGUOUS[sign]
    found = list(dict.fromkeys(readings[country] for country in countries if country in readings))
    if "USD" in found:
        return "USD"
    return found[0] if len(found) == 1 else None


def is_ambiguous(sign: str | None) -> bool:
    """Whether a sign belongs to several currencies."""
    return sign in _AMBIGUOUS
