"""Remote OK: the newest hundred ads by its public API; the first element is a legal notice."""

from spiders.bases import JsonApi


class RemoteOk(JsonApi):
    listing = "https://remoteok.com/api"
    notice = "legal"
    external_id = ("id", "slug")
    url = "url"
    title = ("position", "title")
    company = "company"
    location = "location"
    description = "description"
    posted = ("date", "epoch")
    salary_min = "salary_min"
    salary_max = "salary_max"
    tags = "tags"
    apply_url = "apply_url"
    known = "slug epoch company_logo logo original verified"
