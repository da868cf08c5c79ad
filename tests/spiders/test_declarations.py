"""What is declared wrongly fails when the class is made, naming the attribute; and sources stay short."""

from __future__ import annotations

import ast
import inspect
import statistics
from pathlib import Path

import pytest

from config.load import cards
from spiders.bases import Feed, HtmlBoard, JsonApi, PageObject, Text
from spiders.bases.source import FIELDS
from spiders.errors import WriterError
from spiders.reading import UnknownSource, read_answer, sources, spider_class

SOUND = {"name": "sound", "listing": "https://example.com", "external_id": "id", "url": "url", "title": "title"}


def declare(base=JsonApi, **attributes):
    return type("Sound", (base,), {"__module__": __name__, **SOUND, **attributes})


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"compnay": "company"}, "Sound.compnay: no such attribute; did you mean company?"),
        ({"salary_minimum": "x"}, "did you mean salary_min?"),
        ({"title": ""}, "Sound.title"),
        ({"title": "a..b"}, "Sound.title"),
        ({"title": ["a", "b"]}, "Sound.title"),
        ({"location": ()}, "Sound.location"),
        ({"detail": "a..b"}, "Sound.detail"),
        ({"total": 7}, "Sound.total"),
        ({"as_named": "titel"}, "Sound.as_named: 'titel' is no field of RawPosting; did you mean title?"),
        ({"as_named": "title"}, "Sound.as_named: 'title' is declared twice"),
        ({"board_form": "(unclosed"}, "Sound.board_form"),
        ({"listing": ""}, "Sound.listing: must be declared"),
    ],
)
def test_names_what_is_declared_wrongly(attributes, said):
    with pytest.raises(WriterError) as caught:
        declare(**attributes)
    assert said in str(caught.value)


@pytest.mark.parametrize("missing", ["external_id", "title", "url"])
def test_asks_for_what_every_ad_has(missing):
    row = type("Row", (PageObject,), {n: Text("a") for n in ("external_id", "title", "url") if n != missing})
    with pytest.raises(WriterError, match=f"{missing}: must be declared"):
        type(
            "Sound",
            (HtmlBoard,),
            {"__module__": __name__, "name": "sound", "listing": "https://example.com", "row": row},
        )


def test_file_and_class_have_one_name():
    with pytest.raises(WriterError, match="must have one name"):
        type("Other", (Feed,), {"__module__": "spiders.boards.another", "listing": "https://example.com"})


def test_a_page_object_names_its_properties_like_fields():
    with pytest.raises(WriterError, match="headline: no field"):
        type("Row", (PageObject,), {"headline": property(lambda self: self.text("h1"))})


def test_a_declaration_that_is_sound_reads():
    spider = declare(records="jobs", company="employer.name")(boards=[""])
    body = b'{"jobs": [{"id": 5, "url": "/5", "title": "Cook", "employer": {"name": "Inn"}, "new": 1}]}'
    reading = spider.read(body, "https://example.com/list")
    assert reading.postings[0].model_dump(include={"source", "external_id", "url", "company"}) == {
        "source": "sound",
        "external_id": "5",
        "url": "https://example.com/5",
        "company": "Inn",
    }
    assert dict(reading.unknown_keys) == {"new": 1}


def test_keys_that_are_called_as_we_do_but_for_their_spelling():
    spider = declare(records="jobs", as_named="applyUrl employment-type Tags", description="text")(boards=[""])
    record = b'{"id": 5, "url": "https://x.test/5", "title": "Cook", "applyUrl": "/5/go", "employment-type": "gig"'
    reading = spider.read(b'{"jobs": [' + record + b', "Tags": ["a"]}]}')
    assert reading.postings[0].model_dump(include={"apply_url", "employment_type", "tags"}) == {
        "apply_url": "/5/go",
        "employment_type": "gig",
        "tags": ["a"],
    }
    assert not reading.unknown_keys


def test_fields_that_stand_one_level_below_are_read_and_their_new_keys_reported():
    spider = declare(records="data", within="attributes", url="links.page", company="attributes")(boards=[""])
    record = b'{"id": 5, "links": {"page": "https://x.test/5"}, "attributes": {"title": "Cook", "mood": "calm"}}'
    reading = spider.read(b'{"data": [' + record + b"]}")
    assert (reading.postings[0].external_id, reading.postings[0].title) == ("5", "Cook")
    assert dict(reading.unknown_keys) == {"mood": 1}
    assert reading.postings[0].payload["attributes"] == {"title": "Cook", "mood": "calm"}, "evidence stays as it came"


def test_the_subdomain_of_the_list_tells_the_tenant_of_a_saved_answer():
    body = b'{"data": [{"id": "5", "url": "https://acme.pinpointhq.com/postings/5", "title": "Cook"}]}'
    assert read_answer("pinpoint", body).postings[0].board == "acme"


@pytest.mark.parametrize(
    ("board", "company"),
    [
        ("copperfield-labs", "Copperfield Labs"),
        ("KitefallGames", "KitefallGames"),
        ("careers.kitefall.example.com/global/en", "Kitefall"),
        ("larkspur/larkspurledger.example.com", "Larkspur"),
        ("quillstone.wd5.myworkdayjobs.com/Careers", "Quillstone"),
        ("tmfa.fa.us2.oraclecloud.com/CX_1", None),
    ],
)
def test_an_employer_that_no_row_names_is_called_as_its_board_is(board, company):
    spider = declare(board_form=r"(?P<slug>.+)", company="@company")(boards=[board])
    reading = spider.read(b'[{"id": 5, "url": "https://x.test/5", "title": "Cook"}]', board=board)
    assert reading.postings[0].company == company


@pytest.mark.parametrize(("space", "mark"), [("", ""), (' xmlns="urn:jobs"', ""), (' xmlns:x="urn:jobs"', "x:")])
def test_a_namespace_of_the_whole_document_changes_no_name(space, mark):
    ad = "<id>19</id><name>Cook</name><office>Leeds</office>".replace("</", f"</{mark}").replace("<i", f"<{mark}i")
    ad = ad.replace("<n", f"<{mark}n").replace("<o", f"<{mark}o")
    reading = read_answer("personio", f"<jobs{space}><{mark}position>{ad}</{mark}position></jobs>".encode())
    assert [(p.external_id, p.title, p.location) for p in reading.postings] == [("19", "Cook", ["Leeds"])]
    assert not reading.unknown_keys


def test_every_word_of_a_card_is_of_a_field():
    assert {name for card in cards().values() for name in card.words} <= FIELDS


def test_p07_a_changed_type_is_reported_and_not_guessed():
    spider = declare(records="jobs", salary="pay", remote="remote")(boards=[""])
    body = b'{"jobs": [{"id": 5, "url": "https://example.com/5", "title": "Cook", "pay": {"min": 1}, "remote": true}]}'
    reading = spider.read(body)
    assert dict(reading.unknown_values) == {"salary: an object": 1}
    assert reading.postings[0].salary is None


def test_p08_an_unknown_word_is_reported():
    body = b'{"jobs": [{"id": 5, "url": "https://remotive.com/5", "title": "Cook", "job_type": "gig"}]}'
    reading = read_answer("remotive", body)
    assert dict(reading.unknown_values) == {"employment_type: gig": 1}
    assert reading.postings[0].employment_type == "gig"


def test_p07_a_renamed_title_is_rejected_with_its_reason():
    reading = read_answer("remotive", b'{"jobs": [{"id": 5, "url": "https://remotive.com/5", "jobTitle": "Cook"}]}')
    assert [(u.reason, u.external_id) for u in reading.unread] == [("no_title", "5")]
    assert dict(reading.unknown_keys) == {"jobTitle": 1}


def test_p09_a_record_without_id_or_address_is_rejected():
    reading = read_answer("remotive", b'{"jobs": [{"title": "Cook"}, {"id": 5, "title": "Cook"}, 7]}')
    assert [u.reason for u in reading.unread] == ["no_id", "no_url", "no_record"]


def test_one_id_with_two_places_is_one_posting():
    row = '{"uuid": "u", "name": "Cook", "url": "https://ats.rippling.com/a/jobs/u", "workLocation": {"label": "%s"}}'
    reading = read_answer("rippling", f"[{row % 'Leeds'}, {row % 'Cork'}, {row % 'Leeds'}]".encode())
    assert [p.location for p in reading.postings] == [["Leeds", "Cork"]]
    assert reading.left_out == {"same id": 2}


def test_p09_one_id_with_other_words_stays_two_lines():
    row = '{"uuid": "u", "name": "%s", "url": "https://ats.rippling.com/a/jobs/u"}'
    reading = read_answer("rippling", f"[{row % 'Cook'}, {row % 'Chef'}]".encode())
    assert [p.title for p in reading.postings] == ["Cook", "Chef"]


def test_an_unknown_source_names_its_neighbours():
    with pytest.raises(UnknownSource, match="did you mean remotive"):
        spider_class("remotiv")


# -- write only the difference


def _lines(source: str) -> int:
    """Lines of a spider's file, whole."""
    return len(Path(inspect.getfile(spider_class(source))).read_text(encoding="utf-8").splitlines())


def _methods(source: str) -> int:
    tree = ast.parse(Path(inspect.getfile(spider_class(source))).read_text(encoding="utf-8"))
    spider = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == spider_class(source).__name__)
    return sum(isinstance(node, ast.FunctionDef) for node in spider.body)


BOARDS = [s for s in sources() if cards()[s].kind == "board"]


def test_there_are_forty_sources_and_fifteen_hosting_systems():
    on = [card for card in cards().values() if card.verified]
    assert len(on) >= 40
    assert sum(card.kind == "ats" for card in on) >= 15


def test_most_boards_need_no_method():
    assert statistics.mean(_methods(s) == 0 for s in BOARDS) >= 0.6
    assert max(_methods(s) for s in sources() if issubclass(spider_class(s), (JsonApi, Feed, HtmlBoard))) <= 2


def test_a_board_is_a_file_of_twenty_lines():
    assert statistics.median(_lines(s) for s in BOARDS) <= 20
    assert statistics.median(_lines(s) for s in sources()) <= 22
