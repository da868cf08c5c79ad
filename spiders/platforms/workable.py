"""Workable: the public widget of each account, one answer with everything."""

from spiders.bases import Joined, JsonApi, Places


class Workable(JsonApi):
    listing = "https://apply.workable.com/api/v1/widget/accounts/{@board}?details=true"
    records = ("jobs", "results")
    external_id = "shortcode"
    url = ("url", "shortlink", "https://apply.workable.com/j/{shortcode}")
    apply_url = "application_url"
    title = "title"
    company = "/name"
    requisition_id = "code"
    location = (
        Places("locations[]", "city", "region", "country"),
        Places("location", "city", "region", "country"),
        "{city}, {state}, {country}",
        "country",
    )
    remote = ("workplace", "telecommuting")
    description = Joined("description", "requirements", "benefits")
    posted = ("published_on", "published", "created_at")
    employment_type = "employment_type"
    seniority = "experience"
    department = "department"
    tags = ("function", "industry")
    known = "created_at education industry shortlink city state country telecommuting id remote state accountUid"
