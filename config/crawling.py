"""Scrapy's settings for every crawl of Rolecall: polite and hardened by default.

A plain Scrapy settings module: ``scrapy.cfg`` names it, ``scrapy list`` and ``scrapy crawl`` work with it. What a
source's card may change (delay, hosts, robots) is applied by its spider; nothing else in here is a spider's to undo,
and ``tests/http/test_settings_hardened.py`` asserts that on the effective settings of every registered spider.
Each figure and the fault that it answers stands in ``docs/trust.md``.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

BOT_NAME = "rolecall"
SPIDER_MODULES = ["spiders.boards", "spiders.platforms"]
NEWSPIDER_MODULE = "spiders.boards"
# USER_AGENT: see __getattr__

# Polite: one call at a time and a second between two, unless the card asks for more time or the site's answers show
# that it needs it.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME  # the product token of RFC 9309, not the whole header
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # a crawler that says its name has nothing to disguise
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
RETRY_TIMES = 2
ROLECALL_BACKOFF = 2.0  # seconds before the first retry; doubles
ROLECALL_PATIENCE = 60.0  # seconds that a site may ask for; a longer Retry-After ends its crawl for this run

# Bounded: bytes, seconds, hops, pages, errors, memory.
DOWNLOAD_MAXSIZE = 8 * 2**20  # after decompression as well
DOWNLOAD_WARNSIZE = 4 * 2**20
DOWNLOAD_TIMEOUT = 30  # of a whole answer, so a trickle is cut too
DOWNLOAD_FAIL_ON_DATALOSS = True
DNS_TIMEOUT = 10
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
# a page followed from a page is one deeper: 1,000 pages of one list, and no endless chain
DEPTH_LIMIT = 1000
CLOSESPIDER_TIMEOUT = 1800
CLOSESPIDER_PAGECOUNT = 5000
CLOSESPIDER_ERRORCOUNT = 20
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 1024
MEMUSAGE_CHECK_INTERVAL_SECONDS = 5

# Closed: HTTP and HTTPS to public addresses, verified, without cookies, referrers or a way in.
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
COOKIES_ENABLED = False
REFERER_ENABLED = False
REFERRER_POLICY = "no-referrer"
# a proxy would resolve names where the guard cannot see it
HTTPPROXY_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
TWISTED_DNS_RESOLVER = "spiders.guard.GuardedResolver"
# "127.0.0.1:8080" and the like: private addresses that this process may call; the demo names its own server here
ROLECALL_ALLOW_PRIVATE: tuple[str, ...] = ()

# The order of what stands between a spider and a site; each says in its module what it adds to Scrapy's own.
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "spiders.middlewares.onsite.Onsite": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.middlewares.robots.Robots": 100,
    "spiders.middlewares.conditional.Conditional": 450,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "spiders.middlewares.patience.Patience": 550,
    "spiders.guard.Guard": 560,
    "spiders.middlewares.answers.Answers": 570,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "spiders.middlewares.unpack.Unpack": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "spiders.middlewares.redirects.Redirects": 600,
    "spiders.middlewares.pace.Pace": 950,  # the last: what it lets pass is sent
}

EXTENSIONS = {
    "spiders.middlewares.loglines.LogLines": 0,
    # counts this process alone: what Scrapy counts, a crawl would inherit from a large parent
    "scrapy.extensions.memusage.MemoryUsage": None,
    "spiders.memory.OwnMemory": 0,
}
LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"


def user_agent() -> str:
    """``rolecall/0.1.0 (+contact)``: who calls, and where a board may write to (ROLECALL_CONTACT)."""
    from config.settings import settings

    try:
        mine = f"{BOT_NAME}/{version(BOT_NAME)}"
    except PackageNotFoundError:
        mine = BOT_NAME
    contact = settings().contact
    return f"{mine} (+{contact})" if contact else mine


def __getattr__(name: str) -> str:
    # the environment is read when a crawl asks for it, not when the module is imported
    if name == "USER_AGENT":
        return user_agent()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), "USER_AGENT"]
