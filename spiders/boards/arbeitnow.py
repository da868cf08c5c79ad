"""Arbeitnow: jobs in Germany and remote in Europe, page after page by the link that the answer gives."""

from spiders.bases import ByLink, JsonApi


class Arbeitnow(JsonApi):
    listing = "https://www.arbeitnow.com/api/job-board-api"
    paging = ByLink("links.next", most=30)
    records = "data"
    external_id = "slug"
    url = "url"
    title = "title"
    company = "company_name"
    location = "location"
    remote = "remote"
    description = "description"
    posted = "created_at"
    employment_type = "job_types"
    tags = "tags"
