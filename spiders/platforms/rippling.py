"""Rippling: a list of each company's jobs, a row for each place; the text stands in an answer of its own."""

from spiders.bases import All, Joined, JsonApi, Pay, Plain

API = "https://api.rippling.com/platform/api/ats/v1/board/{@board}/jobs"


class Rippling(JsonApi):
    listing = API
    detail = (f"{API}/{{uuid}}", f"{API}/{{id}}")
    records = ("items", "results")
    total = "totalItems"
    language = "language"
    external_id = ("uuid", "id")
    url = ("url", "https://ats.rippling.com/{@board}/jobs/{uuid}")
    title = "name"
    company = "companyName"
    location = All("workLocation.label", "workLocations[].label", "workLocations", "locations[].name")
    remote = ("workplaceType", "locations[].workplaceType")
    description = (Joined("description.company", "description.role"), Plain("description"))
    posted = "createdOn"
    pay = Pay(*(f"payRangeDetails[].{part}" for part in ("rangeStart", "rangeEnd", "currency", "frequency")))
    employment_type = ("employmentType.label", "employmentType.id", Plain("employmentType"))
    department = ("department.label", "department.name", Plain("department"))
