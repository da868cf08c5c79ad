"""Teamtailor: the feed of each company's career site; its JSON feed, which holds JobPostings, is read as well."""

from spiders.bases import Feed, Part, Places
from spiders.bases.schema_org import JOB_POSTING

JSON_PLACES = Places("_jobposting.jobLocation[]", *JOB_POSTING["location"].parts)


class Teamtailor(Feed):
    listing = "https://{@board}.teamtailor.com/jobs.rss?per_page=200"
    json_records = "items"
    external_id = (Part(("link", "url"), r"/jobs/(\d{1,15})"), "link", "url", "guid", "id")
    url = ("link", "url")
    company = ("_jobposting.hiringOrganization.name", "tt:company_name", "company")
    location = (Places("tt:locations.tt:location[]", "tt:city", "tt:country"), JSON_PLACES)
    remote = ("remoteStatus", "_jobposting.jobLocationType")
    description = ("description", "content_html", "_jobposting.description", "content_text")
    posted = ("pubDate", "date_published", "_jobposting.datePosted")
    valid_through = "_jobposting.validThrough"
    employment_type = "_jobposting.employmentType"
    department = ("tt:department", "department")
    tags = ("tt:role", "role")
