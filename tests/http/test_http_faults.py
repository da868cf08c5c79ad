"""H-01 to H-20: what servers do, and what a crawl with Rolecall's settings makes of it.

A real Scrapy crawl in a child process against loopback; the outcome of the board follows in tests/spiders.
"""

from __future__ import annotations

import pytest

from tests.http.server import names_of
from tests.http.world import NO_RULES, PRIVATE, SCHEMES, World


def test_h01_refused_connections_and_unknown_names_fail_after_two_retries(world: World) -> None:
    for case, because in (("h01 refused", "connection refused"), ("h01 no name", "no such host")):
        seen = world.seen[case]
        assert seen.pages == []
        assert seen.errors[0]["state"] == "failed"
        assert seen.reasons() == [f"robots.txt: {because}"]
        assert seen.stats["retry/count"] == 2


def test_h02_a_page_that_stays_broken_is_one_error_and_the_others_are_read(world: World) -> None:
    seen = world.seen["h02"]
    assert [page["url"][-2:] for page in seen.pages] == ["/1", "/3"]
    assert seen.reasons() == ["http 503"]
    assert len(world.server.of("h02.test", "/2")) == 3


@pytest.mark.parametrize(
    ("case", "because"),
    [("h03a", "cloudflare"), ("h03b", "cloudflare"), ("h03c", "http 403"), ("h03d", "cloudflare")],
)
def test_h03_a_challenge_is_a_block_whatever_its_status(world: World, case: str, because: str) -> None:
    seen = world.seen[case]
    assert seen.pages == []
    assert seen.errors[0]["state"] == "blocked"
    assert seen.reasons() == [because]
    assert seen.stats["site/blocked"] == 1
    assert len(world.server.of(f"{case}.test")) == 1, "a block is not asked again"


def test_h03_an_ordinary_page_that_speaks_of_captchas_is_read(world: World) -> None:
    assert [page["status"] for page in world.seen["h03e"].pages] == [200]


def test_h03_a_host_that_blocks_five_times_is_left_alone(world: World) -> None:
    assert world.seen["h03f"].kinds() == ["Blocked"] * 12
    assert len(world.server.of("h03f.test")) == 5


def test_h03_blocks_with_answers_between_them_close_no_host(world: World) -> None:
    assert world.seen["h03i"].kinds() == ["Blocked"] * 8
    assert len(world.seen["h03i"].pages) == 8


def test_h04_h05_gone_is_told_apart(world: World) -> None:
    seen = world.seen["h04"]
    assert seen.kinds() == ["Gone", "Gone"]
    assert sorted(seen.reasons()) == ["http 404", "http 410"]


@pytest.mark.parametrize(("case", "pause"), [("h06a", 1.0), ("h06b", 1.9)])
def test_h06_retry_after_is_waited_for_in_both_forms(world: World, case: str, pause: float) -> None:
    first, second = world.server.of(f"{case}.test")
    assert second.at - first.at >= pause
    assert [page["status"] for page in world.seen[case].pages] == [200]


def test_h06_a_pause_beyond_patience_ends_the_host_for_this_run(world: World) -> None:
    seen = world.seen["h06c"]
    assert seen.reasons() == ["asked for a pause of 86400 s"] * 2
    assert {error["state"] for error in seen.errors} == {"rate_limited"}
    assert [hit.path for hit in world.server.of("h06c.test")] == ["/"], "the second page is not asked for"


def test_h06_429_without_an_end_is_rate_limited(world: World) -> None:
    assert world.seen["h06d"].kinds() == ["RateLimited"]
    assert len(world.server.of("h06d.test")) == 3


def test_h06_a_retry_after_that_says_nothing_is_an_ordinary_retry(world: World) -> None:
    assert [page["status"] for page in world.seen["h06e"].pages] == [200]


def test_h07_a_body_cut_short_is_retried_and_never_parsed(world: World) -> None:
    seen = world.seen["h07"]
    assert seen.pages == []
    assert seen.reasons() == ["cut short"]
    assert len(world.server.of("h07.test")) == 3


def test_h08_bombs_are_dropped_at_the_limit(world: World) -> None:
    seen = world.seen["h08"]
    assert seen.pages == []
    assert sorted(seen.reasons()) == ["compressed as it does not say", *["larger than we read"] * 3]
    assert seen.rss < 300 * 1024, "KiB of memory at the peak"


def test_h09_a_body_without_an_end_is_cut_at_the_limit(world: World) -> None:
    assert world.seen["h09"].reasons() == ["larger than we read"]


def test_h10_a_trickle_is_cut_at_the_timeout(world: World) -> None:
    assert world.seen["h10"].reasons() == ["timed out"]


@pytest.mark.parametrize("case", ["h11a", "h11b"])
def test_h11_redirects_end_at_five_in_one_error(world: World, case: str) -> None:
    assert world.seen[case].reasons() == ["more than 5 redirects"]
    assert len(world.server.of(f"{case}.test")) == 6


@pytest.mark.parametrize("case", ["h12 redirects", "h12 first requests"])
def test_h12_private_addresses_are_refused_before_a_connection(world: World, case: str) -> None:
    seen = world.seen[case]
    assert seen.pages == []
    assert seen.reasons() == ["private address"] * len(PRIVATE)
    assert seen.stats["guard/refused"] == len(PRIVATE)
    assert world.canary.connections == 0


def test_h12_robots_txt_is_no_way_round_the_guard(world: World) -> None:
    assert world.seen["h12 robots"].reasons() == ["private address"]


def test_h12_meta_refresh_is_not_followed(world: World) -> None:
    assert [page["status"] for page in world.seen["h12 meta refresh"].pages] == [200]
    assert len(world.server.of("h12m.test")) == 1


def test_h13_secrets_stay_at_their_own_origin(world: World) -> None:
    (there,) = world.server.of("h13b.test")
    assert names_of([there]) <= {"host", "accept", "accept-language", "accept-encoding", "user-agent", "connection"}
    (own,) = world.server.of("h13a.test", "/end")
    assert {"authorization", "x-api-key", "x-anything"} <= names_of([own]), "within one origin they are kept"


def test_h13_a_body_does_not_go_to_another_host(world: World) -> None:
    assert world.seen["h13 body"].reasons() == ["redirect of a body to another host"]


def test_h14_other_schemes_are_not_followed_nor_asked_for(world: World) -> None:
    seen = world.seen["h14 redirects"]
    assert seen.pages == []
    assert sorted(seen.reasons()) == sorted(f"redirect: scheme {to.partition(':')[0]}:" for to in SCHEMES)
    first = world.seen["h14 first requests"]
    assert first.pages == []
    assert set(first.kinds()) == {"Refused"}


@pytest.mark.parametrize("case", ["h14 other host", "h14 first offsite"])
def test_h14_a_host_that_the_card_does_not_name_is_an_error_not_a_silence(world: World, case: str) -> None:
    (error,) = world.seen[case].errors
    assert error["kind"] == "Offsite"
    assert "elsewhere.test is not on the card" in error["because"]
    assert world.server.of("elsewhere.test") == []


@pytest.mark.parametrize(
    ("case", "hits", "kind"),
    [
        ("h15a", 0, "RobotsForbids"),
        ("h15b", 1, ""),
        ("h15c", 1, ""),
        ("h15d", 0, "RobotsUnreachable"),
        ("h15e", 0, "RobotsUnreachable"),
        ("h15f", 0, "RateLimited"),
        ("h15g", 0, "RobotsForbids"),
    ],
    ids=["disallow", "404", "403", "500", "timeout", "429", "disallowed by name"],
)
def test_h15_robots_txt_allows_where_it_is_missing_and_forbids_where_it_fails(
    world: World, case: str, hits: int, kind: str
) -> None:
    assert len(world.server.of(f"{case}.test", "/jobs")) == hits
    assert world.seen[case].kinds() == ([kind] if kind else [])


@pytest.mark.parametrize("case", [f"h15{x}" for x in NO_RULES])
def test_h15_an_answer_that_is_neither_rules_nor_their_absence_forbids(world: World, case: str) -> None:
    assert world.server.of(f"{case}.test", "/jobs") == []
    assert world.seen[case].kinds() == ["RobotsUnreachable"]


def test_h15_a_delay_of_a_day_is_kept_as_far_as_patience_goes(world: World) -> None:
    assert [page["status"] for page in world.seen["h15z"].pages] == [200, 200]


@pytest.mark.parametrize(
    ("case", "path", "hits"),
    [
        ("h16a", "/jobs", 1),
        ("h16b", "/jobs", 0),
        ("h16c", "/jobs", 0),
        ("h16c", "/open", 1),
        ("h16e", "/jobs", 0),
        ("h16f", "/" + "a" * 2000, 0),
    ],
    ids=[
        "rules after 500 KiB",
        "NUL bytes",
        "off-host, forbids",
        "off-host, allows",
        "redirect loop",
        "2000 wildcards",
    ],
)
def test_h16_odd_robots_txt(world: World, case: str, path: str, hits: int) -> None:
    assert len(world.server.of(f"{case}.test", path)) == hits


@pytest.mark.parametrize("case", ["h17a", "h17b"])
def test_h17_a_reservation_of_text_and_data_mining_is_kept(world: World, case: str) -> None:
    seen = world.seen[case]
    assert seen.pages == []
    assert {(error["kind"], error["state"], error["because"]) for error in seen.errors} == {
        ("TdmReserved", "skipped", "tdm-reservation")
    }
    assert len(world.server.of(f"{case}.test")) == 1, "nothing more is asked of that host"


def test_h17_no_reservation_is_none(world: World) -> None:
    assert [page["status"] for page in world.seen["h17c"].pages] == [200]


def test_h18_a_name_that_changes_to_a_private_address_is_refused_at_the_connection(world: World) -> None:
    seen = world.seen["h18"]
    assert len(seen.pages) == 1
    assert seen.reasons() == ["private address"]
    assert world.canary.connections == 0


def test_h19_certificates_are_verified(world: World) -> None:
    seen = world.seen["h19"]
    assert [page["status"] for page in seen.pages] == [200], "the good certificate"
    assert sorted(seen.reasons()) == [
        "robots.txt: certificate not valid",
        "robots.txt: certificate of another host",
    ]
    assert world.seen["h19 nobody's"].reasons() == ["robots.txt: certificate not valid"]


def test_h20_hostile_headers_run_nothing_and_end_one_request(world: World) -> None:
    assert len(world.seen["h20a"].pages) == 2, "Referrer-Policy: builtins.exit"
    assert world.seen["h20b"].reasons() == ["connection failed"], "a header of 200 kB"
    assert [hit.path for hit in world.server.of("h20c.test")] == ["/", "/in%0d%0aX-In:%201"]
    assert "x-in" not in names_of(world.server.of("h20c.test"))
    assert world.seen["h20d"].reasons() == ["redirect to an address that cannot be read"]
    assert world.seen["h20e"].reasons() == ["not HTTP"]
    assert world.seen["h20f"].kinds() == ["Unreachable"], "Content-Length: -5"
    assert world.seen["h20g"].reasons() == ["more than 5 redirects"], "an empty Location"


def test_conditional_requests_carry_the_validators_and_304_reaches_the_callback(world: World) -> None:
    (hit,) = world.server.of("etag.test", "/")
    assert hit.headers["if-none-match"] == '"1"'
    assert hit.headers["if-modified-since"] == "Mon"
    assert [page["status"] for page in world.seen["etag"].pages] == [304]
    assert world.seen["etag not known"].reasons() == ["http 304"], "an answer to a question that was not asked"


def test_every_crawl_names_itself(world: World) -> None:
    assert {hit.headers["user-agent"].partition("/")[0] for hit in world.server.hits} == {"rolecall"}


def test_no_spider_died(world: World) -> None:
    assert {case: seen.stats["finish_reason"] for case, seen in world.seen.items()} == dict.fromkeys(
        world.seen, "finished"
    )
    assert "Traceback" not in world.log
