"""Lever: the postings API of each tenant."""

from spiders.bases import All, ByOffset, Joined, JsonApi, Pay, Sections


class Lever(JsonApi):
    listing = "https://api.lever.co/v0/postings/{@board}?mode=json&limit=100"
    board_form = r"lever\.co/(?:v0/postings/)?(?P<board>[\w.-]+)"
    paging = ByOffset("skip")
    records = ("data", "postings")
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
    updated = "updatedAt"
    salary = ("salaryDescriptionPlain", "salaryDescription")
    pay = Pay("salaryRange.min", "salaryRange.max", "salaryRange.currency", "salaryRange.interval")
    employment_type = "categories.commitment"
    department = All("categories.department", "categories.team")
    seniority = "categories.level"
