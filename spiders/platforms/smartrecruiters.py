"""SmartRecruiters: a list of each company's postings; the text of each stands in an answer of its own."""

from spiders.bases import ByOffset, Flag, JsonApi, Pay, Place, Sections

API = "https://api.smartrecruiters.com/v1/companies/{@board}/postings"


class SmartRecruiters(JsonApi):
    listing = f"{API}?limit=100"
    detail = f"{API}/{{id}}"
    board_form = r"smartrecruiters\.com/(?:v1/companies/)?(?P<board>[\w-]+)"
    paging = ByOffset("offset")
    records = "content"
    total = "totalFound"
    url = ("postingUrl", "https://jobs.smartrecruiters.com/{company.identifier}/{id}")
    apply_url = "applyUrl"
    title = "name"
    company = "company.name"
    requisition_id = "refNumber"
    location = ("location.fullLocation", Place("location.city", "location.region", "location.country"))
    remote = (Flag("location.hybrid", "hybrid"), "location.remote")
    description = Sections("jobAd.sections", "title", "text")
    posted = "releasedDate"
    pay = Pay(*(f"compensation.salary.{part}" for part in ("min", "max", "currency", "period")))
    employment_type = "typeOfEmployment.label"
    seniority = "experienceLevel.label"
    department = ("department.label", "function.label")
    tags = "industry.label"
    language = "language.code"
