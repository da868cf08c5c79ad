"""Teamtailor: the feed of each company's career site; its JSON feed, which holds JobPostings, is read as well."""

import re
from typing import Any

from spiders.bases import Feed, Places
from spiders.bases.schema_org import JOB_POSTING


class Teamtailor(Feed):
    listing = "https://{@board}.teamtailor.com/jobs.rss?per_page=200"
    board_form = r"//(?!www\.)(?P<board>[\w-]+)\.teamtailor\.com"
    json_records = "items"
    external_id = ("link", "url", "guid", "id")
    url = ("link", "url")
    company = ("_jobposting.hiringOrganization.name", "tt:company_name", "company")
    location = (
        Places("tt:locations.tt:location[]", "tt:city", "tt:country"),
        Places("locations.location[]", "city", "country"),
        Places("_jobposting.jobLocation[]", *JOB_POSTING["location"].parts),
    )
    remote = ("remoteStatus", "_jobposting.jobLocationType")
    description = ("description", "content_html", "_jobposting.description", "content_text")
    posted = ("pubDate", "date_published", "_jobposting.datePosted")
    valid_through = "_jobposting.validThrough"
    employment_type = "_jobposting.employmentType"
    department = ("tt:department", "department")
    tags = ("tt:role", "role")
    known = "guid id _jobposting date_modified content_text summary image"

    def read_one(self, said: dict[str, Any], record: Any) -> dict[str, Any]:
        number = re.search(r"/jobs/(\d{1,15})", str(said.get("url") or ""))
        return {**said, "external_id": number[1]} if number else said
