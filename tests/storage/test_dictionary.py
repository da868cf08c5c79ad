"""Every table, view and column is explained, and the page says what the models say."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.dictionary import Relation, datasette_tables, dictionary, markdown
from storage.models import Job, Posting, Rejection

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


@pytest.mark.parametrize("relation", dictionary(), ids=lambda relation: relation.name)
def test_every_column_is_explained(relation: Relation) -> None:
    assert relation.about
    assert [column.name for column in relation.columns if not column.about.strip()] == []


@pytest.mark.parametrize("model", [Posting, Job, Rejection])
def test_every_field_of_the_vocabulary_is_explained(model: type[Posting] | type[Job] | type[Rejection]) -> None:
    assert [name for name, field in model.model_fields.items() if not field.description] == []


def test_enumerations_show_their_values() -> None:
    columns = {(r.name, c.name): c for r in dictionary() for c in r.columns}
    assert columns["v_postings", "state"].values == ("open", "unconfirmed", "closed")
    assert columns["run", "state"].null
    assert "rate_limited" in columns["run", "state"].values
    assert columns["job", "salary_period"].values == ("hour", "day", "week", "month", "year")


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), "python -m storage.dictionary docs/data-dictionary.md"


def test_datasette_gets_the_same_words() -> None:
    said = datasette_tables()
    assert said["v_jobs_open"]["columns"]["openings"] == Job.model_fields["openings"].description
    assert set(said) == {relation.name for relation in dictionary()}
