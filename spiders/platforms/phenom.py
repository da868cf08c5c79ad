"""Phenom: search pages hold the ads as a variable. A board is ``HOST/PATH``: ``careers.example.com/global/en``."""

from spiders.bases import ByOffset, JsonApi, Place


class Phenom(JsonApi):
    listing = "https://{@board}/search-results?keywords=software&s=1&from=0"
    paging = ByOffset("from", most=50)
    embedded = r"phApp\.ddo\s{0,4}=\s{0,4}"
    records = ("eagerLoadRefineSearch.data.jobs", "refineSearch.data.jobs", "data.jobs", "jobs")
    total = ("eagerLoadRefineSearch.totalHits", "refineSearch.totalHits", "totalHits")
    external_id = ("jobSeqNo", "jobId")
    url = ("https://{@board}/job/{jobId}", "applyUrl", "https://www.phenompeople.com/job/{jobId}")
    apply_url = "applyUrl"
    company = ("companyName", "hiringOrganization")
    requisition_id = "reqId"
    location = ("multi_location", "location", Place("city", "country"))
    remote = ("remote", "workLocationType")
    description = ("description", "descriptionTeaser")
    posted = ("postedDate", "dateCreated")
    employment_type = "type"
    seniority = "experienceLevel"
    department = ("department", "category")
    tags = "ml_skills"
