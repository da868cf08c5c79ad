"""Jobicy: the feed is crawled, since robots.txt keeps crawlers from the API; answers of the API are read as well."""

from spiders.bases import Feed, Pay


class Jobicy(Feed):
    listing = "https://jobicy.com/feed/job_feed?job_categories=dev"
    json_records = "jobs"
    external_id = ("id", "post-id", "guid", "link")
    url = ("url", "link")
    title = ("jobTitle", "title")
    company = ("companyName", "job_listing:company", "company", "dc:creator")
    location = ("jobGeo", "job_listing:location", "location")
    description = ("jobDescription", "content:encoded", "description", "jobExcerpt")
    posted = ("pubDate", "dc:date")
    pay = Pay(("salaryMin", "annualSalaryMin"), ("salaryMax", "annualSalaryMax"), "salaryCurrency", "salaryPeriod")
    employment_type = ("jobType", "job_listing:job_type")
    seniority = "jobLevel"
    tags = ("jobIndustry", "job_listing:job_category", "category")
