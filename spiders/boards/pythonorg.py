"""python.org's job board: a list of jobs and a page for each, read with BeautifulSoup."""

from spiders.bases import Attribute, ByLink, HtmlBoard, Inside, Own, PageObject, Slug, Text, Texts


class Listing(PageObject):
    location = Text(".listing-location")
    posted = Attribute(".listing-posted time", "datetime")
    tags = Texts(".listing-job-type a")
    department = Text(".listing-company-category")


class Row(Listing):
    root = "ol.list-recent-jobs > li:has(h2)"
    external_id = Slug(".listing-company-name a")
    url = Attribute(".listing-company-name a", "href")
    title = Text(".listing-company-name a")
    company = Own(".listing-company-name")


class Detail(Listing):
    root = "article.text:has(.job-description)"
    external_id = Slug()
    title = Own(".company-name", line=0)
    company = Own(".company-name", line=1)
    company_url = Attribute(".company-link a", "href")
    description = Inside(".job-description")

    @property
    def remote(self) -> str | None:
        return next((said for said in self.texts(".job-description li") if "telecommuting" in said.lower()), None)


class PythonOrg(HtmlBoard):
    listing = "https://www.python.org/jobs/"
    paging = ByLink(css=".pagination .next a:not(.disabled)", most=10)
    row = Row
    empty = "ol.list-recent-jobs"
    detail = "{url}"
    page = Detail
