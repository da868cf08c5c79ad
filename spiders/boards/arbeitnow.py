"""Arbeitnow: jobs in Germany and remote in Europe, page after page by the link that the answer gives."""

from spiders.bases import ByLink, JsonApi


class Arbeitnow(JsonApi):
    listing = "https://www.arbeitnow.com/api/job-board-api"
    paging = ByLink("links.next", most=30)
    records = "data"
    external_id = "slug"
    as_named = "location remote tags"
    company = "company_name"
    posted = "created_at"
    employment_type = "job_types"
