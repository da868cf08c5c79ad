"""Himalayas: its browse API, newest first, twenty ads a page."""

from spiders.bases import ByCursor, JsonApi


class Himalayas(JsonApi):
    listing = "https://himalayas.app/jobs/api?limit=20"
    paging = ByCursor("cursor", at="nextCursor", most=25)
    records = "jobs"
    total = "totalCount"
    external_id = ("guid", "applicationLink")
    url = ("guid", "applicationLink")
    apply_url = "applicationLink"
    title = "title"
    company = "companyName"
    location = "locationRestrictions"
    timezones = "timezoneRestrictions"
    description = ("description", "excerpt")
    posted = "pubDate"
    valid_through = "expiryDate"
    salary_min = "minSalary"
    salary_max = "maxSalary"
    salary_currency = "currency"
    salary_period = "salaryPeriod"
    employment_type = "employmentType"
    seniority = "seniority"
    tags = "categories"
    department = "parentCategories"
    known = "companyLogo companySlug excerpt"

    def read_one(self, said: dict[str, object], record: dict[str, object]) -> dict[str, object]:
        # a fifth of the rows carries the placeholder "name"; the slug is always true
        if said.get("company") in (None, "name"):
            said["company"] = record.get("companySlug")
        return said
