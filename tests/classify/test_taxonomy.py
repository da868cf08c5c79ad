"""The codes of public classifications that roles carry: their form, what the classifications promise, and the page."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from pathlib import Path

import pytest

from config.load_taxonomy import Role, roles

PAGE = Path(__file__).parents[2] / "docs" / "taxonomy.md"
ROW = re.compile(
    r"^\| ([^|]{1,60}) \| (\d{4}) \| (\d{2}-\d{4}\.\d{2}) "
    r"\| \[[^\]]{1,60}\]\(http://data\.europa\.eu/esco/occupation/([0-9a-f-]{36})\) \|$",
    re.MULTILINE,
)


@pytest.mark.parametrize("role", roles().values(), ids=lambda role: role.slug)
def test_codes_have_the_form_of_their_classification(role: Role) -> None:
    assert re.fullmatch(r"[1-9]\d{3}", role.isco)
    assert re.fullmatch(r"\d{2}-\d{4}\.\d{2}", role.onet)
    assert str(uuid.UUID(role.esco)) == role.esco


def test_an_occupation_of_esco_stands_in_one_group_of_isco() -> None:
    groups = defaultdict(set)
    for role in roles().values():
        groups[role.esco].add(role.isco)
    assert [esco for esco, iscos in groups.items() if len(iscos) > 1] == []


def test_the_page_shows_every_role_with_its_codes() -> None:
    shown = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert shown == [(role.name, role.isco, role.onet, role.esco) for role in roles().values()]
