"""Pay as stated and as believed: base pay of this role, in its own currency and period, never a guess.

Amounts are read from the board's fields, from its words, or from the description. A sentence speaks of pay only
where its words say so; funding, revenue, budgets, bonuses, equity, vouchers and on-target earnings are not pay.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from flows.clean import currency as money
from flows.clean import fx, gates
from flows.clean.pattern import linear
from flows.clean.text import line
from storage.models import Period, SalarySource


class Pay(NamedTuple):
    """Pay as believed; an empty one where none is."""

    least: float | None = None
    most: float | None = None
    currency: str | None = None
    period: Period | None = None
    source: SalarySource | None = None
    inferred: tuple[str, ...] = ()
    raw: str | None = None
    doubts: tuple[str, ...] = ()


NOTHING = Pay()


class Fields(NamedTuple):
    """What a board's fields say of pay, each as printed."""

    words: str | None = None
    least: str | None = None
    most: str | None = None
    currency: str | None = None
    period: str | None = None
    predicted: str | None = None


class Context(NamedTuple):
    """What may settle an ambiguous sign or a missing period."""

    countries: tuple[str, ...] = ()
    """Of the places and regions of the ad, in their order."""
    habit_currency: str | None = None
    habit_period: Period | None = None
    day: dt.date = dt.date(2026, 1, 1)
    """The posting's day: at its rates a currency's amounts are sized."""
    complete: bool = True
    """Whether a fuller statement in the description completes the fields."""


class Mention(NamedTuple):
    """One amount or range in a text."""

    least: float | None
    most: float | None
    sign: str | None
    period: Period | None
    start: int
    end: int
    strength: int
    said: str


# -- numbers ------------------------------------------------------------------------------------------------

_NUMBER = r"\d{1,3}(?:[,.’'\u00a0\u202f\u2009 ]\d{3})+(?:[.,]\d{1,2})?(?![\d])|\d{1,2}(?:,\d{2}){1,3},\d{3}(?!\d)|\d{1,9}(?:[.,]\d{1,2}(?!\d))?"
_TIMES = {
    "k": 1e3, "tys": 1e3, "тыс": 1e3, "тыс.": 1e3, "тысяч": 1e3, "т": 1e3, "т.": 1e3, "thousand": 1e3, "tsd": 1e3, "mil": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6,
    "mio": 1e6, "million": 1e6, "millions": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5, "l": 1e5, "lpa": 1e5,
    "cr": 1e7, "crore": 1e7, "crores": 1e7, "万": 1e4, "萬": 1e4, "만": 1e4, "triệu": 1e6,
}  # fmt: skip
_AMOUNT = re.compile(
    rf"(?:(?P<before>{money.BEFORE})\s{{0,2}}|(?<![#.,/])(?<![^\W\u3040-\u9fff\uac00-\ud7a3]))(?P<number>{_NUMBER})(?:\.[-–—](?=\s))?"
    rf"(?:\s?(?P<times>(?:k|tys|тысяч|тыс\.?|thousand|tsd|mil|mm|mn|mio|millions?|m|bn|billion|b|lakhs?|lacs?|lpa|l|crores?|cr)"
    rf"(?![^\W\u3040-\u9fff\uac00-\ud7a3]|(?<![kK])\s?\()|[万萬만]|т\.?(?=\s?р)))?"
    rf"\s{{0,2}}(?P<after>{money.AFTER})?",
    re.IGNORECASE,
)


def number(said: str, thousands: bool = False) -> float | None:
    """A printed number, US or European or Indian; None where it is none or not finite.

    >>> number("137,300.00"), number("3.000,00"), number("8'500"), number("12,00,000"), number("0.034")
    (137300.0, 3000.0, 8500.0, 1200000.0, 0.034)
    """
    said = re.sub(r"[’'\u00a0\u202f\u2009 ]", "", said.strip())
    if not re.fullmatch(r"[+-]?\d{1,30}(?:[.,]\d{1,12}){0,8}(?:[eE][+-]?\d{1,3})?", said):
        return None
    comma, point = said.rfind(","), said.rfind(".")
    last = max(comma, point)
    if last >= 0:
        mark = said[last]
        decimals = len(said) - last - 1
        both = comma >= 0 and point >= 0
        alone = said.count(mark) == 1
        # no group follows a nought: "0.034" is a fraction
        fraction = thousands or (both and alone) or said.lstrip("+-").startswith("0")
        grouped = not alone or (decimals == 3 and not fraction)
        whole, rest = said[:last], said[last + 1 :]
        said = (
            said.replace(",", "").replace(".", "") if grouped else whole.replace(",", "").replace(".", "") + "." + rest
        )
    try:
        value = float(said)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


# -- periods ------------------------------------------------------------------------------------------------

_PERIOD_WORDS: tuple[tuple[Period, str], ...] = (
    (
        "hour",
        r"hourly|(?:per|an|a|each|/|p)\s?\.?\s?(?:hours?|hrs?|h)\b|/\s?h(?:ou)?r?\b|\bp\.?h\.?\b|stündlich|(?:pro|je|"
        r"/)\s?(?:stunde|std)|stunden?(?:lohn|satz)|"
        r"(?:de|par) l?[’' ]?heure|/\s?heure|horaire|(?:por|la|a la|/)\s?hora|all'ora|/\s?ora|per uur|/\s?uur|godz|"
        r"(?:za|na) godzinę|godzinow|/\s?std|[時时]薪|/\s?(?:小時|小时|[時时])|/\s?giờ",
    ),
    (
        "day",
        r"\bdaily\b|(?:per|a|each|/|p)\s?\.?\s?days?\b|per diem rate|day rate|/\s?d\b|\bp\.?d\.?\b|tagessatz|(?:pro|"
        r"je|/)\s?tag\b|"
        r"(?:par|/)\s?jour\b|\btjm\b|(?:por|al|/)\s?d[ií]a\b|per dag|manday|man-day|日薪|/\s?[天日]|/\s?ngày",
    ),
    (
        "week",
        r"\bweekly\b|(?:per|a|each|/)\s?weeks?\b|/\s?wk\b|\bp\.?w\.?\b|pro woche|wöchentlich|par semaine|por semana|"
        r"per week",
    ),
    (
        "month",
        r"\bmonthly\b|(?:per|a|each|/|p)\s?\.?\s?(?:months?|mth?s?|mo)\b|/\s?mo\b|\bpcm\b|\bp\.?m\.?\b|pro monat|"
        r"monatlich|im monat|"
        r"(?:/|je)\s?monat|(?:par|/)\s?mois|mensuel\w{0,4}|(?:al|por|/)\s?mes\b|mensual\w{0,4}|por mês|/\s?mês|"
        r"mensal|al mese|mensil\w{1,2}|/\s?mese|"
        r"miesięcznie|/\s?mies|mies\.|per maand|/\s?maand|per måned|månedlig|i månaden|per månad|/\s?mån|měsíčně|"
        r"havi|havonta|lunar|/\s?lun[aă]\b|pe lun[aă]\b|\d\d\s?薪|på måned|(?:в|на) м[еі]сяц|/\s?мес|/\s?kk\b|aylık|月給|월급|月薪|月给|每月|/\s?(?:個月|个月|月)|tháng",
    ),
    (
        "year",
        r"\bannual(?:ly|i[sz]ed)?\b|\byearly\b|(?:per|a|each|/|p)\s?\.?\s?(?:years?|yrs?|annum|a)\b|/\s?(?:yr|y)\b|"
        r"\bper annum\b|\bp\.\s?a\.?|\bpa\b|\blpa\b|"
        r"\bp/a\b|pro jahr|jährlich|im jahr|/\s?jahr|jahresgehalt|brutto jahres\w{0,10}|jahres\w{0,14}|(?:par|"
        r"/)\s?an\b|annuel\w{0,4}|annual\w{0,2}|al año|/\s?año|anual\w{0,4}|"
        r"por ano|/\s?ano|all'anno|annu[oie]|\bral\b|rocznie|/\s?rok\b|per jaar|/\s?jaar|per år|om året|årlig\w{0,3}|"
        r"årslön|årsløn|ročně|évi|évente|"
        r"anuale?|på år|\bctc\b|年収|年薪|연봉|每年|/\s?年|/\s?năm",
    ),
)
_PERIODS = linear("|".join(f"(?P<{period}>{words})" for period, words in _PERIOD_WORDS))
_FIELD_PERIODS = {
    "h": "hour", "hr": "hour", "hour": "hour", "hourly": "hour", "per-hour-wage": "hour", "ph": "hour", "per hour": "hour",
    "d": "day", "day": "day", "daily": "day", "pd": "day", "per-day-wage": "day", "per day": "day",
    "w": "week", "week": "week", "weekly": "week", "wk": "week", "per-week-salary": "week", "per week": "week",
    "m": "month", "mo": "month", "month": "month", "monthly": "month", "per-month-salary": "month", "per month": "month", "bm": "month",
    "y": "year", "yr": "year", "year": "year", "yearly": "year", "annual": "year", "annually": "year", "per-year-salary": "year",
    "pa": "year", "per annum": "year", "per year": "year", "annum": "year", "py": "year", "phw": "hour", "p.a.": "year",
}  # fmt: skip


def period_of(said: str | None) -> Period | None:
    """The period that a field names: "annual", "per-year-salary", "1 YEAR", "HOUR", "PA" ...; None if unreadable."""
    if not said:
        return None
    word = said.strip().lower().replace("_", "-")
    found = _FIELD_PERIODS.get(word) or _FIELD_PERIODS.get(word.removeprefix("1 ").rstrip("s"))
    if found is None and (named := _PERIODS.search(said[:80])):
        found = named.lastgroup
    return found  # type: ignore[return-value]


USUAL: dict[Period, tuple[float, float]] = {
    "hour": (2, 1_500), "day": (15, 10_000), "week": (50, 40_000), "month": (80, 150_000), "year": (1_000, 5_000_000),
}  # fmt: skip
"""Bounds of pay in USD; beyond them a figure is not believed to be pay of that period."""

_BY_THE_MONTH = "BRL MXN COP ARS CLP PEN INR PKR BDT LKR VND IDR PHP EGP NGN KES UAH RUB KZT TRY TWD BGN RSD"
PAID_BY_THE_MONTH = frozenset(_BY_THE_MONTH.split())
"""Currencies of countries where nobody is paid a hundred dollars an hour, and a month's pay may be as little."""
LEAST_A_MONTH = 100
SIZES: tuple[tuple[float, Period], ...] = ((13_000, "year"), (900, "month"))
"""From so many USD on an amount without a period is taken for pay of that period; below 500 for an hour's."""
HOURLY_BELOW = 500
ROUGHLY_USD = {
    "AED": 0.27, "SAR": 0.27, "QAR": 0.27, "KWD": 3.2, "ARS": 0.001, "CLP": 0.001, "COP": 0.00025, "PEN": 0.27, "UYU": 0.025,
    "UAH": 0.024, "EGP": 0.02, "MAD": 0.1, "NGN": 0.0007, "KES": 0.0077, "GHS": 0.08, "VND": 0.00004, "TWD": 0.031, "PKR": 0.0036,
    "BDT": 0.0083, "LKR": 0.0033, "KZT": 0.002, "GEL": 0.37, "AMD": 0.0026, "RSD": 0.0095, "BAM": 0.57, "ALL": 0.011, "MDL": 0.056,
    "AZN": 0.59, "UZS": 0.00008, "CRC": 0.002, "DOP": 0.016, "GTQ": 0.13, "RUB": 0.011, "HRK": 0.14, "BGN": 0.57,
}  # fmt: skip
"""Orders of magnitude for currencies that the ECB does not quote; only ever to size an amount, never to convert."""


def _usd(amount: float, sign: str | None, day: dt.date) -> float:
    code = {"$": "USD", "¥": "JPY", "kr": "SEK", "Rs": "INR", None: "USD", money.UNKNOWN: "USD"}.get(sign, sign)
    found = fx.rate(code or "USD", day)
    return amount * (found.usd if found else ROUGHLY_USD.get(code or "", 1.0))


def _sized(amount: float, sign: str | None, day: dt.date) -> Period | None:
    usd = _usd(amount, sign, day)
    for least, period in SIZES:
        if usd >= least:
            return period
    if sign in PAID_BY_THE_MONTH:
        return "month" if usd >= LEAST_A_MONTH else None
    return "hour" if 3 <= usd < HOURLY_BELOW else None


def _usual(least: float | None, most: float | None, sign: str | None, period: Period, day: dt.date) -> bool:
    low, high = USUAL[period]
    return all(low <= _usd(amount, sign, day) <= high for amount in (least, most) if amount is not None)


# -- sentences that speak of pay -----------------------------------------------------------------------------

_PAY = linear(
    r"sal[aá]r\w{0,4}|compensat\w{0,6}|\bcomp\b|\bpay\b|pay ?(?:range|rate|scale|band)|\bbase\b|wages?\b|remunerat\w{0,4}|"
    r"\bearn(?:s|ing)?\b|hourly rate|\brates?\b|hiring range|\bctc\b|gehalt\w{0,8}|\w{0,12}gehalt|\w{0,10}lohn\b|"
    r"vergütung|verdienst|brutto|bruto\b|"
    r"salaire|rémunération|\bbrut\b|salario|sueldo|retribuci[oó]n\w{0,4}|\bral\b|stipendio|wynagrodzenie|\blön\b|"
    r"lønn?\b|\w{0,8}lønn?\b|mzda|plat\b|"
    r"palkka|fizetés|bér\b|salari[su]\w{0,2}|remuneração|budget for this role|gross\b|per annum|\bannually\b|"
    r"\bpackage\b|"
    r"stundensatz|tagessatz|\btjm\b|зарплат|з/п|\bоклад|заробітн|\bmaaş|\bücret|給与|年収|月給|연봉|급여|薪|lương|thu nhập|\bclt\b|\bpj\b"
)
_NOT_PAY = linear(
    r"\brais(?:ed?|ing)\b|fund(?:ing|ed|raise\w{0,4})\b|\bseries [a-f]\b|\bseed\b|valu(?:ation|ed)|\brevenues?\b|"
    r"\ba\.?r\.?r\b|\bmrr\b|\bgmv\b|\baum\b|"
    r"\bassets\b|\binvest(?:ors?|ments?|ed)\b|\bbacked\b|\bbudgets?\b|\bspend(?:ing)?\b|\bmarkets? (?:of|worth|size|cap\w{0,12}|value|opportunity)\b|\bdeals (?:of|worth)\b|"
    r"\bdeal (?:size|worth|value)|transactions?|process(?:ed|ing|es)?\b|"
    r"\bbonus(?:es)?\b|sign[ -]?on|signing|referr?al|\bstipends?\b|allowances?|reimburse\w{0,6}|401|\bmatch\w{0,3}\b|"
    r"\bequity\b|\bstocks?\b|\brsus?\b|"
    r"\boptions?\b|commissions?\b|\bote\b|on[- ]target|\binsur\w{0,6}|coverage|premiums?\b|\bhsa\b|\bfsa\b|wellness|"
    r"well-?being|\bgym\b|fitness|learning|\bl&d\b|"
    r"education\w{0,4}|conferences?|equipment|home[ -]office|work ?space|internet|\bphone\b|\bmeals?\b|lunch|"
    r"\bfood\b|vouchers?|transport\w{0,6}|"
    r"commut\w{0,5}|\btravel\b|relocation|housing|donat\w{0,5}|charit\w{0,5}|\bcredits?\b|\bgrants?\b|prizes?|"
    r"\bfees?\b|\bpension\b|contributions?|"
    r"per diem|discounts?|\bperks?\b|cafeteri\w{0,2}|\bsports?\b|savings?|tuition|adoption|fertility|childcare|"
    r"multisport|sales (?:of|volume)|\bquota\b|"
    r"\bcontracts? worth|\bprojects?\b|target earnings|subsid\w{0,5}|milestone|funds?\b|"
    r"company size|in (?:sales|savings|profit)|\bprofit|\bgive\b|cash prize|\btokens?\b|\bcosts?\b|volume|liability|"
    r"indirect|procure\w{0,6}|\bdebt\b|\bloans?\b|payments? volume"
)
_NOT_PAY_AFTER = re.compile(
    r"\s{0,3}(?:(?!plus|and\b|with|base|gross|salary|pay\b|comp|usd|eur|gbp|cad|full-?time|part-?time)[\w-]{1,12} ){0,2}?"
    r"(?:(?:for|in|of|towards?|worth of|annual|monthly|yearly|per (?:year|month|employee)|a|an|our|the|your|"
    r"total) ){0,3}"
    r"(?:sign[ -]?on|signing|referral|housing|relocation|learning|wellness|equipment|home office|performance|"
    r"retention|training|education\w{0,4}|"
    r"gym|meal|food|travel|internet|seed|series|funding|revenue|arr\b|mrr\b|gmv|aum|valuation|raised|budget|stipend|"
    r"allowance|bonus|commission|equity|"
    r"stock|rsus?\b|options|401|donation|credits?\b|grant|prize|fund\b|discount|voucher|reimbursement|ote\b|"
    r"on[- ]target|spend\b|customers|employees|"
    r"users|deals?\b|contracts?\b|transactions|perks?\b|fitness|books|courses|professional development|market\b|"
    r"business|startup|industry|"
    r"industries|per (?:\d{2,4}[- ]word )?(?:word|page|article|image|character)s?\b|per (?:referral|hire|project|task|completed|family|ee|dependent|child|household)|"
    r"(?:up)?on (?:successful )?completion|one[- ]time|flat fee|assets|sales\b|savings)",
    re.IGNORECASE,
)
_NOT_PAY_BESIDE = linear(
    r"(?:bonus(?:es)?|stipends?|allowances?|budgets?|reimburse\w{0,6}|equity|commissions?|\bote|on[- ]target earnings|"
    r"referral|sign[ -]?on|signing|raised|"
    r"funding|revenue|\barr|valuation|vouchers?|series [a-f]|contributions?|premiums?|relocation|tuition|insurance|"
    r"401\s?\(?k\)?)"
    r"\s{0,2}(?:\w{1,10}\s){0,2}?[(:]?\s{0,2}(?:of|up to|worth|worth up to|is|at|to|over|more than|a|"
    r"[-–—]){0,1}\s{0,2}$"
)
_JOINED_BENEFIT = re.compile(r"^\s{0,3}(?:[+&,;•·(]|plus\b|and\b|with\b|in addition|as well)", re.IGNORECASE)
_NET = linear(r"\bnett?o?\b|на руки")
_GROSS = linear(r"\bgross|brutt?o|\bbrut\b")
# net of value added tax is what a contractor is paid in full
_TAXED = linear(r"\bvat\b|\bb2b\b")
_EXCLUDED = re.compile(
    r"[(\[][^()\[\]]{0,120}[)\]]|(?:excluding|not including|exclusive of|in addition to|plus|without|before|"
    r"does not include|\+)[^.:;$€£]{0,80}",
    re.IGNORECASE,
)
_OTE = linear(
    r"base(?: salary| pay)? ?(?:\+|plus|and|&) ?(?:variable|commissions?)|"
    r"\bote\b|on[- ]target|target earnings|target cash|\btco\b|incl(?:uding|\.)? (?:commission|bonus)|commission[ -]only"
)

_BETWEEN = re.compile(
    r"\s{0,3}(?:(?:/|per |par |pro |a |an |p\.)\s?[\w.]{1,7}\s?)?(?:gross|brutto|brut|base|annually|yearly|"
    r"hourly)?(?: (?:par|per|pro) \w{2,6})?[\s(]{0,3}"
    r"(?:-{1,2}|[–—‒−_~～〜至到]|to|and|bis|till|until|à|a|al|do|til|till|tot|up to|through|en|y|e|og|och|és|до|"
    r";?\s?this increases to)[\s)]{0,3}(?:up to )?",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"(?:up to|upto|max(?:imum)?(?: of)?|bis(?: zu)?|jusqu['’]à|hasta|até|fino a|do|tot|až|до|upp till|op til|"
    r"no more than|under|capped at|tới|đến)[\s:]{0,3}$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:from|starting(?: at| from)?|starting (?:salary|pay|wage|base)[\w ]{0,40} (?:is|of|at|to be)|starts? (?:at|from)|min(?:imum)?(?: of)?|at least|no less than|ab|von|dès|"
    r"à partir de|từ|desde|a partir(?: de)?|od|от|від|vanaf|fra|från|over|mindestens|(?<![-=])>=?|≥)[\s:]{0,3}$",
    re.IGNORECASE,
)
_OF_SOMETHING = re.compile(
    r"\s{0,2}(?:%|\+?\s?(?:percent|prozent|years?|yrs|months?|weeks?|days?|hours?|hrs|minutes|mins?|employees|people|"
    r"users|customers|companies|"
    r"countries|clients|team|engineers|members|locations|offices|points|times|x|st|nd|rd|th|gb|tb|mb|ms|km|miles|"
    r"jahre|ans|lat)\b)",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?:19|20)\d{2}")


_DIGIT = re.compile(r"\d")
_LONGEST_SIGN = 20
"""Characters, and more than any currency before an amount has with its blanks."""


def _times(found: re.Match[str]) -> str:
    """What an amount counts in ("k", "lakh"), also where that is written as part of the currency ("万円")."""
    after = (found["after"] or "").lower()
    return (found["times"] or ("triệu" if after == "triệu" else "".join(re.findall(r"^[万萬만]", after)))).lower()


_MIL_IS_A_MILLION = re.compile(r"vn[dđ]|idr", re.IGNORECASE)


def _factor(found: re.Match[str]) -> float:
    """By what an amount's word multiplies it: "mil" is a thousand, but for dong and rupiah a million."""
    times = _times(found)
    if times == "mil" and _MIL_IS_A_MILLION.fullmatch(found["after"] or found["before"] or ""):
        return 1e6
    return _TIMES.get(times, 1.0)


_TENS_OF_THOUSANDS = frozenset("万萬만")
# the first amount of "3-5k"
_RANGE_IN_K = re.compile(r"\s?[-–~～至]\s?\d{1,3}(?:\.\d)?\s?(?:k(?![a-z])|[万萬])", re.IGNORECASE)


def _amounts(said: str) -> Iterator[tuple[re.Match[str], float, bool]]:
    """Each amount with its match and whether something marks it as money."""
    digit = _DIGIT.search(said)
    if digit is None:
        return
    before: re.Match[str] | None = None
    for found in _AMOUNT.finditer(said, max(0, digit.start() - _LONGEST_SIGN)):
        times = _times(found)
        continues = (
            before is not None
            and times
            and times == _times(before)
            and _BETWEEN.fullmatch(said, before.end(), found.start())
        )
        before = found
        marked = bool(found["before"] or found["after"])
        text = found["number"]
        if (
            not marked
            and not (continues or _RANGE_IN_K.match(said, found.end()))
            and times in {"", "m", "l", "b", "mil", "cr"}
            and (len(text) < 2 or _OF_SOMETHING.match(said, found.end()) or (times == "" and _YEARS.fullmatch(text)))
        ):
            continue
        if text == "401" and times == "k":
            continue
        value = number(text, thousands=bool(times) and times not in _TENS_OF_THOUSANDS)
        if value is None:
            continue
        yield (
            found,
            round(value * _factor(found), 2),
            marked or times in {"k", "lpa", "lakh", "lakhs", "lac", "lacs", "crore"},
        )


# "€131, 651": a blank that slipped into a number
_BROKEN_GROUP = re.compile(r"([$€£]\s?\d{1,3})(?:, | ,)(\d{3})(?![\d(k])", re.IGNORECASE)


def _mentions(said: str) -> Iterator[Mention]:
    """The amounts and ranges of one line, without a judgement on what they are."""
    said = _BROKEN_GROUP.sub(r"\1,\2", said) if ", " in said or " ," in said else said
    found = list(_amounts(said))
    at = 0
    while at < len(found):
        match, value, marked = found[at]
        pair = found[at + 1] if at + 1 < len(found) else None
        if pair is not None and _BETWEEN.fullmatch(said, match.end(), pair[0].start()):
            mention = _range(said, found[at], pair)
            at += 2
        else:
            mention = _single(said, match, value, marked)
            at += 1
        if mention is not None:
            yield mention


def _sign(*matches: re.Match[str]) -> str | None:
    """The currency that the amounts carry; a code counts before a sign ("$100 - $120 AUD")."""
    read = [money.read(one) for match in matches for one in (match["before"], match["after"]) if one]
    clear = [sign for sign in read if sign and not money.is_ambiguous(sign)]
    if clear == ["CNY"] and "萬" in map(_times, matches):
        return None  # written so, a 元 may be of Taiwan or of Hong Kong
    if read and set(read) == {"Rs"} and "lpa" in map(_times, matches):
        return "INR"  # lakhs per annum are counted in India
    return clear[0] if clear else next(iter(filter(None, read)), None)


def _range(
    said: str, low: tuple[re.Match[str], float, bool], high: tuple[re.Match[str], float, bool]
) -> Mention | None:
    first, least, least_marked = low
    second, most, most_marked = high
    times, least_times = _times(second), _times(first)
    if times and not least_times and least < most / 100:
        least *= _factor(second)
    elif (
        least and not least_times and not times and most >= 10_000 and least < 1_000 and 0.1 < least * 1_000 / most <= 1
    ):
        least *= 1_000
    elif least_times and not times and most < 1_000 <= least:
        most *= _factor(first)
    if most < least and not (least_marked and most_marked):
        return None
    least, most = min(least, most), max(least, most)
    strength = 2 * (least_marked or most_marked) + 1
    return Mention(
        least or None,
        most,
        _sign(first, second),
        None,
        first.start(),
        second.end(),
        strength,
        said[first.start() : second.end()],
    )


_AND_UP = re.compile(r"\+|[^\s，。；,;\d]{0,8}起")


def _single(said: str, match: re.Match[str], value: float, marked: bool) -> Mention | None:
    before = said[max(0, match.start() - 64) : match.start()]
    end = match.start() + len(match[0].rstrip())
    least: float | None = value
    most: float | None = None
    if _UP_TO.search(before):
        least, most = None, value
    elif not (_FROM.search(before) or _AND_UP.match(said, end)):
        most = value
    return Mention(least, most, _sign(match), None, match.start(), match.end(), 2 * marked, match[0].strip())


# "an hourFull-time": what boards show in two places stands without a blank in what is copied from them
_GLUED = re.compile(r"\b(hour|day|week|month|year)(?=[A-Z][a-z])")


def _period_near(said: str, mention: Mention) -> Period | None:
    """The period that the words beside an amount name: after it first, then before it."""
    after = _GLUED.sub(r"\1 ", said[mention.end : mention.end + 45])
    stop = re.search(r"[;|•\n]|\.\s|\d{2}", after)
    after = after[: stop.start()] if stop else after
    inside = _PERIODS.search(mention.said)
    if inside:
        return inside.lastgroup  # type: ignore[return-value]
    named = (one for one in _PERIODS.finditer(after) if not _NOT_PAY_AFTER.match(said, mention.end + one.end()))
    found = next(named, None)
    before = list(_PERIODS.finditer(said[max(0, mention.start - 70) : mention.start]))
    if found and (found.start() <= 12 or not before):
        return found.lastgroup  # type: ignore[return-value]
    return before[-1].lastgroup if before else found.lastgroup if found else None  # type: ignore[return-value]


# -- what is believed ----------------------------------------------------------------------------------------

_SENTENCE_END = re.compile(r"(?<=[a-z)%])[.!?]\s+(?=[A-Z])")


def _lines_with_money(text: str) -> Iterator[tuple[str, str]]:
    """(heading, line) of each line that may state an amount; lines in a row share the heading above the first."""
    heading, end = "", -1
    if gates.MONEY not in gates.open_to(text):
        return
    for found in gates.MONEY.finditer(text):
        if found.start() < end:
            continue
        start = text.rfind("\n", 0, found.start()) + 1
        before = text[max(0, start - 400) : start].rstrip("\n").rpartition("\n")[2]
        if not (end >= 0 and text[end:start].strip() == ""):
            heading = before if len(before) <= (300 if before.endswith(":") else 90) else ""
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield heading, text[start:end]


def _speaks_of_pay(said: str, mention: Mention, heading: str) -> int:
    """How surely the words around an amount speak of pay: 0 not at all, up to 3; -1 of something else."""
    left = said[max(0, mention.start - 140) : mention.start]
    ends = list(_SENTENCE_END.finditer(left))
    if ends:
        left = left[ends[-1].end() :]
    right = said[mention.end : mention.end + 70]
    if not _JOINED_BENEFIT.match(right) and _NOT_PAY_AFTER.match(right):
        return -1
    if _NOT_PAY_BESIDE.search(left[-45:]):
        return -1
    plain = _EXCLUDED.sub(" ", left)
    positive = [found.end() for found in _PAY.finditer(plain)]
    negative = [found.end() for found in _NOT_PAY.finditer(plain)]
    near = left[-60:] + " " + right[:30]
    if _OTE.search(near):
        return -1
    if _NET.search(near) and not (_GROSS.search(near) or _TAXED.search(near)):
        return -1
    if negative and (not positive or negative[-1] > positive[-1]):
        return -1
    if positive:
        return 3
    if _PAY.search(right[:45]):
        return 2
    if heading and _PAY.search(heading) and not _NOT_PAY.search(_EXCLUDED.sub(" ", heading)):
        return 2
    return 0


def _in_text(text: str, context: Context) -> list[Mention]:
    """The mentions in a description that are believed to be pay."""
    believed: list[Mention] = []
    for heading, said in _lines_with_money(text):
        segments = said.split(" | ")
        for part in segments if len(segments) > 2 else [said]:
            alone = len(segments) > 2 and len(part) <= 60
            for mention in _mentions(part):
                speaks = _speaks_of_pay(part, mention, heading)
                judged = _judged(part, mention, 1 if speaks == 0 and alone else speaks, context)
                if judged is not None:
                    believed.append(judged)
    return believed


def _judged(said: str, mention: Mention, speaks: int, context: Context) -> Mention | None:
    """The mention with its period and strength where it is believed to be pay.

    ``speaks``: 3 and 2 the words around it speak of pay, 1 it stands alone in a heading's segment, 0 nothing
    speaks for it, -1 the words speak of something else.
    """
    top = mention.most or mention.least
    if speaks < 0 or top is None:
        return None
    named = _period_near(said, mention)
    sized = _sized(top, mention.sign, context.day)
    period = named or sized
    if period is None or not _usual(mention.least, mention.most, mention.sign, period, context.day):
        return None
    ranged = mention.least is not None and mention.most is not None and mention.least != mention.most
    if ranged and mention.most / mention.least > 12:  # type: ignore[operator]
        return None
    marked = mention.sign is not None or mention.strength >= 2
    yearly = period == "year" and (top >= 10_000 or mention.sign is not None)
    if speaks >= 2:
        fits = marked or (speaks == 3 and (named is not None or (ranged and sized == "year")))
    elif speaks == 1:
        fits = marked and (yearly or named is not None)
    else:
        fits = marked and (
            (ranged and (yearly or named is not None)) or (named is not None and mention.sign is not None)
        )
    if not fits:
        return None
    strength = 4 * ranged + 2 * speaks + 2 * (named is not None)
    words = said[max(0, mention.start - 40) : mention.end + 25].strip()
    return mention._replace(period=named, strength=strength, said=words)


def _overall(mentions: list[Mention], context: Context) -> Mention | None:
    """Several ranges (places, levels) as the overall one: of the currency and period of the strongest."""
    if not mentions:
        return None
    best = max(mentions, key=lambda one: one.strength)
    period = best.period or _sized(best.most or best.least or 0, best.sign, context.day)
    same = [
        one
        for one in mentions
        if one.sign == best.sign
        and (one.period or _sized(one.most or one.least or 0, one.sign, context.day)) == period
        and one.strength >= best.strength - 3
    ]
    lows = [one.least for one in same]
    highs = [one.most for one in same]
    return best._replace(
        least=None if None in lows else min(low for low in lows if low is not None),
        most=None if None in highs else max(high for high in highs if high is not None),
        period=next((one.period for one in same if one.period), None),
    )


def _in_words(words: str) -> Mention | None:
    """The pay in a board's own field of words, where every figure may be meant."""
    best: Mention | None = None
    for part in re.split(r"\s[•|;]\s|;|\n", words[:2_000]):
        for mention in _mentions(part):
            right = part[mention.end : mention.end + 60]
            left = _EXCLUDED.sub(" ", part[: mention.start])
            if _NOT_PAY_AFTER.match(right) and not _JOINED_BENEFIT.match(right):
                continue
            if _OTE.search(part[max(0, mention.start - 40) : mention.start]) or _NOT_PAY_BEFORE_FIELD.search(
                left[-40:]
            ):
                continue
            top = mention.most or mention.least or 0
            if mention.strength < 2 and top < 1_000 and not _period_near(part, mention):
                continue
            if part[mention.end : mention.end + 1] == "%":
                continue
            mention = mention._replace(period=_period_near(part, mention) or _period_anywhere(part))
            if best is None or mention.strength > best.strength:
                best = mention
            elif mention.strength == best.strength and _alike(best, mention):
                best = _joined(best, mention)
    return best


def _alike(one: Mention, other: Mention) -> bool:
    """Whether two statements are of the same kind: one currency and period, amounts of one size."""
    tops = [amount for amount in (one.most or one.least, other.most or other.least) if amount]
    same = one.sign == other.sign and one.period == other.period
    return same and len(tops) == 2 and max(tops) <= 4 * min(tops)


def _joined(one: Mention, other: Mention) -> Mention:
    lows = [amount for amount in (one.least, other.least) if amount]
    highs = [amount for amount in (one.most or one.least, other.most or other.least) if amount]
    return one._replace(least=min(lows, default=None), most=max(highs, default=None), said=f"{one.said}; {other.said}")


_NOT_PAY_BEFORE_FIELD = re.compile(
    r"(?:bonus|equity|commission|stipend|sign[ -]?on|match|super|level|grade|band)\s?(?:of|:|up to)?\s?$", re.IGNORECASE
)


def _period_anywhere(said: str) -> Period | None:
    found = _PERIODS.search(said)
    return found.lastgroup if found else None  # type: ignore[return-value]


def _printed(amount: float) -> str:
    """As a board would print it: 12000000, 165000.5."""
    return f"{amount:.12g}"


def _in_fields(fields: Fields, doubts: list[str]) -> Mention | None:
    """The pay in a board's number fields; zero is unknown."""
    amounts: list[float | None] = []
    for name, said in (("salary_min", fields.least), ("salary_max", fields.most)):
        value = None
        if said is not None:
            found = list(_amounts(said.strip()))
            value = number(said) if not found else found[0][1] if len(found) == 1 else None
            if _NEGATIVE.match(said.strip()) or (value or 0) < 0:
                doubts.append(f"{name}: less than nothing: {said[:60]!r}")
                value = None
            elif value is None:
                doubts.append(f"{name}: no amount: {said[:60]}")
        amounts.append(value or None)
    least, most = amounts
    if least is None and most is None:
        return None
    if least is not None and most is not None and least > most:
        doubts.append(f"salary: {_printed(least)} is more than {_printed(most)}")
        return None
    sign = money.read(fields.currency) if fields.currency else None
    if fields.currency and sign is None:
        doubts.append(f"salary_currency: {fields.currency[:20]!r} is no currency")
    shown = " - ".join(_printed(amount) for amount in (least, most) if amount is not None)
    raw = " ".join(filter(None, (shown, fields.currency, fields.period)))
    return Mention(least, most, sign, period_of(fields.period), 0, 0, 9, raw)


# "-50000", "$-50,000"; a dash with a blank behind it is a bullet
_NEGATIVE = re.compile(r"[^\w\s]{0,3}[-−][^\w\s]{0,2}\d")


def states_money(said: str) -> bool:
    """Whether a few words carry an amount of money."""
    return gates.MONEY in gates.open_to(said) and any(map(str.isdigit, said))


def pay(fields: Fields, text: str, context: Context) -> Pay:
    """The base pay that is believed; :data:`NOTHING` where none is stated. Never raises.

    The board's numbers come first, then its words, then the description. A description that states the same pay
    more fully (its currency, its period, all its ranges) completes the board's numbers.
    """
    doubts: list[str] = []
    stated = _in_fields(fields, doubts)
    words = line(fields.words, 2_000)
    in_words = _in_words(words) if words and any(map(str.isdigit, words)) else None
    if words and _NEGATIVE.match(words):
        doubts.append(f"salary: less than nothing: {words[:60]!r}")
        in_words = None
    predicted = (fields.predicted or "").strip().lower() in {"1", "true", "yes"}
    read = _overall(_in_text(text, context), context)
    source: SalarySource = "predicted" if predicted else "stated"
    best = stated or in_words
    if best is not None and stated is not None and in_words is not None and best.sign is None:
        best = best._replace(sign=in_words.sign, period=best.period or in_words.period)
    if best is None:
        best, source = read, "parsed"
    elif read is not None and predicted and read.strength >= _PLAIN:
        best, source = read, "parsed"  # a board's guess gives way to what the employer writes
    elif read is not None and not predicted and context.complete:
        best, source = _completed(best, read, context)
    believed = _believed(best, source, text, context, doubts)
    if believed.source is None and read is not None and best is not read and not predicted:
        return _believed(read, "parsed", text, context, list(believed.doubts))
    return believed


_PLAIN = 6
"""The strength of a mention that is a range with its period, or whose words speak of pay."""
_THOUSANDS = re.compile(r"\d\s?k\b", re.IGNORECASE)


def _completed(best: Mention, read: Mention, context: Context) -> tuple[Mention, SalarySource]:
    """A board's figures beside those of the text: the fuller statement of the same pay."""
    period = best.period or _sized(best.most or best.least or 0, best.sign or read.sign, context.day) or "year"
    text_period = read.period or _sized(read.most or read.least or 0, read.sign, context.day) or "year"
    ratio = fx.A_YEAR[text_period] / fx.A_YEAR[period]
    same_sign = (
        best.sign is None
        or read.sign is None
        or best.sign == read.sign
        or money.is_ambiguous(best.sign)
        or money.is_ambiguous(read.sign)
    )

    def close(one: float | None, other: float | None) -> bool:
        return one is not None and other is not None and abs(one - other * ratio) <= 0.011 * one

    meets = close(best.least, read.least) or close(best.most, read.most) or close(best.most, read.least)
    if not same_sign or not meets:
        return best, "stated"
    sign = best.sign if best.sign and not money.is_ambiguous(best.sign) else read.sign or best.sign
    same_period = ratio == 1
    if close(best.least, read.least) and close(best.most, read.most) and same_period:
        if _THOUSANDS.search(best.said) and not _THOUSANDS.search(read.said):
            best = best._replace(least=read.least, most=read.most)  # "$167.2K" is short for what the text spells out
        return best._replace(sign=sign, period=best.period or read.period), "stated"
    wider = (
        (read.least is None or best.least is None or read.least * ratio <= best.least * 1.011)
        and (read.most is None or best.most is None or read.most * ratio >= best.most * 0.989)
    )  # fmt: skip
    if wider or not same_period:
        return read._replace(sign=sign), "parsed"
    return best._replace(sign=sign, period=best.period or read.period), "stated"


def _believed(best: Mention | None, source: SalarySource, text: str, context: Context, doubts: list[str]) -> Pay:
    if best is None:
        return NOTHING._replace(doubts=tuple(doubts))
    inferred: list[str] = []
    code = best.sign
    if code is None or money.is_ambiguous(code):
        code = _settled(code, text, context)
        if code != money.UNKNOWN:
            inferred.append("currency")
    top = best.most or best.least or 0.0
    period = best.period
    sized_by = best.sign if code == money.UNKNOWN else code
    if period is not None and not _usual(best.least, best.most, sized_by, period, context.day):
        sized = _sized(top, sized_by, context.day)
        doubts.append(f"salary: {best.said[:80]!r} is out of bounds for one {period}")
        if sized is None or not _usual(best.least, best.most, sized_by, sized, context.day):
            return NOTHING._replace(doubts=tuple(doubts))
        period, best = sized, best._replace(period=None)
    if period is None:
        period = context.habit_period or _sized(top, sized_by, context.day)
        if period is None or not _usual(best.least, best.most, sized_by, period, context.day):
            doubts.append(f"salary: no period for {best.said[:80]!r}")
            return NOTHING._replace(doubts=tuple(doubts))
    if best.period is None:
        inferred.append("period")
    raw = line(best.said, 500)
    return Pay(best.least, best.most, code, period, source, tuple(inferred), raw, tuple(doubts))


_OF_A_DOLLAR = linear(
    r"(?P<USD>\b401\s?\(?k\)?|\bUnited States\b|\bU\.S\.(?:A\.)?|\bUSA?\b|\bE-Verify\b|\bEEOC?\b|\bPTO\b|\bFMLA\b|\bHSA\b|"
    r"\bCalifornia\b|\bNew York\b|\bSan Francisco\b|"
    r"\bColorado\b|\bWashington\b|\bTexas\b|\bNYC\b|\bSF\b|protected veteran|veteran status|[Dd]ental(?:,| and| &|"
    r" insurance)|Equal Opportunity Employer|equal opportunity employer|\bYC\b|Y Combinator|\bBay Area\b|"
    r"\bAmerican?\b|\bW-?2\b)"
    r"|(?P<CAD>\bCanad(?:a|ian)\b|\bRRSP\b|\bOntario\b|\bToronto\b|\bVancouver\b|\bCAD\b)"
    r"|(?P<AUD>\bAustralian?\b|[Ss]uperannuation|\bSydney\b|\bMelbourne\b|\bAUD\b|\bplus super\b)",
    ignore_case=False,
)
"""What a text names of a country with a dollar, by its code."""


def _settled(sign: str | None, text: str, context: Context) -> str:
    """The currency that the context leaves for an ambiguous sign or for none; ``?`` where it leaves several."""
    if sign is None:
        return context.habit_currency or _from_countries(context.countries) or _from_text(text) or money.UNKNOWN
    by_place = money.settled(sign, context.countries)
    if by_place:
        return by_place
    if sign == "$":
        return _dollar(text, context)
    return money.UNKNOWN


_OTHER_DOLLARS = frozenset(
    {"MX", "AR", "CL", "CO", "UY", "CA", "AU", "NZ", "SG", "HK", "TW", "JM", "TT", "BB", "BS", "BZ", "FJ"}
)


def _dollar(text: str, context: Context) -> str:
    """Whose dollar a bare "$" is: the text's country; the US one where no place has a dollar of its own.

    An employer who pays "$" in Greece, or to the whole world, means the one that needs no other mark.
    """
    if found := _from_text(text):
        return found
    if context.habit_currency and context.habit_currency.endswith("D"):
        return context.habit_currency
    if context.countries and not _OTHER_DOLLARS & set(context.countries):
        return "USD"
    return money.UNKNOWN


def _from_text(text: str) -> str | None:
    """Whose dollar the text names most; None where it names none, or two as often."""
    ranked = Counter(found.lastgroup for found in _OF_A_DOLLAR.finditer(text)).most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


@functools.lru_cache(maxsize=512)
def _from_countries(countries: tuple[str, ...]) -> str | None:
    codes = {CURRENCY_AT_HOME[country] for country in countries if country in CURRENCY_AT_HOME}
    return codes.pop() if len(codes) == 1 else None


CURRENCY_AT_HOME = {
    "US": "USD", "CA": "CAD", "GB": "GBP", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "CH": "CHF", "PL": "PLN",
    "SE": "SEK", "NO": "NOK", "DK": "DKK", "CZ": "CZK", "HU": "HUF", "RO": "RON", "IN": "INR", "JP": "JPY",
} | dict.fromkeys("AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split(), "EUR")  # fmt: skip # noqa: SIM905
