"""Oracle Recruiting Cloud: requisitions. A board is ``HOST/SITE``: ``acme.fa.us2.oraclecloud.com/CX_1``."""

from spiders.bases import All, InFinder, Joined, JsonApi

API = "https://{@host}/hcmRestApi/resources/latest/recruitingCEJobRequisitions"
ASKS = "onlyData=true&expand=requisitionList.secondaryLocations&finder=findReqs"
TEXTS = [f"{part}Str" for part in ("ExternalDescription", "ExternalResponsibilities", "ExternalQualifications")]


class OracleOrc(JsonApi):
    listing = f"{API}?{ASKS};siteNumber={{@site}},keyword=software,limit=100,offset=0"
    board_form = (
        r"(?P<host>[\w.-]{1,100}\.oraclecloud\.com)/(?:hcmUI/CandidateExperience/en/sites/)?(?P<site>[\w-]{1,63})"
    )
    paging = InFinder(most=20)
    records = ("items[].requisitionList", "items")
    total = "items[].TotalJobsCount"
    as_named = "Title Language"
    external_id = "Id"
    url = "https://{@host|www.oraclecloud.com}/hcmUI/CandidateExperience/en/sites/{@site|CX}/job/{Id}"
    location = All("PrimaryLocation", "secondaryLocations[].Name")
    remote = ("WorkplaceType", "WorkplaceTypeCode")
    description = (Joined(*TEXTS, "CorporateDescriptionStr"), "ShortDescriptionStr")
    posted = ("PostedDate", "ExternalPostedStartDate")
    valid_through = ("PostingEndDate", "ExternalPostedEndDate")
    employment_type = ("JobSchedule", "JobType", "ContractType")
    seniority = "JobLevel"
    department = ("JobFamily", "JobFunction", "Category")
