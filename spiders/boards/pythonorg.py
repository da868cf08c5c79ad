"""python.org's job board: a list of jobs and a page for each, read with BeautifulSoup."""

from spiders.bases import ByLink, HtmlBoard, PageObject


class Row(PageObject):
    root = "ol.list-recent-jobs > li:has(h2)"

    @property
    def external_id(self) -> str | None:
        return (self.url or "").rstrip("/").rpartition("/")[2] or None

    @property
    def url(self) -> str | None:
        return self.attribute(".listing-company-name a", "href")

    @property
    def title(self) -> str | None:
        return self.text(".listing-company-name a")

    @property
    def company(self) -> str | None:
        said = self.tag.select_one(".listing-company-name")
        return " ".join(t.strip() for t in said.find_all(string=True, recursive=False) if t.strip()) if said else None

    @property
    def location(self) -> str | None:
        return self.text(".listing-location")

    @property
    def posted(self) -> str | None:
        return self.attribute(".listing-posted time", "datetime")

    @property
    def employment_type(self) -> str | None:
        return None

    @property
    def tags(self) -> list[str]:
        return self.texts(".listing-job-type a")

    @property
    def department(self) -> str | None:
        return self.text(".listing-company-category")


class Detail(PageObject):
    root = "article.text:has(.job-description)"

    @property
    def external_id(self) -> str | None:
        return self.at.rstrip("/").rpartition("/")[2] or None

    @property
    def title(self) -> str | None:
        said = self.tag.select_one(".company-name")
        return next((t.strip() for t in said.find_all(string=True) if t.strip()), None) if said else None

    @property
    def company(self) -> str | None:
        said = self.tag.select_one(".company-name")
        texts = [t.strip() for t in said.find_all(string=True, recursive=False) if t.strip()] if said else []
        return texts[-1] if len(texts) > 1 else None

    @property
    def company_url(self) -> str | None:
        return self.attribute(".company-link a", "href")

    @property
    def location(self) -> str | None:
        return self.text(".listing-location")

    @property
    def description(self) -> str | None:
        return self.inside(".job-description")

    @property
    def remote(self) -> str | None:
        return next((said for said in self.texts(".job-description li") if "telecommuting" in said.lower()), None)

    @property
    def posted(self) -> str | None:
        return self.attribute(".listing-posted time", "datetime")

    @property
    def tags(self) -> list[str]:
        return self.texts(".listing-job-type a")

    @property
    def department(self) -> str | None:
        return self.text(".listing-company-category")


class PythonOrg(HtmlBoard):
    listing = "https://www.python.org/jobs/"
    paging = ByLink(css=".pagination .next a:not(.disabled)", most=10)
    row = Row
    empty = "ol.list-recent-jobs"
    detail = "{url}"
    page = Detail
