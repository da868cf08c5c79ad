"""Where the work is done, and where a remote worker may live.

Several things speak: the places field, the title, the board's flag, the text, the kind of board. The words of
the ad overrule a careless flag ("three days in the office" beats isRemote=true), a field that names "Remote"
among places offers it, and a board of remote jobs is believed where nothing contradicts it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from flows.clean import gates, region
from flows.clean.pattern import Found, Linear, Together, linear
from flows.clean.place import Named
from storage.models import RemoteMode


class Remote(NamedTuple):
    """A way of working as believed, with the words that decided it, and the regions of a remote worker."""

    mode: RemoteMode
    because: str
    regions: tuple[str, ...]
    doubts: tuple[str, ...] = ()


class Said(NamedTuple):
    """What an ad says of where it is done."""

    title: str = ""
    places: Sequence[str] = ()
    named: Sequence[Named] = ()
    """The places field as read."""
    flag: str | None = None
    """The board's flag or word, as printed."""
    applicant_regions: Sequence[str] = ()
    timezones: Sequence[str] = ()
    text: str = ""
    remote_only: bool = False
    heading: bool = False
    """Whether the places are segments of a thread comment's first line."""


_REMOTE_WORD = linear(
    r"\b(?:remote(?:ly)?|work from (?:home|anywhere)|wfh|anywhere|home[- ]?based|telecommut\w{0,3}|telework|"
    r"home ?office|teletraballo|"
    r"distributed|worldwide|work at home|remot[oa]|fernarbeit|virtual(?: location)?|télétravail|teletrabajo|teletrabalho|zdaln(?:ie|a|ej)|thuiswerk\w{0,3}|"
    r"distansarbete)\b"
    r"|远程|遠程|遠端|удал[её]нн|дистанционн"
)
_PART_REMOTE = linear(r"\bpart(?:ly|ial|ially)?[- ]remote\b|\b[1-9]\d?\s?% remote\b")
_FOR_NOW = linear(
    r"\bremote(?:ly)? (?:temporar(?:y|ily)|for now|until)\b|\b(?:temporar(?:y|ily)|currently|initially) remote(?:ly)?\b"
)
_HYBRID_AND_FRIENDLY = linear(r"\bhybrid\b[^/]{0,10}\bremote[- ]friendly")
_HYBRID_WORD = linear(
    r"\bh[yií]brid[eaot]?\b|\bhybrydow|\bibrid[oa]\b|гибридн|\bin[- ]office (?:m|tu|w|th|f)\b|flex[- ]?office"
)
_ONSITE_WORD = linear(
    r"线下|\bstacjonarn|в офисе|\b(?:on[- ]?site|in[- ]office|in[- ]person|office[- ]based|presencial|présentiel|vor ort|in-home (?:health|nurse|"
    r"physician|care|clinician)|in our (?:\w{2,20} ){0,2}(?:headquarters|hq|office))\b"
)
_NOT_REMOTE = linear(r"\b(?:no|not|non|isn't|never)[- ](?:a |be |fully )?remote\b|no remote|remote not")

_ANY_WORD = Together(_REMOTE_WORD, _HYBRID_WORD, _ONSITE_WORD, _NOT_REMOTE)

_FLAGS: dict[str, RemoteMode] = {
    "true": "remote", "yes": "remote", "1": "remote", "remote": "remote", "fully": "remote", "fully remote": "remote", "full": "remote",
    "full_remote": "remote", "fullyremote": "remote", "telecommute": "remote", "100": "remote", "anywhere": "remote",
    "remote-first": "remote", "remote only": "remote", "fulltime": "remote",
    "hybrid": "hybrid", "partial": "hybrid", "partially": "hybrid", "temporary": "hybrid", "flexible": "hybrid", "hybrid_remote": "hybrid",
    "partial_remote": "hybrid", "partly": "hybrid", "optional": "remote",
    "false": "onsite", "no": "onsite", "0": "onsite", "none": "onsite", "onsite": "onsite", "on-site": "onsite", "on_site": "onsite",
    "office": "onsite", "in-office": "onsite", "in office": "onsite", "on site": "onsite", "inoffice": "onsite",
}  # fmt: skip


def flag(said: str | None) -> RemoteMode | None:
    """What a board's flag or word means; None where it says nothing readable."""
    if not said:
        return None
    key = said.strip().lower()
    found = _FLAGS.get(key) or _FLAGS.get(key.replace("_", "").replace("-", "").replace(" ", ""))
    if found is not None or key in {"unspecified", "unknown", "null"}:
        return found
    return word(said.replace("_", " "))


@functools.lru_cache(maxsize=16_384)
def word(said: str) -> RemoteMode | None:
    """The way of working that a few words name; remote where it is one of several."""
    if not _ANY_WORD.matching(said):
        return None
    if _NOT_REMOTE.search(said):
        return "hybrid" if _HYBRID_WORD.search(said) else "onsite"
    if _PART_REMOTE.search(said):
        return "hybrid"
    if _FOR_NOW.search(said):
        return "onsite" if _ONSITE_WORD.search(said) else "hybrid"
    remote, hybrid = _REMOTE_WORD.search(said), _HYBRID_WORD.search(said)
    if hybrid and _DAYS_IN.search(said):
        return "hybrid"
    if remote and hybrid:
        return "remote" if _SEVERAL_WAYS.search(said) and not _HYBRID_AND_FRIENDLY.search(said) else "hybrid"
    if remote or hybrid:
        return "remote" if remote else "hybrid"
    if _ONSITE_WORD.search(said):
        return "hybrid" if _SOME_DAYS.search(said) else "onsite"
    return None


@functools.lru_cache(maxsize=16_384)
def of_title(said: str) -> RemoteMode | None:
    """As :func:`word`, of a title: there *distributed*, *virtual*, *remote sensing* mostly name what is built."""
    return word(_BUILT.sub(" ", said))


_BUILT = re.compile(
    r"\b(?:distributed|virtual|anywhere|worldwide)\b(?! (?:team|location|office|position|role))"
    r"|\bhybrid (?:mobile|apps?|cloud|native)\b"
    r"|\bremote (?:sensing|monitoring|access|desktop|control|support|patient|operations|vehicle)\b",
    re.IGNORECASE,
)
# days beside a word for the office: that many of them, not all
_SOME_DAYS = linear(r"\b[1-3](?:\s?[-–]\s?[2-4])?\s?(?:x\b|days?\b|d/)|\b(?:one|two|three) days?\b")


_DAYS_IN = linear(r"\b[1-4] d[ií]as (?:no escrit|na empresa|en (?:la )?oficina|presencia)")
"""Days in the office, in the languages that write 'híbrido' into the title beside 'remoto'."""

# "Remote / Hybrid" offers both; "Hybrid (2 days remote)" is one way
_SEVERAL_WAYS = linear(
    r"(?:remot[eoa]|h[yíi]brid[oa]?|on-?\s?site|presencial)\b[^,;]{0,40}?(?:/|\b(?:or|and|ou|o|oder|e|y|und)\b|\+|&|,)\s?[^,;]{0,30}?(?:remot[eoa]|h[yíi]brid[oa]?|on-?site)\b|"
    r"remote (?:available|possible|ok)"
)


def _of_places(said: Sequence[str]) -> tuple[RemoteMode, str] | None:
    """What the places field says: remote wherever it is offered among others."""
    found = {mode: one for one in reversed(said) for part in re.split(r"[;|]", one) if (mode := word(part))}
    best = next((mode for mode in _OFFERED if mode in found), None)
    return (best, f"location: {found[best][:80]}") if best else None


_OFFERED: tuple[RemoteMode, ...] = ("remote", "hybrid", "onsite")


# -- the text --------------------------------------------------------------------------------------------------

_N = r"(?:\d|one|two|three|four|five|a few|several)(?:\s?(?:-|–|to|or)\s?(?:\d|two|three|four|five))?\+?"
_WEEK = r"(?: (?:a|per|each|every|/) ?week|\s?/\s?(?:week|wk)| weekly| in (?:the|our) office)"
_AT_OFFICE = r"(?:offices?|hq|headquarters|hub|studio|on-?\s?site|in[- ]person|in-office|campus|factory|lab|hybrid)"
_DAYS = linear(
    rf"\b(?P<n>{_N})\s?(?:x|days?|times|full days)?{_WEEK}?,?(?: [\w-]{{2,14}}){{0,4}}? (?:in|from|at|"
    rf"into)?\s?(?:the |our |an |their |your |a )?"
    rf"(?:[\w-]{{2,20}} ){{0,3}}?{_AT_OFFICE}\b"
    rf"|\b{_AT_OFFICE}\b[^.\n]{{0,60}}?\b(?P<m>{_N})\s?(?:x|days?|times){_WEEK}"
    rf"|\b{_AT_OFFICE}\b[^.\n]{{0,30}}\b(?:mondays?|tuesdays?|wednesdays?|thursdays?|m,\s?[tw])\b"
)
# a line that names the place, with days behind it: Harbour Lane (3-4 days per week)
_DAYS_AT = re.compile(rf"\blocations?\s?:[^\n(]{{0,60}}\(\s?(?P<n>{_N})\s?days?{_WEEK}", re.IGNORECASE)
_A_WEEK = linear(r"\bdays?\b|\bx\s?/|\dx\b|times (?:a|per) week|mondays?|tuesdays?|wednesdays?|thursdays?|m,\s?[tw]")
_MEALS = linear(
    r"lunch|meals?\b|cater|snack|dinner|breakfast|\bfood|paid time|vacation|holiday|\bpto\b|\bleave\b|days off|closed|"
    r"off-?sites?\b|quarter|retreat"
)
_FIVE = re.compile(r"^(?:5|five|6|six|4\s?[-–]\s?5|4 (?:to|or) 5)", re.IGNORECASE)
_HYBRID = linear(
    r"#li-hybrid|\bhybrid (?:role|position|work\b|working|model|schedule|policy|environment\b|set-?up|setting|job|"
    r"opportunity|office|arrangement|"
    r"approach|basis|in\b|based|from|workplace|format|remote|company|culture|flexibility)|(?:roles?|positions?|jobs?|"
    r"location|type|model|mode|work) (?:is|are|will be)(?: [\w-]{2,14}){0,4} hybrid\b|"
    r"(?:location|type|model|mode|arrangement)s?\s?[:-] ?hybrid\b|\(hybrid\b|\bhybrid\)|hybrid-remote|hybrid hiring|"
    r"location-based hybrid|\bis hybrid\b|"
    r"(?:at least|minimum of|around|about|approximately) \d{2}\s?% (?:of (?:the|your|their) (?:work )?time )?(?:in|"
    r"on|at)[^.\n]{0,40}(?:office|on-?site|in[- ]person)|"
    r"in (?:the |our |one of our )?(?:\w+ )?offices? (?:at least )?\d{2}\s?%|hybrides? arbeiten|hybrid[- ]?modell|"
    r"\bhybrid\s?[/,(;-]\s?no(?:t| full[- ]time)? remote|mix of (?:in-office|office|remote|on-?site)|"
    r"(?:days?|time) (?:a|per|each) week (?:remote|from home|wfh)|partly remote|partially remote|"
    r"\bwork(?:ing)? (?:from home|remotely) (?:for )?(?:a few|up to \w{1,5}|\d|one|two|three|some) days?\b|"
    r"\b[1-9]\d?\s?% (?:on-?\s?site|in[- ]office|in the office|remote)\b|"
    r"(?:modelo|modalidade?|regime|trabalho|trabajo|esquema|formato|vaga|travail|mode)\s?:?\s?(?:de (?:trabalho|trabajo) )?(?:es |é |será )?h[yíi]brid[oae]\b|"
    r"\bh[íi]brid[oa]s?\s?[(:,-]|t[ée]l[ée]travail (?:partiel|hybride)|t[ée]l[ée]travail[^.\n]{0,20} \d\s?(?:jours?|j)\b|"
    r"\bwithin (?:an? )?(?:\w{3,12} )?(?:commut(?:ing|able|e)|driving) distance (?:of|to|from) [^.\n]*?\b(?:offices?|hubs?|hq|"
    r"headquarters|studios?)\b|"
    r"\d\s?(?:jours?|j) (?:de |en )?t[ée]l[ée]travail|hybrid (?:wfo|wfh)|\bwfo\s?/\s?wfh|"
    r"(?:\d|two|three|four) days? remote (?:each|per|a|every) week|"
    r"(?:tryb|model|system|praca|pracy)(?:em|u|ie)? hybrydow|hybrydow(?:a|y|ej|ego|ym) (?:model|tryb|prac|form)|\d dni? w biurze|"
    r"(?:lavoro|modalità|modello) (?:di lavoro )?ibrid[oa]|hybride? (?:werken|werkplek|functie)|hybrid(?:t|a)? (?:arbete|arbetssätt|arbejde|arbeid)|"
    r"гибридн(?:ый|ая|ого) (?:формат|график|режим|работ)|\b(?:\d|dos|tres|dois|três) d[íi]as? (?:presencia|de teletrabajo|en (?:la )?oficina|no escrit)|"
    r"(?:\d|ein|zwei|drei|vier) tagen? (?:pro|in der|die|je) woche (?:im|ins|vor|in)\b|\d tage (?:im )?(?:büro|homeoffice|remote)\b"
)
_ONSITE = linear(
    r"#li-(?:onsite|on-site|in-?office)|(?:this|the|our|all|these)(?: \w{2,20}){0,4} (?:is|are|will be|"
    r"requires?)(?: \w{2,12}){0,4} (?:on-?\s?site|in[- ](?:office|person))\b|"
    r"(?:this|all|our|these) (?:roles?|positions?|jobs?) (?:is|are) (?:based |located )?(?:in|at) (?:the|"
    r"our)(?: [\w-]{2,20}){0,4} (?:office|hq|headquarters)|"
    r"(?:fully|full[- ]time|100%|entirely|strictly|exclusively|primarily|5 days|five days)[, ]{1,2}(?:a week |"
    r"per week )?(?:on-?\s?site|in[- ](?:office|person)|in (?:the|our) office)|"
    r"\bon-?site in [a-z]{3,20}(?: [a-z]{3,20}){0,2}(?:,| and [a-z]{3,20}\.|\.)|"
    r"\b(?:on-?\s?site|in[- ](?:office|person)) (?:role|position|job|opportunity|only|work|culture|company|team|"
    r"environment|5 days|five days|full|required|daily)|"
    r"\bnot (?:a |an )?(?:remote|hybrid)|no remote|remote (?:work )?is not|remote work will not|(?:cannot|can't|"
    r"do not|don't|unable to) (?:offer|accommodate|support|consider|hire|be done|"
    r"be performed)(?: \w{2,12}){0,3} remote|"
    r"\bnot (?:hiring|recruiting|looking)[^.\n]{0,25} remote(?:ly)?\b|(?:candidates?|employees|you(?:'ll| will)?) works? on-?\s?site|"
    r"(?:vaga|trabalho|trabajo|modelo|modalidade?|regime|formato|atua[cç][aã]o)\s?:?\s?(?:100 ?% )?(?:de (?:trabalho|trabajo) )?(?:es |é |será )?(?:100 ?% )?presencial|"
    r"100 ?% presencial|"
    r"^\W{0,6}presencial\W{0,3}$|^\W{0,6}on-?site, |(?:工作地点|地点)[^\n]{0,20}线下|"
    r"office[- ](?:only|based)|we(?:'re| are|’re)(?: \w{2,12}){0,3} (?:in[- ](?:office|person)|on-?site)|"
    r"work(?:s|ing)? (?:in[- ]person|on-?site|in-office|(?:in|from) (?:the |our )?office\b|from (?:the|"
    r"our)(?: \w{2,20}){0,2} office)|"
    r"must be (?:able|willing|comfortable) to (?:work|be|commute)(?: \w{2,12}){0,3} (?:on-?site|in[- ](?:office|"
    r"person)|to (?:the|our))|(?:type|location|mode|model|arrangement):? on-?site|"
    r"telework(?: type)?:? ?(?:none|no\b|not |full[- ]time office)|relocation (?:is )?required|must relocate|"
    r"(?:poste|travail|100 ?%) (?:en |à )?présentiel|présentiel (?:à|sur|uniquement)|praca stacjonarna|stacjonarnie w |"
    r"(?:trabajo|puesto|jornada) presencial|lavoro in (?:sede|presenza)|работа в офисе|"
    r"\((?:on-?\s?site|in[- ]person|in[- ]office)\)|return(?:ed)? to (?:the )?office|\bteam (?:based |working |all |fully )?in[- ]person in\b",
    multiline=True,
)
_REMOTE = linear(
    r"#li-remote|(?:fully|100%|completely|entirely|permanently|truly|full[- ]time)[ -]remote|remote (?:role|position|"
    r"job|opportunity|contract|work from|within|in\b|from|across|anywhere|"
    r"based|only|\(|full[- ]time|candidates|employees|applicants|us\b|usa|eligible|opportunities|contractor|"
    r"internship|available|possible|ok\b)|[(\[]remote|remote[)\]]|remote[- ]only|"
    r"(?:this|the) (?:role|position|job) (?:is|can be|may be)(?: [\w%-]{2,12}){0,3} remote\b|(?:location|type|model|"
    r"mode|arrangement|workplace)s?\s?[:-] ?(?:100% |fully )?remote\b|"
    r"work(?:ing)? (?:fully |100% |completely )?(?:remotely|from (?:anywhere|wherever))|work from home (?:role|"
    r"position|job|opportunity|full|based|\()|position is work from home|"
    r"work-from-anywhere|remotely (?:from|in|within|anywhere|with)|based remotely|telecommut|home[- ]based|"
    r"live and work anywhere|from anywhere (?:in|within)|"
    r"location[- ](?:independent|agnostic)|regardless of (?:their |your )?location|virtual(?:ly)? (?:role|position|"
    r"based)|open to (?:fully |exceptional |strong )?remote|(?:office|hq|headquarters|hub) or (?:work )?(?:fully )?(?:remotely|from home)|"
    r"remotely or (?:in|from|at) (?:our|the|one)|no in-office requirement|100 ?% (?:remot[eoa]|home|t[ée]l[ée]travail|teletraba(?:jo|lho|llo)\b)|"
    r"\bremote (?:eu|uk|emea|apac|latam|europe) (?:role|position|job)|\bfully support(?:s|ing)? remote\b|"
    r"\b(?:job|position|role) working from home|\bpossible remote work|\bremote locations?\s?:|remote work (?:is|will be|would be) possible|"
    r"(?m:^\W{0,6}(?:100 ?% |fully )?remot[eoa]\W{0,3}$)|"
    r"(?m:^\W{0,6}(?:h[íi]brid[oa] (?:o|ou) remot[oa]|remot[oa] (?:o|ou) (?:h[íi]brid[oa]|presencial))\b)|"
    # a line of places or of ways, one of them remote: 'Lyon / Porto / Remote', 'Full-time, intern, or remote'
    r"(?m:^[^\n.!?:]+ / remote(?: / [^\n.!?:]+)?$)|"
    r"(?m:^\W{0,6}(?:(?:full[- ]?time|part[- ]?time|intern(?:ship)?s?|contract(?:or)?s?|on-?site)(?:, or |, | or | / )){1,4}remote\W{0,3}$)|"
    r"(?:trabalho|trabajo|vaga|modalidade?|modelo|regime|totalmente|empleo|puesto)\s?:?\s?(?:100 ?% )?remot[oa]|full[- ]remote|"
    r"t[ée]l[ée]travail (?:complet|total|à 100)|(?:工作地点|地点|地點)[^\n]{0,6}(?:远程|遠端|遠程)|(?:可|全职|全職)?(?:远程|遠端|遠程)(?:办公|辦公|工作)|可(?:远程|遠端|遠程)|"
    r"work from any (?:place|country)|"
    r"(?:komplett|vollständig|rein|ausschließlich|100 ?%) (?:remote\b|im home ?office|von zu ?hause)|(?:orts|standort)unabhängig(?:es|e)? arbeit|"
    r"(?:praca|w pełni|całkowicie|100 ?%) zdaln|zdalna praca|zdalnie z (?:dowolnego|całej)|(?:lavoro|lavorare|completamente|100 ?%) da remoto|"
    r"volledig (?:thuis ?werk|op afstand)|100 ?% thuiswerk|(?:arbeta|jobba|arbete) på distans|distansarbete på heltid|"
    r"(?:полностью |100 ?% )?удал[её]нн(?:ая работа|ый формат|ую работу|о из)|(?:полностью|100 ?%) удал[её]нн|работ[а-яё]{1,4} удал[её]нно|удал[её]нно или |дистанционная работа|"
    r"(?:100 ?%|totalmente em) home ?office|(?:trabajo|trabalho|trabajar) (?:a distancia|à distância|desde cualquier lugar)"
)
_REMOTE_FIRM = linear(
    r"remote[- ](?:first|native)|(?:all|fully)[- ]remote|remote (?:team|company|culture|environment|working|work\b|"
    r"set-?up)|(?:is|are|as|be|work|offer|allow)\s?:? (?:a |an )?remote\b|"
    r"distributed (?:team|company|workforce|first)|work(?:ing)? (?:from home|remote)\b|\bwfh\b|work-from-home|no office"
)
_PARTLY = linear(
    r"remote[- ](?:friendly|flexible)|flexible (?:working|work) locations?|some remote|"
    r"occasional(?:ly)? remote"
)
_ABOUT_ELSE = linear(
    r"remote (?:sites?|servers?|desktop|sensing|monitoring|support|patient|control|access|areas?|customers?|"
    r"procedure|execution|hands|interview|learning|co-located|team members?)|"
    r"(?:not|isn't|no|without|never)[^.\n]{0,25}remote|currently[^.\n]{0,25} remotely|\b[1-9]\d?\s?% remote|(?:não|no|sin|sem)[^.\n]{0,25}remot[oa]|"
    r"remote (?:work )?(?:is )?not|remote[- ]first (?:tools|product|"
    r"customers)|for remote teams|remote workforce (?:management|solution|platform)"
)
_SEGMENT = linear(
    r"(?:^|\|)[ \t]{0,4}(?P<way>on-?site|remote|hybrid|in[- ](?:office|person))[^|\n]{0,30}(?:\||$)", multiline=True
)


_LABELLED = linear(
    r"^\W{0,6}(?:job |work |office )?(?:locations?|location type|workplace(?: type)?|work(?:ing)? (?:mode|model|type))"
    r"\s?[:-]{1,2}\s?(?:100% |fully )?remote\b|\bopen to (?:fully |exceptional |strong )?remote (?:candidates|applicants|for|work)"
    r"|\bopen to remote\b|\byou (?:can|may|could) work from anywhere (?:in|within)\b",
    multiline=True,
)
# the state of the world rather than of this role, or what it is made of
_OF_THE_WORLD = linear(
    r"hybrid (?:role|position) (?:that|which|of|between|blend|bridg|combin|span|mix)|"
    r"(?:remote (?:and|or|&) hybrid|hybrid (?:and|or|&) remote) work(?:ing)? (?:has|have|is|are|becom)"
)
_WAYS = Together(_REMOTE, _REMOTE_FIRM, _HYBRID, _PARTLY)


class Evidence:
    """What a text says of the way of working: for each reading the first words that say so, looked for when asked."""

    def __init__(self, text: str) -> None:
        self._text = text if gates.WAY in gates.open_to(text) else ""
        self._bars = _SEGMENT.search(text[:400]) if self._text and "|" in text[:400] else None

    @functools.cached_property
    def remote(self) -> str:
        """Words that call this work remote."""
        return self._segment("remote") or self.role_remote

    @functools.cached_property
    def firm(self) -> str:
        """Words by which the company, not the role, calls itself remote; only where none call the role so."""
        return "" if self.role_remote else self._of_this_work(_REMOTE_FIRM)

    @functools.cached_property
    def hybrid(self) -> str:
        """Words that call this work hybrid."""
        return self._segment("hybrid") or self._first(_HYBRID, unless=_OF_THE_WORLD)

    @functools.cached_property
    def onsite(self) -> str:
        """Words that call for work on site."""
        return self._segment("onsite") or _quote(self._text, _on_site(self._text))

    @property
    def days(self) -> str:
        """Words that name the days in the office; they speak of this role rather than of the company."""
        return _quote(self._text, self._days) or self._days_at

    @functools.cached_property
    def _days_at(self) -> str:
        found = _DAYS_AT.search(self._text) if "ocation" in self._text else None
        return " ".join(found[0].split()) if found and not _FIVE.match(found["n"]) else ""

    @property
    def five(self) -> bool:
        """Whether those are all days of the week."""
        return self._days is not None and _is_all_week(self._days)

    @functools.cached_property
    def partly(self) -> str:
        """Words by which some work from elsewhere is allowed."""
        return self._first(_PARTLY)

    @functools.cached_property
    def role_remote(self) -> str:
        """Words of its sentences that call this work remote: not a heading that the places are read from too."""
        return self._of_this_work(_REMOTE)

    @functools.cached_property
    def labelled(self) -> str:
        """A line that names its place as remote, or a sentence open to it: as plain as a field, and the employer's own."""
        return _quote(self._text, _LABELLED.search(self._text)) if self.role_remote else ""

    @functools.cached_property
    def _ways(self) -> frozenset[Linear | re.Pattern[str]]:
        return _WAYS.matching(self._text)

    @functools.cached_property
    def _days(self) -> Found | None:
        return next((found for found in _DAYS.finditer(self._text) if _is_office_days(self._text, found)), None)

    def _segment(self, mode: RemoteMode) -> str:
        return _quote(self._text, self._bars) if self._bars is not None and word(self._bars["way"]) == mode else ""

    def _first(self, pattern: Linear, unless: Linear | None = None) -> str:
        if pattern not in self._ways:
            return ""
        found = pattern.finditer(self._text)
        plain = (one for one in found if unless is None or not unless.search(_around(self._text, one)))
        return _quote(self._text, next(plain, None))

    def _of_this_work(self, pattern: Linear) -> str:
        if pattern not in self._ways:
            return ""
        own = (found for found in pattern.finditer(self._text) if not _about_else(self._text, found))
        return _quote(self._text, next(own, None))


# one of them stands in whatever the pattern matches, which ends with its line
_ONSITE_WORDS = AhoCorasick(
    [
        "site",
        "office",
        "person",
        "presencial",
        "线下",
        "hq",
        "headquarters",
        "remote",
        "hybrid",
        "must be",
        "telework",
        "relocat",
        "présentiel",
        "stacjonarn",
        "lavoro in",
        "офис",
    ],
    matchkind=MatchKind.Standard,
)


def _on_site(text: str) -> Found | None:
    """The first words that say "on site", looked for only in lines that can: the pattern is the dearest of all."""
    lower = text.lower()
    if len(lower) != len(text) or "\nsite" in lower or "\u017f" in text:  # letters that change place or fold otherwise
        return _ONSITE.search(text)
    end = -1
    for _, at, _ in _ONSITE_WORDS.find_matches_as_indexes(lower):
        if at < end:
            continue
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        end = len(text) if end < 0 else end
        if found := _ONSITE.search(text, start, end):
            return found
    return None


def _about_else(text: str, found: Found) -> bool:
    return _ABOUT_ELSE.search(_around(text, found)) is not None


def _around(text: str, found: Found) -> str:
    return text[max(0, found.start() - 30) : found.end() + 25]


def _is_office_days(text: str, found: Found) -> bool:
    around = text[max(0, found.start() - 45) : found.end() + 20]
    if text[max(0, found.start() - 1) : found.start()] == "-":  # twenty-five
        return False
    return _A_WEEK.search(found[0]) is not None and _MEALS.search(around) is None


def _is_all_week(found: Found) -> bool:
    return (
        _FIVE.match(found["n"] or found["m"] or "") is not None
        or _MONDAY_TO_FRIDAY.search(found.string, found.start(), found.end() + 15) is not None
    )


_MONDAY_TO_FRIDAY = re.compile(r"mondays?\s?(?:-|–|to|through|thru)\s?fridays?", re.IGNORECASE)


def _quote(text: str, found: Found | None) -> str:
    if found is None:
        return ""
    start, end = max(0, found.start() - 30), min(len(text), found.end() + 30)
    return " ".join(text[start:end].split())


# -- the decision ----------------------------------------------------------------------------------------------


def _mode(said: Said) -> tuple[RemoteMode, str]:
    """The first that decides, from what speaks most plainly of this role to what speaks of the board."""
    in_title = of_title(said.title)
    places = _of_places(said.places)
    flagged = flag(said.flag)
    text = Evidence(said.text)
    title = f"title: {said.title[:80]}"
    if in_title in {"hybrid", "onsite"} and (places is None or places[0] != "remote"):
        return in_title or "unknown", title
    # "on site" with four days is on site, with one to three it is not
    if places is not None and places[0] == "onsite" and _SOME_DAYS.search(text.days):
        return "hybrid", f"text: {text.days}"
    if places is not None and (places[0] != "remote" or text.role_remote or not text.days):
        return places
    if in_title == "remote":
        return "remote", title
    if text.days:
        return ("onsite" if text.five else "hybrid"), f"text: {text.days}"
    if flagged == "hybrid":
        return "hybrid", f"field: {said.flag}"
    if flagged == "remote" or said.remote_only:
        return _remote_unless(text, said, flagged)
    mode, because = _from_text(text, flagged, said.flag)
    if mode == "unknown" and text.firm and not any(one.city for one in said.named):
        return "remote", f"text: {text.firm}"
    return mode, because


def _remote_unless(text: Evidence, said: Said, flagged: RemoteMode | None) -> tuple[RemoteMode, str]:
    """Remote by the flag or the board, unless the text plainly speaks against it."""
    remote = text.remote or text.firm
    if text.hybrid and not remote:
        return "hybrid", f"text: {text.hybrid}"
    if text.onsite and not remote and not said.remote_only:
        return "onsite", f"text: {text.onsite}"
    return "remote", f"field: {said.flag}" if flagged == "remote" else "board: carries only remote jobs"


def _from_text(text: Evidence, flagged: RemoteMode | None, printed: str | None) -> tuple[RemoteMode, str]:
    """The way of working where neither the places nor the board call it remote."""
    if text.hybrid and not text.remote:
        return "hybrid", f"text: {text.hybrid}"
    if flagged == "onsite":
        if text.labelled:
            return "remote", f"text: {text.labelled}"
        if text.partly or text.hybrid:
            return "hybrid", f"text: {text.partly or text.hybrid}"
        return "onsite", f"field: {printed}"
    if (text.remote or text.partly) and not text.onsite:
        return "remote", f"text: {text.remote or text.partly}"
    if text.hybrid:
        return "hybrid", f"text: {text.hybrid}"
    return ("onsite", f"text: {text.onsite}") if text.onsite else ("unknown", "")


def remote(said: Said) -> Remote:
    """The way of working and the regions of a remote worker. Never raises."""
    mode, because = _mode(said)
    if mode != "remote":
        return Remote(mode, because, ())
    out = region.excepted(said)
    doubts = (f"remote_regions: all but {', '.join(out)}",) if out else ()
    return Remote(mode, because, tuple(region.of(said)), doubts)
