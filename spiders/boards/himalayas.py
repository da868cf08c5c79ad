"""Himalayas: its browse API, newest first, twenty ads a page; a fifth of them names the company "name"."""

from spiders.bases import ByCursor, JsonApi, Pay, Unless


class Himalayas(JsonApi):
    listing = "https://himalayas.app/jobs/api?limit=20"
    paging = ByCursor("cursor", at="nextCursor", most=25)
    records = "jobs"
    total = "totalCount"
    as_named = "seniority employmentType"
    external_id = ("guid", "applicationLink")
    url = ("guid", "applicationLink")
    apply_url = "applicationLink"
    company = (Unless("companyName", "name"), "companySlug")
    location = ("locationRestrictions[].name", "locationRestrictions")
    timezones = "timezoneRestrictions"
    description = ("description", "excerpt")
    posted = "pubDate"
    valid_through = "expiryDate"
    pay = Pay("minSalary", "maxSalary", "currency", "salaryPeriod")
    tags = "categories"
    department = "parentCategories"
