"""Comeet: the careers API of each company. A board is ``UID/TOKEN``, both of which its career page shows."""

from spiders.bases import JsonApi, Place, Sections


class Comeet(JsonApi):
    listing = "https://www.comeet.co/careers-api/2.0/company/{@uid}/positions?token={@token}&details=true"
    board_form = r"(?P<uid>[0-9A-F]{2}\.[0-9A-F]{3})/(?P<token>[0-9A-F]{10,60})"
    as_named = "employment_type department"
    external_id = "uid"
    url = ("url_active_page", "url_comeet_hosted_page", "position_url")
    apply_url = "url_comeet_hosted_page"
    title = "name"
    company = "company_name"
    requisition_id = "internal_use_custom_id"
    location = (Place("location.city", "location.state", "location.country"), "location.name")
    remote = ("workplace_type", "location.is_remote")
    description = Sections("details", "name", "value")
    updated = "time_updated"
    seniority = "experience_level"
