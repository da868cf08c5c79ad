"""Eightfold: the positions of each career site; the text stands in an answer of its own.

A board is ``TENANT/DOMAIN``: ``acme/example.com``.
"""

from spiders.bases import ByOffset, JsonApi


class Eightfold(JsonApi):
    listing = "https://{@tenant}.eightfold.ai/api/apply/v2/jobs?domain={@domain}&query=software&num=10&start=0"
    paging = ByOffset("start", most=100)
    board_form = r"^(?P<tenant>[\w-]+)/(?P<domain>[\w.-]+)$"
    records = "positions"
    total = "count"
    external_id = ("id", "ats_job_id")
    url = ("canonicalPositionUrl", "publicUrl")
    title = ("name", "posting_name")
    requisition_id = ("display_job_id", "ats_job_id")
    location = ("locations", "location")
    remote = "work_location_option"
    description = "job_description"
    posted = "t_create"
    updated = "t_update"
    employment_type = "type"
    department = ("department", "business_unit")
    detail = "https://{@tenant}.eightfold.ai/api/apply/v2/jobs/{id}?domain={@domain}"
    volatile = "t_update"
    known = (
        "location posting_name business_unit isPrivate hot type_id location_flexibility ats_job_id id_locale custom_JD"
        " solrScore medallionProgram stars skills score questions locale"
    )
