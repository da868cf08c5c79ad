"""JazzHR: a table of each company's jobs; the text stands as JobPosting in the page of each."""

from spiders.bases import Attribute, HtmlBoard, JsonLd, PageObject, Slug, Text


class Row(PageObject):
    root = "tr:has(a.job_title_link)"
    external_id = Slug("a.job_title_link")
    url = Attribute("a.job_title_link", "href")
    title = Text("a.job_title_link")
    location = Text("td:last-of-type")


class JazzHr(HtmlBoard):
    listing = "https://{@board}.applytojob.com/apply/jobs/"
    row = Row
    empty = "table, #jobs_table, .resumator-jobs"
    detail = "{url}"
    page = JsonLd()
