"""Lever: the postings API of each tenant."""

from spiders.bases import All, ByOffset, Joined, JsonApi, Sections


class Lever(JsonApi):
    listing = "https://api.lever.co/v0/postings/{@board}?mode=json&limit=100"
    paging = ByOffset("skip")
    board_form = r"lever\.co/(?:v0/postings/)?(?P<board>[\w.-]+)"
    external_id = "id"
    url = "hostedUrl"
    apply_url = "applyUrl"
    title = "text"
    location = All("categories.location", "categories.allLocations")
    remote = "workplaceType"
    description = (
        Joined("description", Sections("lists", "text", "content"), "additional"),
        Joined("descriptionPlain", "additionalPlain"),
    )
    posted = "createdAt"
    salary = ("salaryDescriptionPlain", "salaryDescription")
    salary_min = "salaryRange.min"
    salary_max = "salaryRange.max"
    salary_currency = "salaryRange.currency"
    salary_period = "salaryRange.interval"
    employment_type = "categories.commitment"
    department = All("categories.department", "categories.team")
    seniority = "categories.level"
    known = (
        "country opening openingPlain descriptionBody descriptionBodyPlain descriptionPlain additionalPlain updatedAt"
        " salaryDescription salaryDescriptionPlain"
    )
