"""Landing segments: every line is read as what it says, and none stops the rest."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.land import MAX_KEPT, MAX_LINE, Landed, Removed, Seen, Unchanged, read_line, read_segment, salvage
from storage.models import Rejection

GOOD = {"source": "demo", "external_id": 7, "url": "https://example.com/7", "title": "Back-end Developer"}


def line(said: object) -> bytes:
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        (line({"seen": "a1"}), Seen("a1")),
        (line({"seen": 7}), Seen("7")),
        (line({"removed": "a1"}), Removed("a1")),
        (line({"unchanged": ""}), Unchanged("")),
        (line({"unchanged": "acme"}), Unchanged("acme")),
    ],
)
def test_short_kinds(said: bytes, believed: object) -> None:
    assert read_line(said, "x:1") == believed


def test_a_posting_keeps_its_line_as_evidence() -> None:
    landed = read_line(line(GOOD), "x:1")
    assert isinstance(landed, Landed)
    assert (landed.raw.external_id, landed.line) == ("7", line(GOOD))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"{", "not_json"),
        (b'{"title": NaN}', "not_json"),
        (b"[1, 2]", "not_an_object"),
        (b"\xff\xfe", "not_json"),
        (line(GOOD | {"title": ""}), "no_raw_posting"),
        (line(GOOD | {"colour": "red"}), "no_raw_posting"),
        (line({k: v for k, v in GOOD.items() if k != "url"}), "no_raw_posting"),
        (line(GOOD)[:-1] + b', "payload": ' + b"[" * 300 + b"]" * 300 + b"}", "too_deep"),
        *(
            (line(GOOD)[:-1] + f', "{name}": {"[" * 1000}{"]" * 1000}}}'.encode(), "too_deep")
            for name in ("location", "tags")
        ),
        (b'{"rejected": {"source": "demo", "raw": ' + b'{"a":' * 1000 + b"1" + b"}" * 1002, "too_deep"),
        (line({"rejected": {"reason": "no_title", "source": "demo", "external_id": 9, "raw": "{}"}}), "no_title"),
    ],
)
def test_what_is_no_posting_is_rejected_with_its_reason_and_place(said: bytes, reason: str) -> None:
    rejection = read_line(said, "file.jsonl:3", source="demo")
    assert isinstance(rejection, Rejection)
    assert (rejection.reason, rejection.place, rejection.source) == (reason, "file.jsonl:3", "demo")


@given(st.binary(max_size=300))
def test_never_raises_and_keeps_storable_text(said: bytes) -> None:
    read = read_line(said, "x:1")
    if isinstance(read, Rejection):
        assert "\x00" not in read.raw + read.detail
        (read.raw + read.detail).encode()


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_a_bad_line_costs_only_itself(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"postings{suffix}"
    content = b"\n".join([line(GOOD), b"nonsense", b"", b"\xef\xbb\xbf" + line(GOOD | {"external_id": "8"})])
    path.write_bytes(gzip.compress(content) if suffix.endswith("gz") else content)
    read = list(read_segment(path))
    assert [type(one).__name__ for one in read] == ["Landed", "Rejection", "Landed"]
    assert isinstance(read[1], Rejection)
    assert read[1].place == f"{path.name}:2"


def test_a_rejection_names_the_board_that_the_line_names_and_keeps_so_much_of_it() -> None:
    read = read_line(
        line(GOOD | {"source": "other", "board": "b", "title": 7 * "x" * MAX_KEPT, "no": 1}), "x:1", "demo", "a"
    )
    assert isinstance(read, Rejection)
    assert (read.source, read.board, len(read.raw)) == ("other", "b", MAX_KEPT)


def test_a_gzip_file_that_is_spoiled_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "demo~~0001.jsonl.gz"
    whole = gzip.compress(line(GOOD) + b"\n")
    # behind the header of ten bytes: a block of no kind that there is
    path.write_bytes(whole + whole[:10] + b"\x07" + whole[11:])
    first, last = read_segment(path)
    assert isinstance(first, Landed)
    assert isinstance(last, Rejection)
    assert (last.reason, last.place) == ("not_gzip", f"{path.name}:2")


def test_a_line_without_end_is_passed_over_in_bounded_pieces(tmp_path: Path) -> None:
    path = tmp_path / "huge.jsonl"
    path.write_bytes(b'"' + b"x" * (MAX_LINE + 10) + b'"\n' + line(GOOD) + b"\n")
    read = list(read_segment(path))
    assert [getattr(one, "reason", "landed") for one in read] == ["too_long", "landed"]


def test_a_cut_part_is_salvaged_up_to_its_last_whole_line(tmp_path: Path) -> None:
    part = tmp_path / "demo~~0001.jsonl.part"
    part.write_bytes(line(GOOD) + b"\n" + line(GOOD)[:20])
    segment = salvage(part)
    assert segment == tmp_path / "demo~~0001.jsonl"
    assert segment.read_bytes() == line(GOOD) + b"\n"
    empty = tmp_path / "demo~~0002.jsonl.part"
    empty.write_bytes(line(GOOD)[:20])
    assert salvage(empty) is None
    assert not empty.exists()
