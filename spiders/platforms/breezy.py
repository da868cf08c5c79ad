"""Breezy: a list of each company's positions; the text stands as JobPosting in the page of each."""

from spiders.bases import JsonApi, JsonLd, Place, Places, Plain


class Breezy(JsonApi):
    listing = "https://{@board}.breezy.hr/json"
    detail = "{url}"
    page = JsonLd()
    salary = "salary"
    external_id = ("id", "friendly_id")
    title = "name"
    company = "company.name"
    location = (Places("locations[]", "city", ("state.name", "state"), "country.name"), Place("location.name"))
    remote = "location.is_remote"
    posted = "published_date"
    employment_type = "type.name"
    seniority = "experience.name"
    department = ("department.name", Plain("department"))
