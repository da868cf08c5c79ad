"""iCIMS: pages of cards of each company's jobs; the text stands as JobPosting in the page of each."""

from spiders.bases import ByNumber, HtmlBoard, JsonLd, PageObject


class Card(PageObject):
    root = "li.iCIMS_JobCardItem"

    @property
    def external_id(self) -> str | None:
        parts = (self.url or "").split("/")
        return parts[parts.index("jobs") + 1] if "jobs" in parts[:-1] else None

    @property
    def url(self) -> str | None:
        return self.attribute("a.iCIMS_Anchor", "href")

    @property
    def title(self) -> str | None:
        return self.text("a.iCIMS_Anchor h3")

    @property
    def requisition_id(self) -> str | None:
        return self.text(".iCIMS_JobHeaderData")

    @property
    def location(self) -> str | None:
        return self.text(".header.left span:not(.field-label)")

    @property
    def posted(self) -> str | None:
        return self.attribute(".header.right span[title]", "title")

    @property
    def description(self) -> str | None:
        return self.inside(".description")


class Icims(HtmlBoard):
    listing = "https://careers-{@board}.icims.com/jobs/search?ss=1&pr=0&in_iframe=1"
    board_form = r"//careers-(?P<board>[\w-]+)\.icims\.com"
    paging = ByNumber("pr", first=0, most=50)
    row = Card
    empty = ".iCIMS_JobsTable, .iCIMS_Message, .iCIMS_NoResults"
    detail = "{url}"
    page = JsonLd()
