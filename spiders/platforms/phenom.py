"""Phenom: the search page of each career site holds its ads as a variable.

A board is ``HOST/PATH``: ``careers.example.com/global/en``.
"""

from spiders.bases import ByOffset, JsonApi


class Phenom(JsonApi):
    listing = "https://{@board}/search-results?keywords=software&s=1&from=0"
    paging = ByOffset("from", most=50)
    embedded = r"phApp\.ddo\s{0,4}=\s{0,4}"
    records = "eagerLoadRefineSearch.data.jobs"
    total = "eagerLoadRefineSearch.totalHits"
    external_id = ("jobSeqNo", "jobId")
    # a saved answer that comes without its board still names the ad
    url = ("https://{@board}/job/{jobId}", "applyUrl", "https://www.phenompeople.com/job/{jobId}")
    apply_url = "applyUrl"
    title = "title"
    company = ("companyName", "hiringOrganization")
    requisition_id = "reqId"
    location = ("multi_location", "location", "{city}, {country}", "country")
    remote = ("remote", "workLocationType")
    description = ("description", "descriptionTeaser")
    posted = ("postedDate", "dateCreated")
    employment_type = "type"
    seniority = "experienceLevel"
    department = ("department", "category")
    tags = "ml_skills"
    known = (
        "jobId locale city country state cityState cityStateCountry latitude longitude category applyUrl"
        " isMultiLocation"
        " isMultiCategory multi_category multi_location_array jobVisibility badge ml_job_parser siteType address"
        " location"
        " postalCode standardised_multi_location externalApply visibilityType checkRemote ml_highlight"
    )
