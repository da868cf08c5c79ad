"""A small world with a row in every table, the same each time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from config.load import cards
from config.load_taxonomy import roles, skills
from storage import derive, store
from storage.engine import writing
from storage.models import Job, Rejection
from tests.storage.ads import DAY, HOUR, NOON, ad

HOSTILE = '=HYPERLINK("https://example.com") <script>alert(1)</script> \u202e ÄÖ ß İ 日本 \'q\' "d" \\ %s'
VERSION = "1.0+test"


def fill(engine: Engine) -> None:
    """Two runs of three boards: new, changed, closed, returned; jobs of one and two ads; what checks found."""
    ads = [
        ad(1, board="acme"),
        ad(2, board="acme", title=HOSTILE, company="Ünïcode & Söhne", company_key="unicode sohne", skills=["C#", "Go"]),
        ad(
            "3#backend-developer",
            source="lever",
            board="",
            company_key="acme lanterns",
            salary_min=None,
            salary_max=None,
        ),
        ad(4, source="lever", board="", role="none", server_side="none", seniority="senior", locations=[], skills=[]),
        ad("a", board="Zeta"),
        ad(
            "B",
            board="alpha",
            description_text="",
            salary_source="predicted",
            salary_year_usd_min=1.5,
            fx_date=date(2026, 11, 1),
        ),
    ]
    with writing(engine) as conn:
        first = store.start_run(conn, kind="crawl", now=NOON, sources=["example", "lever"], taxonomy_version=VERSION)
        store.save_sources(conn, list(cards().values())[:2])
        saved = store.save_postings(conn, ads, run_id=first, now=NOON)
        assert saved.new == len(ads)
        store.save_segment(
            conn, sha256="00ff", name="example-1.jsonl", run_id=first, now=NOON, source="example", lines=6
        )
        line = (
            '{"source":"example","external_id":"1","url":"u","title":"ä","fetched_at":"2026-11-01T12:00:00Z"}'.encode()
        )
        store.save_captures(conn, [("example", "acme", "1", line)], run_id=first, now=NOON)
        rejected = Rejection(source="example", board="acme", external_id="9", reason="no_title", raw='{"a": "\x00"}')
        store.save_rejections(conn, [rejected], run_id=first, now=NOON)
        store.finish_board_run(
            conn, first, "example", "acme", state="complete", complete=True, now=NOON + HOUR, found=2, new=2,
            started_at=NOON, http={"2xx": 3}, filled={"title": 1.0, "salary": 0.5}, validators={"etag": "x"},
        )  # fmt: skip
        store.finish_board_run(conn, first, "lever", state="partial", because="page 2 failed", now=NOON, found=2, new=2)
        store.finish_run(
            conn, first, state="partial", now=NOON + HOUR, counts={"new": 6}, because="lever: page 2 failed"
        )
    with writing(engine) as conn:
        later = NOON + DAY
        second = store.start_run(conn, kind="crawl", now=later, sources=["example"], taxonomy_version=VERSION)
        again = [ad(1, at=later, title="Senior Backend Developer", seniority="senior", content_hash="b")]
        store.save_postings(conn, again, run_id=second, now=later)
        keys = [one.posting_key for one in ads]
        gone = {"posting_key": keys[1], "state": "closed", "because": f"absent from {second}", "misses": 1}
        store.apply_transitions(conn, [gone], run_id=second, now=later)
        look = {"posting_key": keys[1], "at": later, "run_id": second, "source": "example", "board": "acme"}
        store.save_looks(conn, [{**look, "status": 404, "url": HOSTILE, "says": "gone", "because": "http 404"}])
        store.touch_seen(conn, "lever", "", ["3"], run_id=second, now=later)
        store.save_board_life(conn, "example", "acme", {"streak": 1})
        store.finish_board_run(conn, second, "example", "acme", state="complete", complete=True, now=later, found=1)
        jobs = [
            Job(
                job_id=keys[0], title="Senior Backend Developer", company="Acme Lanterns", company_key="acme lanterns",
                role="backend-developer", server_side="core", seniority="senior", remote_mode="remote",
                skills=["Go", "C#"],
                salary_min=52000.5, salary_max=70000.0, salary_currency="EUR", salary_period="year",
                salary_source="stated", salary_year_usd_min=60000.25, first_seen=NOON, last_seen=later,
                sources=["example", "lever"],
                posting_count=2, best={"title": keys[0], "salary": keys[0]}, taxonomy_version=VERSION,
            ),
            Job(job_id=keys[1], title=HOSTILE, state="closed", closed_at=later, closed_because="gone", first_seen=NOON),
            Job(job_id=keys[3], title="x", server_side="part", first_seen=later, skills=["Go"], sources=["lever"]),
        ]  # fmt: skip
        store.save_jobs(conn, jobs, run_id=second)
        links = {keys[0]: keys[0], keys[2]: keys[0], keys[1]: keys[1], keys[3]: keys[3]}
        store.assign_jobs(conn, [{"posting_key": k, "job_id": j, "family_id": None} for k, j in links.items()])
        why = {"rule": "same requisition", "score": 0.75, "kind": "full", "because": HOSTILE}
        rows = [{"posting_key": key, "job_id": job, **why} for key, job in links.items()]
        store.save_links(conn, rows, run_id=second, now=later)
        store.save_match_keys(conn, {keys[0]: (1, -(2**63)), keys[2]: (1, 2**63 - 1)})
        event = {"event": "merge", "job_id": keys[2], "other_job_id": keys[0], "postings": [keys[2]]}
        store.save_events(conn, [event], run_id=second, now=later)
        where = {"source": "example", "board": "acme"}
        finding = {"code": "drop", "level": "error", "text": HOSTILE, "facts": {"n": 1.5}} | where
        store.save_findings(conn, [finding], run_id=second, now=later)
        store.save_claim_checks(conn, [{"day": date(2026, 11, 2), "claim": "top-skill", "claimed": 0.5, "n": 3}])
        store.save_taxonomy(conn, list(roles().values())[:3], list(skills().values())[:3], version=VERSION)
        store.take_lease(conn, "host:example.com", second, now=later, ttl=HOUR)
        store.pause_source(conn, "lever", now=later, because="terms changed")
        derive.save_companies(conn, ["acme lanterns", "unicode sohne", "nobody"])
        derive.append_days(conn, day=later.date(), taxonomy_version=VERSION)
