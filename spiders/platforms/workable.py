"""Workable: the public widget of each account, one answer with everything."""

from spiders.bases import Joined, JsonApi, Place, Places


class Workable(JsonApi):
    listing = "https://apply.workable.com/api/v1/widget/accounts/{@board}?details=true"
    records = ("jobs", "results")
    language = "language"
    external_id = ("shortcode", "id")
    url = ("url", "shortlink", "https://apply.workable.com/j/{shortcode}")
    apply_url = "application_url"
    company = "/name"
    requisition_id = "code"
    location = (Places(("locations[]", "location"), "city", "region", "country"), Place("city", "state", "country"))
    remote = ("workplace", "workplace_type", "telecommuting", "remote")
    description = Joined("description", "requirements", "benefits")
    posted = ("published_on", "published", "created_at")
    employment_type = ("employment_type", "type")
    seniority = "experience"
    department = ("department", "department_hierarchy[].name")
    tags = ("function", "industry")
