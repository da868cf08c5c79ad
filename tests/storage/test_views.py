"""Views are a promise to analysts: their names and columns are pinned, their figures are right."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from storage import schema
from storage.engine import reading
from tests.storage.world import fill

JOB = (
    "job_id family_id title company company_key role server_side seniority years_min years_max degree remote_mode "
    "remote_regions locations salary_min salary_max salary_currency salary_period salary_source salary_inferred "
    "salary_raw salary_year_usd_min salary_year_usd_max fx_date employment_type skills language posted_at first_seen "
    "last_seen state closed_at closed_because openings sources posting_count best taxonomy_version description_text"
)
COLUMNS = {
    "v_postings": "source board external_id posting_key url apply_url requisition_id job_id family_id title title_raw "
    "title_core level company company_raw company_key company_url agency role roles role_score role_because "
    "taxonomy_version server_side seniority seniority_raw seniority_because years_min years_max years_because degree "
    "degree_because remote_mode remote_because remote_regions locations location_raw salary_min salary_max "
    "salary_currency salary_period salary_source salary_inferred salary_raw salary_year_usd_min salary_year_usd_max "
    "fx_date employment_type employment_type_raw department tags skills skills_because language posted_at "
    "posted_precision posted_raw updated_at valid_through first_seen last_seen state closed_at closed_because doubts "
    "description_text",
    "v_jobs_open": JOB,
    "v_backend_jobs": f"scope {JOB}",
    "v_posting_history": "posting_key source board external_id url job_id title company at run_id field before after "
    "reason because",
    "v_job_sources": "job_id posting_key source board external_id url state first_seen last_seen rule kind score "
    "partner because attribution",
    "v_salary": "job_id title company company_key role server_side seniority remote_mode employment_type state "
    "first_seen salary_min salary_max salary_currency salary_period salary_source salary_inferred salary_year_usd_min "
    "salary_year_usd_max salary_year_usd_mid fx_date",
    "v_skills": "job_id skill category title company role server_side seniority remote_mode state first_seen",
    "v_skills_daily": "day taxonomy_version scope skill jobs_open jobs_in_scope share",
    "v_roles_daily": "day taxonomy_version role server_side seniority remote_mode jobs_open jobs_unconfirmed jobs_new "
    "jobs_closed jobs_with_pay",
    "v_source_overlap": "source other jobs",
    "v_field_coverage": "source field postings filled share",
    "v_runs": "run_id number kind state started_at finished_at seconds boards complete found new changed closed "
    "reopened rejected errors warnings version taxonomy_version because",
}


def rows(engine: Engine, sql: str) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_names_and_columns_are_pinned(engine: Engine) -> None:
    found = {name: " ".join(c["name"] for c in inspect(engine).get_columns(name)) for name in schema.view_names()}
    assert found == COLUMNS
    assert set(inspect(engine).get_view_names()) == set(COLUMNS)


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_an_empty_database_has_empty_views(engine: Engine, name: str) -> None:
    assert rows(engine, f"SELECT * FROM {name}") == []


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        ("SELECT COUNT(*) FROM v_postings", [(6,)]),
        ("SELECT COUNT(*) FROM v_jobs_open", [(2,)]),
        ("SELECT scope, COUNT(*) FROM v_backend_jobs GROUP BY scope ORDER BY scope", [("backend", 1), ("wider", 1)]),
        (
            "SELECT external_id, field, reason FROM v_posting_history ORDER BY external_id, field",
            [("1", "seniority", "site"), ("1", "title", "site"), ("2", "state", "life")],
        ),
        (
            "SELECT source, rule, score FROM v_job_sources WHERE external_id = '1'",
            [("example", "same requisition", 0.75)],
        ),
        ("SELECT salary_source, salary_year_usd_mid FROM v_salary", [("stated", 60000.25)]),
        ("SELECT skill, COUNT(*) FROM v_skills GROUP BY skill ORDER BY skill", [("C#", 1), ("Go", 2)]),
        (
            "SELECT scope, skill, jobs_open, jobs_in_scope, share FROM v_skills_daily ORDER BY scope, skill",
            [
                ("all", "C#", 1, 2, 0.5),
                ("all", "Go", 2, 2, 1.0),
                ("backend", "C#", 1, 1, 1.0),
                ("backend", "Go", 1, 1, 1.0),
                ("wider-backend", "C#", 1, 2, 0.5),
                ("wider-backend", "Go", 2, 2, 1.0),
            ],
        ),
        (
            "SELECT role, jobs_open, jobs_new, jobs_closed, jobs_with_pay FROM v_roles_daily ORDER BY 1, server_side",
            [("backend-developer", 1, 0, 0, 1), ("none", 0, 0, 1, 0), ("none", 1, 1, 0, 0)],
        ),
        (
            "SELECT source, other, jobs FROM v_source_overlap ORDER BY source, other",
            [("example", "example", 1), ("example", "lever", 1), ("lever", "example", 1), ("lever", "lever", 2)],
        ),
        (
            "SELECT field, postings, filled, share FROM v_field_coverage WHERE source = 'lever' AND field IN "
            "('salary', 'skills', 'role', 'locations') ORDER BY field",
            [("locations", 2, 1, 0.5), ("role", 2, 1, 0.5), ("salary", 2, 1, 0.5), ("skills", 2, 1, 0.5)],
        ),
        (
            "SELECT number, seconds, boards, complete, found, errors FROM v_runs ORDER BY number",
            [(1, 3600, 2, 1, 4, 0), (2, None, 1, 1, 1, 1)],
        ),
    ],
)
def test_figures(engine: Engine, sql: str, answer: list[tuple[Any, ...]]) -> None:
    fill(engine)
    assert rows(engine, sql) == answer
