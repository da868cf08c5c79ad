"""Workday (CXS): a list by POST, twenty a page; the text of each stands in an answer of its own.

A board is ``HOST/SITE``: ``acme.wd5.myworkdayjobs.com/External``.
"""

import re
from typing import Any

from spiders.bases import All, ByOffset, JsonApi

_COUNTED = re.compile(r"\d{1,4} Locations")


class Workday(JsonApi):
    listing = "https://{@host}/wday/cxs/{@tenant}/{@site}/jobs"
    post = {"appliedFacets": {}, "limit": 20, "offset": 0, "searchText": "software"}
    paging = ByOffset("offset", most=100)
    board_form = r"(?P<host>(?P<tenant>[\w-]{1,63})\.wd\d+\.myworkdayjobs\.com)/(?P<site>[\w-]{1,63})"
    records = "jobPostings"
    detail_at = "jobPostingInfo"
    total = "total"
    external_id = ("jobPostingId", "externalPath")
    # a saved answer that comes without its board still names the ad
    url = ("externalUrl", "https://{@host}/{@site}{externalPath}", "https://myworkdayjobs.com{externalPath}")
    title = "title"
    company = "/hiringOrganization.name"
    requisition_id = ("jobReqId", "bulletFields")
    location = (All("location", "additionalLocations"), "locationsText")
    applicant_regions = "country.descriptor"
    remote = "remoteType"
    description = "jobDescription"
    posted = ("startDate", "postedOn")
    valid_through = "endDate"
    employment_type = "timeType"
    detail = "https://{@host}/wday/cxs/{@tenant}/{@site}{externalPath}"
    volatile = "postedOn"
    known = (
        "id locationsText jobPostingSiteId canApply posted includeResumeParsing jobRequisitionLocation questionnaireId"
        " secondaryQuestionnaireId externalPath similarJobs"
    )

    def read_one(self, said: dict[str, Any], record: Any) -> dict[str, Any]:
        said["external_id"] = str(said.get("external_id") or "").rpartition("/")[2] or None
        if _COUNTED.fullmatch(str(said.get("location"))):
            del said["location"]
        return said
