"""The shapes a source can have; a spider imports what it declares from here."""

from spiders.bases.feed import Feed
from spiders.bases.fields import (
    All,
    Always,
    Cents,
    Coded,
    Flag,
    Joined,
    Keys,
    Named,
    Part,
    Pay,
    Place,
    Places,
    Plain,
    Sections,
    Tail,
    Template,
    Unless,
    Where,
)
from spiders.bases.html import Attribute, HtmlBoard, Inside, Own, PageObject, Segment, Slug, Text, Texts
from spiders.bases.json_api import JsonApi
from spiders.bases.paging import ByCursor, ByLink, ByNumber, ByOffset, ByPath, InFinder
from spiders.bases.schema_org import JsonLd, SchemaOrg
from spiders.bases.thread import Thread

__all__ = [
    "All",
    "Always",
    "Attribute",
    "ByCursor",
    "ByLink",
    "ByNumber",
    "ByOffset",
    "ByPath",
    "Cents",
    "Coded",
    "Feed",
    "Flag",
    "HtmlBoard",
    "InFinder",
    "Inside",
    "Joined",
    "JsonApi",
    "JsonLd",
    "Keys",
    "Named",
    "Own",
    "PageObject",
    "Part",
    "Pay",
    "Place",
    "Places",
    "Plain",
    "SchemaOrg",
    "Sections",
    "Segment",
    "Slug",
    "Tail",
    "Template",
    "Text",
    "Texts",
    "Thread",
    "Unless",
    "Where",
]
