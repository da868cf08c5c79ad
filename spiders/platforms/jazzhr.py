"""JazzHR: a table of each company's jobs; the text stands as JobPosting in the page of each."""

from spiders.bases import HtmlBoard, JsonLd, PageObject


class Row(PageObject):
    root = "tr:has(a.job_title_link)"

    @property
    def external_id(self) -> str | None:
        return (self.url or "").partition("?")[0].rstrip("/").rpartition("/")[2] or None

    @property
    def url(self) -> str | None:
        return self.attribute("a.job_title_link", "href")

    @property
    def title(self) -> str | None:
        return self.text("a.job_title_link")

    @property
    def location(self) -> str | None:
        return self.text("td:last-of-type")


class JazzHr(HtmlBoard):
    listing = "https://{@board}.applytojob.com/apply/jobs/"
    board_form = r"//(?!www\.)(?P<board>[\w-]+)\.applytojob\.com"
    row = Row
    empty = "table, #jobs_table, .resumator-jobs"
    detail = "{url}"
    page = JsonLd()
