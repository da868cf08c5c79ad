"""4 Day Week: jobs with a shorter week; the text stands on a page of its own, where it is not for members only."""

from spiders.bases import ByNumber, JsonApi, PageObject, Places


class Detail(PageObject):
    root = "article.prose"

    @property
    def description(self) -> str | None:
        return self.tag.decode_contents().strip() or None


class FourDayWeek(JsonApi):
    listing = "https://4dayweek.io/api/jobs?limit=100"
    paging = ByNumber("page", more="has_more", most=40)
    records = "jobs"
    external_id = ("id", "slug")
    url = ("url", "https://4dayweek.io/job/{slug}")
    title = "title"
    company = ("company_name", "company.name", "company")
    location = (Places("locations[]", "city", "country"), "location")
    remote = ("work_arrangement", "is_remote")
    description = "description"
    posted = ("posted", "published_at")
    salary_min = "salary_min"
    salary_max = "salary_max"
    salary_currency = "salary_currency"
    seniority = "level"
    department = "category"
    tags = ("stack[].name", "tags")
    detail = "https://4dayweek.io/job/{slug}"
    page = Detail
    known = "company_logo hours reduced_hours is_pro"
