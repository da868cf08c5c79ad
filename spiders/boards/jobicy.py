"""Jobicy: the feed is crawled, since robots.txt keeps crawlers from the API; answers of the API are read as well."""

from spiders.bases import Feed
from spiders.bases.board import Answer
from spiders.bases.json_api import listed_in
from spiders.bases.strict_json import loads


class Jobicy(Feed):
    listing = "https://jobicy.com/feed/job_feed?job_categories=dev"
    external_id = ("id", "post-id", "guid", "link")
    url = ("url", "link")
    title = ("jobTitle", "title")
    company = ("companyName", "job_listing:company", "company", "dc:creator")
    location = ("jobGeo", "job_listing:location", "location")
    description = ("jobDescription", "content:encoded", "description", "jobExcerpt")
    posted = ("pubDate", "dc:date")
    salary_min = ("salaryMin", "annualSalaryMin")
    salary_max = ("salaryMax", "annualSalaryMax")
    salary_currency = "salaryCurrency"
    salary_period = "salaryPeriod"
    employment_type = ("jobType", "job_listing:job_type")
    seniority = "jobLevel"
    tags = ("jobIndustry", "job_listing:job_category", "category")
    known = "jobSlug companyLogo jobExcerpt media:content guid"

    def decode(self, body: bytes, url: str) -> Answer:
        api = listed_in(loads(body), ("jobs",)) if body.lstrip()[:1] == b"{" else None
        return api or super().decode(body, url)
