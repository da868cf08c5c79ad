"""Remote OK: the newest hundred ads by its public API; the first element is a legal notice."""

from spiders.bases import JsonApi, Pay


class RemoteOk(JsonApi):
    listing = "https://remoteok.com/api"
    notice = "legal"
    external_id = ("id", "slug")
    as_named = "company location tags apply_url"
    title = ("position", "title")
    posted = ("date", "epoch")
    pay = Pay("salary_min", "salary_max")
