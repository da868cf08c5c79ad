"""Rippling: a list of each company's jobs, a row for each place; the text stands in an answer of its own."""

from spiders.bases import All, Joined, JsonApi, Plain


class Rippling(JsonApi):
    listing = "https://api.rippling.com/platform/api/ats/v1/board/{@board}/jobs"
    records = ("items", "results")
    external_id = ("uuid", "id")
    url = ("url", "https://ats.rippling.com/{@board}/jobs/{uuid}")
    title = "name"
    company = "companyName"
    location = All("workLocation.label", "workLocations[].label", "workLocations", "locations[].name")
    description = (Joined("description.company", "description.role"), Plain("description"))
    posted = "createdOn"
    salary_min = "payRangeDetails[].rangeStart"
    salary_max = "payRangeDetails[].rangeEnd"
    salary_currency = "payRangeDetails[].currency"
    salary_period = "payRangeDetails[].frequency"
    employment_type = ("employmentType.label", "employmentType.id", "employmentType")
    department = ("department.label", "department.name", "department")
    detail = "https://api.rippling.com/platform/api/ats/v1/board/{@board}/jobs/{uuid}"
    known = "board companyName workLocation"
