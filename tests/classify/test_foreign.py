"""Titles in other languages: what they name, and what puts them outside the taxonomy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.load import ConfigError
from config.load_taxonomy import axes, languages, phrases_abroad
from flows.classify import foreign, titles
from flows.classify.evidence import WorkEvidence, _spelled, work_in
from flows.classify.foreign import in_english, without_accents
from flows.classify.role import decide
from flows.classify.skills import named_in
from flows.classify.text import plain, read_ad
from flows.classify.titles import plain_title, read_title

ROLES = {
    "software-engineer": [
        "Softwareingenieurin",
        "Fachinformatiker Anwendungsentwicklung",
        "Инженера-программиста",
        "Programmerere",
        "Systemutvecklare till Hammar IT",
        "Ingénieur études et développement",
        "Ingénieur logiciel embarqué",
        "Mjukvaruutvecklare",
        "Spelutvecklare",
        "Programmør",
        "Programvareutvikler",
        "Ohjelmistosuunnittelija",
        "Tarkvaraarendaja",
        "Programmatūras inženieris",
        "Programinės įrangos inžinierius",
        "Softvérový inžinier",
        "Szoftverfejlesztő",
        "Dezvoltator software",
        "Razvijalec programske opreme",
        "Προγραμματιστής",
        "Інженер-програміст",
        "Разработчик ПО",
        "Yazılım Mühendisi",
    ],
    "backend-developer": [
        "Java-Entwickler (m/w/d)",
        "Backendentwicklerin",
        "Développeuse Node.js",
        "Pythonutvecklare",
        "C#-utvecklare",
        "Backendudvikler",
        "PHP-ontwikkelaar",
        "Java-kehittäjä",
        "Programador PHP",
        "Programmatore Java",
        "Java fejlesztő",
        "Vývojář .NET",
        "Бэкенд-разработчик",
        "Java utviklere",
        "Java Geliştirici",
    ],
    "full-stack-developer": ["Full-Stack-Entwickler", "Desarrolladora Full Stack", "Programista Fullstack"],
    "front-end-developer": ["Angular-Entwicklerin", "Reactutvecklare", "Desenvolvedor Front-end"],
    "data-engineer": ["Dataingenjör", "Ingegnere dei dati", "Datový inženýr", "Adatmérnök", "Inginer de date"],
    "data-analyst": ["Datenanalystin", "Analista dei dati", "Dataanalyst", "Podatkovni analitik", "Аналитик данных"],
    "data-scientist": ["Datenwissenschaftlerin", "Cientista de dados"],
    "machine-learning-engineer": ["Inżynier uczenia maszynowego", "Ingeniero de aprendizaje automático"],
    "ai-developer": ["KI-Entwickler"],
    "devops-engineer": ["Ingénieur DevOps", "DevOps-инженер"],
    "systems-engineer": ["Systembeheerder", "Rendszergazda", "Системный администратор", "Driftstekniker", "Sistemista"],
    "network-engineer": ["Netzwerkspezialist", "Nätverkstekniker", "Ingeniero de redes", "Hálózati mérnök"],
    "database-administrator": ["Datenbank-Administrator", "Databasebeheerder", "Správce databází"],
    "cybersecurity-analyst": ["IT-Sicherheitsexperte", "IT-säkerhetsspecialist", "Ingeniero de seguridad"],
    "software-architect": ["Softwarearchitektin", "Mjukvaruarkitekt", "Arquiteto de software"],
    "none": [
        "Maschinenbauingenieur",
        "Sicherheitsingenieur",
        "Vertriebsingenieur",
        "Grafikdesigner",
        "Ingénieur mécanique",
        "Ingénieur d'affaires",
        "Ingénieur commercial",
        "Ingénieur avant-vente",
        "Ingeniero de ventas",
        "Ingeniero industrial",
        "Ingeniero Comercial",
        "Engenheiro de produção",
        "Ingegnere edile",
        "Inginer electric",
        "Inżynier procesu",
        "Inżynier wsparcia",
        "Strojní inženýr",
        "Villamosmérnök",
        "Karbantartó mérnök",
        "Testingenjör",
        "Mobilutvecklare",
        "Sähköinsinööri",
        "Werktuigbouwkundig ingenieur",
        "Makine Mühendisi",
        "Инженер-электрик",
    ],
}


@pytest.mark.parametrize(("role", "title"), [(role, title) for role, titles in ROLES.items() for title in titles])
def test_the_role_of_a_title(role: str, title: str) -> None:
    assert decide(read_title(title), WorkEvidence()).role == role


@pytest.mark.parametrize(
    ("title", "seniority"),
    [
        ("Główny programista Java", "lead"),
        ("Młodszy programista", "junior"),
        ("Старший Java-разработчик", "senior"),
        ("Ведущий разработчик", "lead"),
        ("Kıdemli Yazılım Mühendisi", "senior"),
        ("Vyresnysis programuotojas", "senior"),
        ("Szoftverfejlesztő gyakornok", "intern"),
        ("Leiter Softwareentwicklung", "manager"),
        ("Développeur Node.js confirmé", "mid"),
        ("Desarrollador Java Semi Sr", "mid"),
        ("Nyexaminerade systemutvecklare", "junior"),
        ("Systemutvecklare i Lund", ""),
        ("Programista Java i Kotlin", ""),
        ("Systemutvecklare till en ledande smedja", ""),
    ],
)
def test_the_level_of_a_title(title: str, seniority: str) -> None:
    assert read_title(title).seniority == seniority


@pytest.mark.parametrize(
    ("title", "core"),
    [
        ("Desarrollador Backend", "backend developer"),
        ("Backendutvecklare", "backend developer"),
        ("Datenanalyst", "data analyst"),
        ("Ingénieur DevOps", "devops engineer"),
    ],
)
def test_a_translated_title_has_the_core_of_the_english(title: str, core: str) -> None:
    assert read_title(title).core == core


@pytest.mark.parametrize(
    ("title", "text", "role"),
    [
        ("Softwareentwickler (m/w/d)", "Du entwickelst verteilte Systeme und Schnittstellen auf Basis relationaler Datenbanken; serverseitig mit Kafka.", "backend-developer"),
        ("Softwareentwicklerin (m/w/d)", "Du entwickelst Frontend und Backend unserer Webanwendungen.", "full-stack-developer"),
        ("Développeur (H/F)", "Vous développez le front et le back de nos applications web.", "full-stack-developer"),
        ("Ingénieur logiciel", "Tes missions\n- concevoir des microservices et des API REST côté serveur", "backend-developer"),
        ("Desarrollador de software", "Funciones\n- diseñar microservicios y APIs REST sobre bases de datos relacionales", "backend-developer"),
        ("Programador", "Trabajarás en frontend y backend, en todo el stack.", "full-stack-developer"),
        ("Programista", "Obowiązki\n- rozwój mikroserwisów i systemów rozproszonych\n- relacyjne bazy danych, Kafka", "backend-developer"),
        ("Systemutvecklare", "Arbetsuppgifter\n- utveckla mikrotjänster och distribuerade system\n- Kafka", "backend-developer"),
        ("Softwareingenieur", "Du entwickelst Firmware für eingebettete Systeme.", "software-engineer"),
    ],
)  # fmt: skip
def test_a_general_title_is_decided_by_the_text(title: str, text: str, role: str) -> None:
    ad = read_ad(text)
    work = work_in(ad, [(named.skill, "about") for named in named_in(ad)])
    assert decide(read_title(title), work).role == role


@pytest.mark.parametrize(
    "word", ["netzwerken", "entwicklerkonferenz", "utvecklare", "ingenieurs", "designer", "administrator", "lead"]
)
def test_a_word_is_parted_only_behind_a_word_that_is_known(word: str) -> None:
    assert " " not in in_english(word, lambda part: part == "java")


def test_a_word_has_one_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = {code: languages()["de"].model_copy(update={"words": {code: ("wort",)}}) for code in ("one", "two")}
    monkeypatch.setattr(foreign, "languages", lambda: twice)
    with pytest.raises(ConfigError, match=r"wort is two here and one before: give it one meaning"):
        foreign._words.__wrapped__()


@given(st.text(max_size=40))
def test_what_is_english_stays(text: str) -> None:
    word = plain_title(text)
    assert in_english(in_english(word)) == in_english(word)
    assert without_accents(without_accents(word)) == without_accents(word)


def test_every_meaning_is_made_of_words_of_the_taxonomy() -> None:
    words = {word for language in languages().values() for meaning in language.words for word in _phrases(meaning)}
    assert {word for word in words if word not in titles._lexicon()[0]} == set()


def _phrases(meaning: str) -> list[str]:
    return [meaning] if meaning in titles._lexicon()[0] else meaning.split()


def test_phrases_abroad_stand_for_phrases_of_the_kinds_of_work() -> None:
    assert phrases_abroad().keys() <= {phrase for axis in axes().values() for phrase in axis.phrases}


def test_a_phrase_abroad_is_worth_what_the_english_one_is() -> None:
    """One that is a phrase of its own too would be counted twice."""
    own = {plain(said) for axis in axes().values() for phrase in axis.phrases for said in _spelled(phrase)}
    assert own & {plain(said) for said_abroad in phrases_abroad().values() for said in said_abroad} == set()
