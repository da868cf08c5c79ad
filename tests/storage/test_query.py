"""Anybody's SQL does no harm (S-11)."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.engine import open_database, reading, writing
from storage.query import QueryProblem, fts, identifier, like, query
from storage.upkeep import row_counts
from tests.storage.world import HOSTILE, fill


@pytest.fixture
def asked(engine: Engine, database: str) -> Engine:
    fill(engine)
    return open_database(database, create=False, read_only=True)


def counted(engine: Engine) -> dict[str, int]:
    with reading(engine) as conn:
        return row_counts(conn)


def test_an_answer_has_columns_and_rows_and_says_when_there_is_more(asked: Engine) -> None:
    answer = query(
        asked, "SELECT external_id AS id FROM v_postings WHERE source = :s ORDER BY id", {"s": "example"}, rows=3
    )
    assert answer == (["id"], [("1",), ("2",), ("B",)], True)


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE posting",
        "DELETE FROM posting",
        "UPDATE posting SET title = 'x'",
        "INSERT INTO lease VALUES ('a', 'b', 'c', 'd')",
        "CREATE TABLE mine (x INTEGER)",
        "SELECT 1; DROP TABLE posting",
        "SELECT 1; COMMIT; DROP TABLE posting",
        "COMMIT; DROP TABLE posting",
        "ROLLBACK",
        "WITH gone AS (DELETE FROM posting RETURNING 1) SELECT * FROM gone",
        "VACUUM",
    ],
)
def test_s11_what_would_write_is_refused(asked: Engine, sql: str) -> None:
    before = counted(asked)
    with pytest.raises(QueryProblem) as caught:
        query(asked, sql)
    assert "\n" not in str(caught.value)
    assert counted(asked) == before


@pytest.mark.parametrize(
    "sql",
    ["ATTACH '{file}' AS other", "SELECT load_extension('x')", "PRAGMA writable_schema=ON", "VACUUM INTO '{file}'"],
)
def test_s11_what_sqlite_could_do_beyond_the_database_is_refused(sqlite: str, tmp_path: Path, sql: str) -> None:
    open_database(sqlite).dispose()
    engine = open_database(sqlite, create=False, read_only=True)
    with pytest.raises(QueryProblem):
        query(engine, sql.format(file=tmp_path / "stolen.db"))
    assert not (tmp_path / "stolen.db").exists()
    # the guard is lifted afterwards: the connection goes back to the pool
    assert counted(engine)["posting"] == 0


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{file}'",
        "COPY (SELECT 1) TO PROGRAM 'touch {file}'",
        "COPY posting TO STDOUT",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT pg_ls_dir('/')",
        "SELECT lo_import('/etc/hostname')",
        "DO $$ BEGIN COMMIT; END $$",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "DISCARD ALL",
        "SELECT 1) AS a; DROP TABLE posting; --",
    ],
)
@pytest.mark.postgresql
def test_s11_what_postgresql_could_do_beyond_reading_is_refused(postgresql: str, tmp_path: Path, sql: str) -> None:
    """The tests' user is a superuser: what its rights would let through is not let through here."""
    open_database(postgresql).dispose()
    engine = open_database(postgresql, create=False, read_only=True)
    tmp_path.chmod(0o777)
    with pytest.raises(QueryProblem) as caught:
        query(engine, sql.format(file=tmp_path / "stolen"))
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    assert query(engine, "SELECT count(*) AS n FROM posting").rows == [(0,)]
    engine.dispose()


STEAL = "SELECT to_tsvector(pg_read_file('/etc/hostname'))"


@pytest.mark.parametrize(
    "sql",
    [
        "SET ROLE NONE",
        "RESET ROLE",
        "SET SESSION AUTHORIZATION DEFAULT",
        "SELECT 1; RESET ROLE; SELECT 2",
        "SELECT 1; SET ROLE NONE; COPY (SELECT 1) TO '{file}'",
        "SELECT set_config('role', 'none', true)",
        "SELECT pg_catalog.set_config('role', 'none', false)",
        "SELECT \"set_config\" ('role', 'none', true)",
        "SELECT set_config /* said so */ ('role', 'none', true)",
        "SELECT SET_CONFIG('session_authorization', 'default', true)",
        "SELECT U&\"\\0073et_config\"('role', 'none', true)",
        "SELECT U&\"!0073et_config\" UESCAPE '!' ('role', 'none', true)",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT set_config('statement_timeout', '0', true)",
        "SELECT ('/etc/hostname'::text).pg_read_file",
        "SELECT pg_read_binary_file('/etc/hostname')",
        "SELECT * FROM pg_stat_file('/etc/hostname')",
        "SELECT lo_export(1, '{file}')",
        "SELECT lo_get(1)",
        "SELECT query_to_xml('SELECT 1', true, true, '')",
        "SELECT * FROM ts_stat('SELECT to_tsvector(''a'')')",
        "SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery')",
        # the role is given back while the statement runs, then a text runs as SQL with a superuser's rights
        "SELECT set_config('role', 'none', true), word FROM ts_stat($t${steal}$t$)",
        "WITH a AS MATERIALIZED (SELECT set_config('ro' || 'le', 'none', true)) SELECT word FROM a, ts_stat($t${steal}$t$)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_terminate_backend(pg_backend_pid())",
        "SELECT pg_reload_conf()",
        "SELECT pg_logical_emit_message(false, 'a', 'b')",
        "SELECT nextval('a')",
        "SELECT dblink('host=127.0.0.1', 'SELECT 1')",
        "SELECT mine()",
        "SELECT * FROM v_postings WHERE mine() IS NULL",
        "SELECT 1 INTO stolen",
        "SELECT * FROM posting FOR UPDATE",
        "EXPLAIN ANALYZE SELECT 1",
        "EXECUTE asked",
        "FETCH ALL FROM asked",
        "CLOSE asked",
    ],
)
@pytest.mark.postgresql
def test_s11_no_statement_gets_a_superusers_rights_back(postgresql: str, tmp_path: Path, sql: str) -> None:
    owner = open_database(postgresql)
    with writing(owner) as conn:
        # as an extension would bring it: it runs what it was made of
        conn.execute(text("CREATE FUNCTION mine() RETURNS text STABLE LANGUAGE sql AS $$ SELECT current_user::text $$"))
    owner.dispose()
    engine = open_database(postgresql, create=False, read_only=True)
    tmp_path.chmod(0o777)
    asked = sql.replace("{file}", str(tmp_path / "stolen")).replace("{steal}", STEAL)
    with pytest.raises(QueryProblem) as caught:
        query(engine, asked)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    # the next one asks with the rights, the limit and the transaction of everybody
    said = query(
        engine,
        "SELECT current_user, current_setting('transaction_read_only'), current_setting('statement_timeout')",
        seconds=7,
    )
    assert said.rows == [("pg_read_all_data", "on", "7s")]
    engine.dispose()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM v_postings WHERE title ~* 'back.?end' AND first_seen < now()",
        "SELECT date_trunc('month', first_seen) AS m, percentile_cont(0.5) WITHIN GROUP (ORDER BY salary_min) FROM posting GROUP BY 1",
        "SELECT jsonb_array_elements_text(skills) AS s, count(*) FROM v_postings GROUP BY 1 ORDER BY random()",
        "SELECT row_number() OVER (PARTITION BY source ORDER BY first_seen), lag(title) OVER () FROM posting",
        "SELECT to_tsvector('english', description_text) @@ plainto_tsquery('harbour') FROM posting",
        "SELECT * FROM posting TABLESAMPLE system (50)",
        "SELECT * FROM generate_series(1, 3) AS n CROSS JOIN LATERAL (SELECT n * 2) AS twice",
        "VALUES (1), (2)",
    ],
)
@pytest.mark.postgresql
def test_what_analysts_ask_of_postgresql_is_answered(postgresql: str, sql: str) -> None:
    engine = open_database(postgresql)
    fill(engine)
    query(engine, sql)
    engine.dispose()


@pytest.mark.postgresql
def test_s11_the_time_is_that_of_the_whole_answer_and_not_of_each_part(postgresql: str) -> None:
    engine = open_database(postgresql)
    # no part takes longer than another: the server's own limit, which is one for each, would never be reached
    slow = "(SELECT max(i) FROM generate_series(1, 20000 + n % 2) AS i)"
    with pytest.raises(QueryProblem, match="took too long"):
        query(engine, f"SELECT n, {slow} FROM generate_series(1, 4000) AS n", seconds=1, rows=100_000)
    engine.dispose()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT length(printf('%.*c', 300000000, 'x'))",
        "SELECT zeroblob(900000000)",
        "WITH RECURSIVE n(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM n) SELECT max(length(s)) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT hex(zeroblob(4000000)) FROM n",
    ],
)
def test_s11_no_answer_fills_the_memory(sqlite: str, sql: str) -> None:
    open_database(sqlite).dispose()
    engine = open_database(sqlite, create=False, read_only=True)
    try:
        said = str(query(engine, sql).rows)
    except QueryProblem as problem:
        said = str(problem)
    # SQLite's printf gives NULL where the text would be too long
    assert said == "[(None,)]" or said.startswith("stopped: ")
    engine.dispose()


def test_s11_what_is_no_text_is_no_query(asked: Engine) -> None:
    for sql in ("SELECT '\ud800'", "SELECT '\x00'", "", ";"):
        with pytest.raises(QueryProblem):
            query(asked, sql)


def test_s11_what_never_ends_is_stopped(asked: Engine) -> None:
    with pytest.raises(QueryProblem, match="took too long"):
        query(
            asked, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n", seconds=0.3
        )
    assert query(asked, "SELECT COUNT(*) AS n FROM posting").rows == [(6,)]


@pytest.mark.parametrize("value", ["'; DROP TABLE posting; --", '" OR 1=1', HOSTILE, "100%", "_", "\\"])
def test_s11_values_are_values(asked: Engine, value: str) -> None:
    assert query(asked, "SELECT :value AS said", {"value": value}).rows == [(value,)]
    found = query(asked, "SELECT title FROM v_postings WHERE title LIKE :p ESCAPE '\\'", {"p": like(value)}).rows
    assert found == ([(HOSTILE,)] if value in HOSTILE else [])


def test_s11_names_come_from_a_list() -> None:
    assert identifier("title", {"title"}) == '"title"'
    for name in ("title; DROP TABLE posting", 'ti"tle', "TITLE", ""):
        with pytest.raises(QueryProblem):
            identifier(name, {"title"})


def test_s11_full_text_words_are_words(sqlite: str) -> None:
    engine = open_database(sqlite)
    with engine.connect() as conn, conn.begin():
        conn.execute(text("CREATE VIRTUAL TABLE words USING fts5(said)"))
        conn.execute(text("INSERT INTO words VALUES ('back AND end NEAR title: c')"))
        for said in ('AND "', "title:", "NEAR(", "-end", "c*", "'", '"""', "said : x OR y"):
            conn.execute(text("SELECT * FROM words WHERE words MATCH :q"), {"q": fts(said) or '""'}).all()
        assert conn.execute(text("SELECT * FROM words WHERE words MATCH :q"), {"q": fts("end AND")}).all()
    engine.dispose()


def test_a_wrong_statement_is_one_line(asked: Engine) -> None:
    with pytest.raises(QueryProblem) as caught:
        query(asked, "SELECT what FROM\nnowhere")
    assert "nowhere" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("sql", ["SELECT 1", "SELECT what FROM nowhere", "DROP TABLE posting"])
def test_s11_what_binds_a_query_binds_nothing_after_it(engine: Engine, sql: str) -> None:
    """The connection goes back to the pool, and the next one that takes it may write."""
    fill(engine)
    engine.dispose()
    before = counted(engine)
    with contextlib.suppress(QueryProblem):
        query(engine, sql, seconds=5)
    with writing(engine) as conn:
        conn.execute(text("DELETE FROM lease"))
        if conn.dialect.name == "sqlite":
            assert conn.scalar(text("SELECT length(zeroblob(20000000))")) == 20_000_000
            assert conn.execute(text("PRAGMA user_version")).first() is not None
        else:
            assert conn.scalar(text("SHOW statement_timeout")) == "0"
            assert conn.scalar(text("SELECT current_user = session_user")) is True
    assert counted(engine) == {**before, "lease": 0}


def test_a_name_without_a_value_says_how_to_give_one(asked: Engine) -> None:
    with pytest.raises(QueryProblem) as problem:
        query(asked, "SELECT :day, :role", {"role": "none"})
    assert str(problem.value) == "no value is given for :day; say --value day=..., or \\:day where it is text"
    assert query(asked, "SELECT '\\:day', ':' || :role", {"role": "none"}).rows == [(":day", ":none")]
