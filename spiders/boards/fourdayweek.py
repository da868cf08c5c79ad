"""4 Day Week: jobs with a shorter week; the text stands on a page of its own, where it is not for members only."""

from spiders.bases import ByNumber, Cents, Inside, JsonApi, PageObject, Pay, Places, Plain


class Detail(PageObject):
    root = "article.prose"
    description = Inside()


class FourDayWeek(JsonApi):
    listing = "https://4dayweek.io/api/jobs?limit=100"
    detail = "https://4dayweek.io/job/{slug}"
    page = Detail
    paging = ByNumber("page", more="has_more", most=40)
    records = "jobs"
    listed = ("is_expired", False)
    external_id = ("id", "slug")
    url = ("url", "https://4dayweek.io/job/{slug}")
    company = ("company_name", "company.name", Plain("company"))
    location = (Places("locations[]", "city", "country"), Plain("location"))
    remote = ("work_arrangement", "is_remote")
    posted = ("posted", "published_at")
    salary = "salary"
    pay = Pay(
        (Cents("salary_lower"), "salary_min"), (Cents("salary_upper"), "salary_max"), "salary_currency", "salary_period"
    )
    seniority = "level"
    department = "category"
    tags = ("stack[].name", "tags")
