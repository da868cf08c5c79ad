"""JSON lines stay lines, whatever the texts in them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lines import one_line
from flows.commands.read import run

ODD = "a\u2028b\u2029c\x85d\x0be\x1cf\r\ng"


@given(st.text(), st.booleans())
def test_one_object_is_one_line_and_says_the_same(text, ascii_only):
    said = one_line(json.dumps({"text": text + ODD}, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass"))
    assert len(said.decode("utf-8", "surrogatepass").splitlines()) == 1
    assert json.loads(said.decode("utf-8", "surrogatepass")) == {"text": text + ODD}


def test_read_prints_one_line_an_ad(tmp_path, capsys):
    saved = tmp_path / "saved.json"
    jobs = [{"id": n, "url": "https://remotive.com/1", "title": "Cook", "description": ODD} for n in (1, 2)]
    saved.write_text(json.dumps({"jobs": jobs}), encoding="utf-8")
    assert run("remotive", [saved], "") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["description"] for line in lines] == [ODD, ODD]


@pytest.mark.parametrize("plain", [b"", b'{"a": "b"}', b"[1]\n"])
def test_what_holds_no_such_break_stays_as_it_is(plain):
    assert one_line(plain) == plain
