"""No Fluff Jobs: one large document of all ads; the text of each stands in an answer of its own."""

from typing import Any

from spiders.bases import All, Joined, JsonApi, Places

CATEGORIES = frozenset({"backend", "fullstack", "devops", "architecture", "data", "artificialIntelligence", "other"})


class NoFluffJobs(JsonApi):
    listing = "https://nofluffjobs.com/api/posting"
    biggest = 96 * 2**20
    records = "postings"
    total = "totalCount"
    external_id = "id"
    url = ("https://nofluffjobs.com/job/{url}", "https://nofluffjobs.com/job/{id}")
    title = "title"
    company = ("name", "company.name")
    location = Places("location.places[]", "city", "country.name")
    remote = ("fullyRemote", "location.fullyRemote")
    description = Joined("details.description", "requirements.description")
    posted = "posted"
    salary_min = "salary.from"
    salary_max = "salary.to"
    salary_currency = "salary.currency"
    salary_period = "salary.period"
    employment_type = "salary.type"
    seniority = ("seniority", "basics.seniority")
    department = ("category", "basics.category")
    tags = All("technology", "tiles.values[].value", "requirements.musts[].value")
    detail = "https://nofluffjobs.com/api/posting/{url}"
    volatile = "renewed"
    known = (
        "logo regions flavors topInsights help onlineInterviewAvailable referenceType searchBoost status basics"
        " recruitment"
    )

    def keep(self, record: Any) -> bool:
        return record.get("category") is None or record["category"] in CATEGORIES
