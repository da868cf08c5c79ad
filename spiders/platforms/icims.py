"""iCIMS: pages of cards of each company's jobs; the text stands as JobPosting in the page of each."""

from spiders.bases import Attribute, ByNumber, HtmlBoard, Inside, JsonLd, PageObject, Segment, Text


class Card(PageObject):
    root = "li.iCIMS_JobCardItem"
    external_id = Segment("a.iCIMS_Anchor", after="jobs")
    url = Attribute("a.iCIMS_Anchor", "href")
    title = Text("a.iCIMS_Anchor h3")
    requisition_id = Text(".iCIMS_JobHeaderData")
    location = Text(".header.left span:not(.field-label)")
    posted = Attribute(".header.right span[title]", "title")
    description = Inside(".description")


class Icims(HtmlBoard):
    listing = "https://careers-{@board}.icims.com/jobs/search?ss=1&pr=0&in_iframe=1"
    paging = ByNumber("pr", first=0, most=50)
    row = Card
    empty = ".iCIMS_JobsTable, .iCIMS_Message, .iCIMS_NoResults"
    detail = "{url}"
    page = JsonLd()
