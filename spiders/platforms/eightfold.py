"""Eightfold: the positions of each career site; texts by themselves. A board is ``TENANT/DOMAIN``: ``acme/example.com``."""

from spiders.bases import ByOffset, JsonApi


class Eightfold(JsonApi):
    listing = "https://{@tenant}.eightfold.ai/api/apply/v2/jobs?domain={@domain}&query=software&num=10&start=0"
    detail = "https://{@tenant}.eightfold.ai/api/apply/v2/jobs/{id}?domain={@domain}"
    board_form = r"^(?P<tenant>[\w-]+)/(?P<domain>[\w.-]+)$"
    paging = ByOffset("start", most=100)
    records = ("positions", "data.positions")
    total = ("count", "data.count")
    external_id = ("id", "ats_job_id", "atsJobId")
    url = ("canonicalPositionUrl", "publicUrl", "https://{@tenant|www}.eightfold.ai{positionUrl}")
    title = ("name", "posting_name")
    requisition_id = ("display_job_id", "displayJobId", "ats_job_id", "atsJobId")
    location = ("locations", "location")
    remote = ("work_location_option", "workLocationOption")
    description = ("job_description", "jobDescription")
    posted = ("t_create", "postedTs", "creationTs")
    updated = "t_update"
    department = ("department", "business_unit")
    volatile = "t_update"
