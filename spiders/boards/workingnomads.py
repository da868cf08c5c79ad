"""Working Nomads: the newest fifty ads; they have no id, so the number at the end of the address is theirs."""

from typing import Any

from spiders.bases import JsonApi


class WorkingNomads(JsonApi):
    listing = "https://www.workingnomads.com/api/exposed_jobs/"
    external_id = ("id", "url")
    url = "url"
    title = "title"
    company = "company_name"
    location = "location"
    description = "description"
    posted = "pub_date"
    department = "category_name"
    tags = "tags"

    def read_one(self, said: dict[str, Any], record: Any) -> dict[str, Any]:
        tail = str(said.get("external_id") or "").rstrip("/").rpartition("/")[2]
        return {**said, "external_id": tail.rpartition("-")[2] or tail}
