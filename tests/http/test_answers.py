"""What an answer means, by tables: pauses, challenges, reservations."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import HtmlResponse, TextResponse

from spiders.middlewares.answers import _PAGES, challenge, reserved
from spiders.middlewares.patience import retry_after

NOON = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("3", 3.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("Sun, 01 Nov 2026 12:00:30 GMT", 30.0),
        ("Sunday, 01-Nov-26 12:00:30 GMT", 30.0),
        ("Sun Nov  1 12:00:30 2026", 30.0),
        ("Sun, 01 Nov 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Nov 2026 14:00:30 +0200", 30.0),
        ("-3", None),
        ("3.5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("9" * 400, None),
        ("Sun, 99 Nov 2026 12:00:30 GMT", None),
    ],
)
def test_h06_retry_after(said: str, seconds: float | None) -> None:
    assert retry_after(said, NOON) == seconds


@given(st.text(max_size=200))
def test_h06_retry_after_is_never_negative_and_never_an_exception(said: str) -> None:
    asked = retry_after(said, NOON)
    assert asked is None or asked >= 0


def _page(body: str, kind: str = "text/html", **headers: str) -> TextResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    cls = HtmlResponse if "html" in kind else TextResponse
    return cls("https://jobs.example.com/", headers={"Content-Type": kind, **named}, body=body.encode())


@pytest.mark.parametrize(
    ("body", "whose"),
    [
        ("<html><title>Just a moment...</title><script>window._cf_chl_opt = {}</script>", "cloudflare"),
        ("<html><title>Attention Required! | Cloudflare</title>", "cloudflare"),
        ("<html><script src='https://geo.captcha-delivery.com/captcha/?x'></script>", "datadome"),
        ('<html><div id="px-captcha"></div>', "perimeterx"),
        ("<html><iframe src='/_Incapsula_Resource?SWUDNSAI=31'>Request unsuccessful.</iframe>", "imperva"),
        ("<html><a href='https://errors.edgesuite.net/18.x'>Reference</a>", "akamai"),
        ("<html><title> Access Denied </title>", "challenge page"),
        ("<html><title>Pardon Our Interruption</title>", "challenge page"),
        ("<html><title>Access Denied no more: security engineer</title>", ""),
        ("<html><title>Jobs</title><p>We fight bots: captcha, Cloudflare, DataDome, Akamai.</p>", ""),
        ("<html><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><h1>Jobs</h1>", ""),
    ],
)
def test_h03_whose_page_it_is(body: str, whose: str) -> None:
    assert challenge(_page(body)) == whose


@pytest.mark.parametrize(
    ("name", "value", "whose"),
    [
        ("cf_mitigated", "challenge", "cloudflare"),
        ("cf_mitigated", "none", ""),
        ("x_amzn_waf_action", "captcha", "aws waf"),
        ("x_dd_b", "1", "datadome"),
        ("x_anything", "challenge", ""),
    ],
)
@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_h03_whose_header_it_is(name: str, value: str, whose: str, kind: str) -> None:
    assert challenge(_page("{}", kind, **{name: value})) == whose


WORDS = (
    *("_cf_chl_opt", "CF-Browser-Verification", "<title>", "</title>", " ", "\n", "Attention Required! | Cloudflare"),
    *("geo", "interstitial", ".captcha-delivery.com", "id='px-captcha'", 'ID="PX-Captcha"', "window._pxAppId"),
    *("_Incapsula_Resource", "x" * 150, "incident", "SWUDNSAI", "Incapsula incident ID", "errors.edgesuite.net"),
    *("sec-if-cpt-container", "AwsWafIntegration.", "gokuProps", "Sucuri WebSite Firewall", "sucuri_cloudproxy_js"),
    *("window.KPSDK", "ips.js?KP_UIDz", "Just a moment...", "Access Denied", "Are you human?", "security check"),
    *("Verifying you are human", "Jobs", "Zoë", "window", "ips.js"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_h03_all_marks_at_once_find_what_each_finds_alone(said: list[str]) -> None:
    page = "".join(said).encode()
    found = (name for name, marks in _PAGES.items() if re.search(marks, page, re.IGNORECASE))
    assert challenge(_page("".join(said))) == next(found, "")


def test_h03_a_posting_in_json_that_quotes_a_challenge_is_no_challenge() -> None:
    body = '{"title": "Engineer", "description": "<html><title>Just a moment...</title> px-captcha"}'
    assert challenge(_page(body, "application/json")) == ""


def test_h03_the_mark_is_looked_for_near_the_start_only() -> None:
    assert challenge(_page("<html>" + " " * 70_000 + "<script>window._cf_chl_opt = {}</script>")) == ""


@pytest.mark.parametrize(
    ("body", "headers", "kept"),
    [
        ("<html>", {"tdm_reservation": "1"}, True),
        ("<html>", {"tdm_reservation": " 1 "}, True),
        ("<html>", {"tdm_reservation": "0"}, False),
        ("<html><meta name='tdm-reservation' content='1'>", {}, True),
        ('<html><META CONTENT="1" NAME="TDM-Reservation"/>', {}, True),
        ("<html><meta name=tdm-reservation content=1>", {}, True),
        ("<html><meta name='tdm-reservation' content='0'>", {}, False),
        ("<html><meta name='tdm-reservation' content='10'>", {}, False),
        ("<html><meta name='tdm-policy' content='1'>", {}, False),
    ],
)
def test_h17_reservations(body: str, headers: dict[str, str], kept: bool) -> None:
    assert reserved(_page(body, **headers)) is kept
