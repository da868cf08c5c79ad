"""USAJobs: the United States' civil service, information technology management (2210), with a key."""

from spiders.bases import ByNumber, Joined, JsonApi, Pay

ASKS = "JobCategoryCode=2210&RemoteIndicator=True&ResultsPerPage=500"
DETAILS = "UserArea.Details"
RANGE = "PositionRemuneration[]"


class UsaJobs(JsonApi):
    listing = f"https://data.usajobs.gov/api/search?{ASKS}&Page=1"
    headers = {"Authorization-Key": "{@ROLECALL_USAJOBS_KEY}", "User-Agent": "{@ROLECALL_USAJOBS_EMAIL}"}
    paging = ByNumber("Page", pages="SearchResult.UserArea.NumberOfPages", most=20)
    records = "SearchResult.SearchResultItems"
    within = "MatchedObjectDescriptor"
    total = ("SearchResult.SearchResultCountAll", "SearchResult.SearchResultCount")
    external_id = ("MatchedObjectId", "PositionID")
    url = "PositionURI"
    apply_url = "ApplyURI"
    requisition_id = "PositionID"
    title = "PositionTitle"
    company = "OrganizationName"
    location = ("PositionLocation[].LocationName", "PositionLocationDisplay")
    remote = (f"{DETAILS}.RemoteIndicator", "RemoteIndicator")
    description = Joined(
        f"{DETAILS}.JobSummary",
        f"{DETAILS}.MajorDuties",
        "QualificationSummary",
        f"{DETAILS}.Requirements",
        f"{DETAILS}.Education",
    )
    posted = ("PublicationStartDate", "PositionStartDate")
    valid_through = "ApplicationCloseDate"
    pay = Pay(
        f"{RANGE}.MinimumRange", f"{RANGE}.MaximumRange", period=(f"{RANGE}.Description", f"{RANGE}.RateIntervalCode")
    )
    employment_type = "PositionSchedule[].Name"
    department = ("DepartmentName", "JobCategory[].Name")
