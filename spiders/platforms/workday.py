"""Workday (CXS): a list by POST, texts by themselves. A board is ``HOST/SITE``: ``acme.wd5.myworkdayjobs.com/Ext``."""

from spiders.bases import All, ByOffset, JsonApi, Part, Tail

API = "https://{@host}/wday/cxs/{@tenant}/{@site}"


class Workday(JsonApi):
    listing = f"{API}/jobs"
    post = {"appliedFacets": {}, "limit": 20, "offset": 0, "searchText": "software"}
    paging = ByOffset("offset", most=100)
    board_form = r"(?P<host>(?P<tenant>[\w-]{1,63})\.wd\d+\.myworkdayjobs\.com)/(?P<site>[\w-]{1,63})"
    records = "jobPostings"
    total = "total"
    detail = f"{API}{{externalPath}}"
    detail_at = "jobPostingInfo"
    external_id = (Tail("jobPostingId"), Tail("externalPath"))
    url = ("externalUrl", "https://{@host|myworkdayjobs.com}/{@site|en-US}{externalPath}")
    company = "/hiringOrganization.name"
    requisition_id = ("jobReqId", "bulletFields")
    # a list that counts places ("2 Locations") names none
    location = (All("location", "additionalLocations"), Part("locationsText", r"^(?!\d{1,4} Locations$)(.+)$"))
    applicant_regions = "country.descriptor"
    remote = "remoteType"
    description = "jobDescription"
    posted = ("startDate", "postedOn")
    valid_through = "endDate"
    employment_type = "timeType"
    volatile = "postedOn"
