"""DevITjobs: one XML document of all ads, an element ``job`` each."""

from spiders.bases import Feed


class DevItJobs(Feed):
    listing = "https://devitjobs.com/job_feed.xml"
    item = "job"
    external_id = ("id", "link", "url")
    url = ("link", "url")
    title = ("title", "name")
    company = ("company", "company-name", "name")
    location = ("location", "city", "region")
    salary = "salary"
    posted = ("pubDate", "pubdate", "date")
    employment_type = ("type", "jobtype", "job-type")
    tags = "category"
