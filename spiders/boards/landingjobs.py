"""Landing.jobs: read for saved answers only, since its robots.txt keeps crawlers from /api/."""

import re
from typing import Any

from spiders.bases import ByNumber, Joined, JsonApi, Places


class LandingJobs(JsonApi):
    listing = "https://landing.jobs/api/v1/jobs"
    paging = ByNumber("page", ignored_is_whole=True)
    external_id = "id"
    url = "url"
    title = "title"
    company = ("company_name", "company.name")
    location = Places("locations[]", "city", "country_code")
    remote = "remote"
    description = Joined("role_description", "main_requirements", "nice_to_have", "perks")
    posted = ("published_at", "created_at")
    updated = "updated_at"
    valid_through = "expires_at"
    salary_min = ("gross_salary_low", "salary_low")
    salary_max = ("gross_salary_high", "salary_high")
    salary_currency = "currency_code"
    employment_type = "type"
    tags = "tags"
    known = "company_id reward relocation_paid skills"

    def read_one(self, said: dict[str, Any], record: Any) -> dict[str, Any]:
        # the company stands in the address alone: /at/<slug>/
        found = re.search(r"/at/([^/]{1,100})/", str(said.get("url") or ""))
        return {"company": found[1].replace("-", " ").title(), **said} if found else said
