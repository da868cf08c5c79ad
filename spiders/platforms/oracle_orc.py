"""Oracle Recruiting Cloud: the requisitions of each candidate site.

A board is ``HOST/SITE``: ``acme.fa.us2.oraclecloud.com/CX_1``.
"""

from spiders.bases import All, InFinder, Joined, JsonApi

_API = "https://{@host}/hcmRestApi/resources/latest"


class OracleOrc(JsonApi):
    listing = (
        f"{_API}/recruitingCEJobRequisitions?onlyData=true&expand=requisitionList.secondaryLocations"
        "&finder=findReqs;siteNumber={@site},keyword=software,limit=100,offset=0"
    )
    paging = InFinder(most=20)
    board_form = (
        r"(?P<host>[\w.-]{1,100}\.oraclecloud\.com)/(?:hcmUI/CandidateExperience/en/sites/)?(?P<site>[\w-]{1,63})"
    )
    records = ("items[].requisitionList", "items")
    total = "items[].TotalJobsCount"
    external_id = "Id"
    # a saved answer that comes without its board still names the ad
    url = (
        "https://{@host}/hcmUI/CandidateExperience/en/sites/{@site}/job/{Id}",
        "https://www.oraclecloud.com/hcmUI/CandidateExperience/en/job/{Id}",
    )
    title = "Title"
    location = All("PrimaryLocation", "secondaryLocations[].Name")
    remote = ("WorkplaceType", "WorkplaceTypeCode")
    description = (
        Joined(
            "ExternalDescriptionStr",
            "ExternalResponsibilitiesStr",
            "ExternalQualificationsStr",
            "CorporateDescriptionStr",
        ),
        "ShortDescriptionStr",
    )
    posted = ("PostedDate", "ExternalPostedStartDate")
    valid_through = ("PostingEndDate", "ExternalPostedEndDate")
    employment_type = ("JobSchedule", "JobType", "ContractType")
    seniority = "JobLevel"
    department = ("JobFamily", "JobFunction", "Category")
    language = "Language"
    known = (
        "ShortDescriptionStr PrimaryLocationCountry GeographyId HotJobFlag TrendingFlag BeFirstToApplyFlag Relevancy"
        " Distance WorkplaceTypeCode MediaThumbURL PostingEndDate LegalEmployer BusinessUnit Department Organization"
        " workLocation otherWorkLocations StudyLevel JobShift ManagerLevel WorkDurationYears WorkDurationMonths"
        " WorkHours WorkDays WorkYears WorkMonths InternalQualificationsStr InternalResponsibilitiesStr ContentLocale"
        " DomesticTravelRequired InternationalTravelRequired requisitionFlexFields links ContractType JobType"
        " JobFunction"
    )
