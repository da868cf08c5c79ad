"""USAJobs: the United States' civil service, information technology management (2210), with a key."""

from spiders.bases import ByNumber, Joined, JsonApi

D = "MatchedObjectDescriptor"


class UsaJobs(JsonApi):
    listing = "https://data.usajobs.gov/api/search?JobCategoryCode=2210&RemoteIndicator=True&ResultsPerPage=500&Page=1"
    headers = {"Authorization-Key": "{@ROLECALL_USAJOBS_KEY}", "User-Agent": "{@ROLECALL_USAJOBS_EMAIL}"}
    paging = ByNumber("Page", pages="SearchResult.UserArea.NumberOfPages", most=20)
    records = "SearchResult.SearchResultItems"
    total = ("SearchResult.SearchResultCountAll", "SearchResult.SearchResultCount")
    external_id = ("MatchedObjectId", f"{D}.PositionID")
    url = f"{D}.PositionURI"
    apply_url = f"{D}.ApplyURI"
    requisition_id = f"{D}.PositionID"
    title = f"{D}.PositionTitle"
    company = f"{D}.OrganizationName"
    location = (f"{D}.PositionLocation[].LocationName", f"{D}.PositionLocationDisplay")
    remote = (f"{D}.UserArea.Details.RemoteIndicator", "RemoteIndicator")
    description = Joined(
        f"{D}.UserArea.Details.JobSummary",
        f"{D}.UserArea.Details.MajorDuties",
        f"{D}.QualificationSummary",
        f"{D}.UserArea.Details.Requirements",
        f"{D}.UserArea.Details.Education",
    )
    posted = (f"{D}.PublicationStartDate", f"{D}.PositionStartDate")
    valid_through = f"{D}.ApplicationCloseDate"
    salary_min = f"{D}.PositionRemuneration[].MinimumRange"
    salary_max = f"{D}.PositionRemuneration[].MaximumRange"
    salary_period = (f"{D}.PositionRemuneration[].Description", f"{D}.PositionRemuneration[].RateIntervalCode")
    employment_type = f"{D}.PositionSchedule[].Name"
    department = (f"{D}.DepartmentName", f"{D}.JobCategory[].Name")
    known = "RelevanceScore RelevanceRank"
