"""The shapes a source can have; a spider imports what it declares from here."""

from spiders.bases.feed import Feed
from spiders.bases.fields import All, Always, Joined, Places, Plain, Sections, Template, Where
from spiders.bases.html import HtmlBoard, PageObject
from spiders.bases.json_api import JsonApi
from spiders.bases.paging import ByCursor, ByLink, ByNumber, ByOffset, ByPath, InFinder
from spiders.bases.schema_org import JsonLd, SchemaOrg
from spiders.bases.thread import Thread

__all__ = [
    "All",
    "Always",
    "ByCursor",
    "ByLink",
    "ByNumber",
    "ByOffset",
    "ByPath",
    "Feed",
    "HtmlBoard",
    "InFinder",
    "Joined",
    "JsonApi",
    "JsonLd",
    "PageObject",
    "Places",
    "Plain",
    "SchemaOrg",
    "Sections",
    "Template",
    "Thread",
    "Where",
]
