"""The settings that hold in the end, for every spider there is: what one declares may not undo the hardening."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings, Settings
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.conf import build_component_list

from config.load import cards
from spiders.bases.board import BoardSpider
from spiders.pages import page_spider

MIB = 2**20
PAGES = ".pages"
"""Ends the name of the spider that looks at the own pages of a source's ads."""
BOUNDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "DOWNLOAD_MAXSIZE": (lambda v: 0 < v <= 8 * MIB, "an answer is at most 8 MiB"),
    "DOWNLOAD_TIMEOUT": (lambda v: 0 < v <= 30, "an answer takes at most 30 s"),
    "DOWNLOAD_FAIL_ON_DATALOSS": (lambda v: v is True, "what is cut short is no answer"),
    "DOWNLOAD_VERIFY_CERTIFICATES": (lambda v: v is True, "TLS is verified"),
    "REDIRECT_MAX_TIMES": (lambda v: 0 < v <= 5, "five redirects"),
    "METAREFRESH_ENABLED": (lambda v: v is False, "a page does not send the crawler elsewhere"),
    "TELNETCONSOLE_ENABLED": (lambda v: v is False, "no way in"),
    "REMOTE_CONTROL_ENABLED": (lambda v: v is False, "no way in"),
    "COOKIES_ENABLED": (lambda v: v is False, "no session is kept"),
    "REFERER_ENABLED": (lambda v: v is False, "the header that ran code (GHSA-cwxj-rr6w-m6w7) is not read"),
    "REFERRER_POLICY": (lambda v: v == "no-referrer", "nor sent, should someone enable it"),
    "HTTPPROXY_ENABLED": (lambda v: v is False, "a proxy resolves names where the guard does not see it"),
    "TWISTED_REACTOR_ENABLED": (lambda v: v is True, "the guard is a resolver of the reactor"),
    "TWISTED_DNS_RESOLVER": (lambda v: v == "spiders.guard.GuardedResolver", "the guard at the door"),
    "ROLECALL_ALLOW_PRIVATE": (lambda v: not v, "nothing private is allowed by default"),
    "ROBOTSTXT_USER_AGENT": (lambda v: v == "rolecall", "the product token of RFC 9309"),
    "CONCURRENT_REQUESTS_PER_DOMAIN": (lambda v: v == 1, "one call at a time"),
    "AUTOTHROTTLE_ENABLED": (lambda v: v is True, "a slow site is called more slowly"),
    "RETRY_TIMES": (lambda v: v <= 2, "three tries"),
    "ROLECALL_PATIENCE": (lambda v: 0 < v <= 120, "a pause that a run waits for"),
    "DEPTH_LIMIT": (lambda v: 0 < v <= 1000, "no endless chain of pages"),
    "CLOSESPIDER_TIMEOUT": (lambda v: 0 < v <= 7200, "no endless crawl"),
    "CLOSESPIDER_PAGECOUNT": (lambda v: 0 < v <= 5000, "no endless crawl"),
    "CLOSESPIDER_ERRORCOUNT": (lambda v: 0 < v <= 20, "a spider that fails all over stops"),
    "MEMUSAGE_ENABLED": (lambda v: v is True, "memory is watched"),
    "MEMUSAGE_LIMIT_MB": (lambda v: 0 < v <= 1024, "memory is bounded"),
    "HTTPERROR_ALLOW_ALL": (lambda v: v is False, "an error page is no answer"),
    "LOG_LEVEL": (lambda v: v in {"INFO", "WARNING"}, "DEBUG writes every record into the log"),
    "JOBDIR": (lambda v: v is None, "no queue of a killed crawl is believed"),
}
EXCEPTIONS: dict[tuple[str, str], str] = {}
"""Spider and setting: why this one may differ. Read with docs/trust.md."""
LARGER = {
    "nofluffjobs": (96 * MIB, "its list is one document of about 60 MB"),
    "platsbanken": (64 * MIB, "its stream is one document of all that changed since a day"),
}
"""Spiders whose answers may be larger than 8 MiB, up to how much, and why."""
OURS = {
    "spiders.middlewares.onsite.Onsite": "OffsiteMiddleware",
    "spiders.middlewares.robots.Robots": "RobotsTxtMiddleware",
    "spiders.middlewares.patience.Patience": "RetryMiddleware",
    "spiders.middlewares.redirects.Redirects": "RedirectMiddleware",
    "spiders.middlewares.unpack.Unpack": "HttpCompressionMiddleware",
    "spiders.middlewares.conditional.Conditional": "",
    "spiders.middlewares.answers.Answers": "",
    "spiders.middlewares.pace.Pace": "",
    "spiders.guard.Guard": "",
}


def _project() -> Settings:
    settings = Settings()
    settings.setmodule("config.crawling", priority="project")
    return settings


def _spiders() -> list[str]:
    return sorted(SpiderLoader.from_settings(_project()).list())


def _effective(spider: str) -> BaseSettings:
    project = _project()
    source, looks, _ = spider.partition(PAGES)
    return Crawler(page_spider(source) if looks else SpiderLoader.from_settings(project).load(spider), project).settings


@pytest.fixture(params=["(none)", *_spiders(), *(f"{source}{PAGES}" for source in sorted(cards()))])
def effective(request: pytest.FixtureRequest) -> tuple[str, BaseSettings]:
    """A spider's name and the settings its crawl runs with; without a spider, the project's."""
    return request.param, _project() if request.param == "(none)" else _effective(request.param)


def test_settings_hardened(effective: tuple[str, BaseSettings]) -> None:
    spider, settings = effective
    undone = [
        f"{name}={settings.get(name)!r}: {why}"
        for name, (holds, why) in BOUNDS.items()
        if (spider, name) not in EXCEPTIONS and not holds(settings.get(name))
    ]
    assert not undone


def test_only_http_and_https_have_a_handler(effective: tuple[str, BaseSettings]) -> None:
    handlers = effective[1].getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_our_middlewares_stand_in_for_scrapys(effective: tuple[str, BaseSettings]) -> None:
    settings = effective[1]
    standing = build_component_list(settings.get_component_priority_dict_with_base("DOWNLOADER_MIDDLEWARES"))
    assert set(OURS) <= set(standing)
    assert not [one for one in standing for theirs in OURS.values() if theirs and one.endswith(f".{theirs}")]
    assert standing[-1] == "spiders.middlewares.pace.Pace", "what it lets pass is sent"


def test_no_spider_reads_more_than_it_must() -> None:
    loader = SpiderLoader.from_settings(_project())
    spiders = {name: cast("type[BoardSpider]", loader.load(name)) for name in _spiders()}
    larger = {name: size for name, spider in spiders.items() if (size := spider.biggest or 0) > 8 * MIB}
    assert {name: size for name, size in larger.items() if size > LARGER.get(name, (0, ""))[0]} == {}
    assert set(larger) == set(LARGER), "an exception that nobody needs"


def test_robots_txt_and_the_delay_are_what_the_card_says(effective: tuple[str, BaseSettings]) -> None:
    spider, settings = effective
    card = cards().get(spider.removesuffix(PAGES))
    if card is None or card.robots:
        assert settings.getbool("ROBOTSTXT_OBEY") is True
    else:
        assert card.terms_say, "a card that sets robots.txt aside says by what right"
    assert settings.getfloat("DOWNLOAD_DELAY") >= (card.delay if card else 1.0)


def test_every_exception_is_of_a_spider_and_a_setting() -> None:
    assert not [one for one in EXCEPTIONS if one[0] not in _spiders() or one[1] not in BOUNDS]


def test_the_user_agent_names_us_and_whom_to_write_to(monkeypatch: pytest.MonkeyPatch) -> None:
    from config.settings import settings

    monkeypatch.setenv("ROLECALL_CONTACT", "https://jobs.example.com/about")
    settings.cache_clear()
    said = _project()["USER_AGENT"]
    settings.cache_clear()
    assert said.startswith("rolecall")
    assert said.endswith(" (+https://jobs.example.com/about)")
