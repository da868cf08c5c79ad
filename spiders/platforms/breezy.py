"""Breezy: a list of each company's positions; the text stands as JobPosting in the page of each."""

from spiders.bases import JsonApi, JsonLd


class Breezy(JsonApi):
    listing = "https://{@board}.breezy.hr/json"
    board_form = r"//(?!www\.)(?P<board>[\w-]+)\.breezy\.hr"
    external_id = ("id", "friendly_id")
    url = "url"
    title = "name"
    company = "company.name"
    location = (
        "{location.city}, {location.state.name}, {location.country.name}",
        "{location.city}, {location.state}, {location.country.name}",
        "location.name",
    )
    remote = "location.is_remote"
    description = "description"
    posted = "published_date"
    salary = "salary"
    employment_type = "type.name"
    seniority = "experience.name"
    department = ("department.name", "department")
    detail = "{url}"
    page = JsonLd()
    known = "friendly_id locations education logo_url requirements company"
