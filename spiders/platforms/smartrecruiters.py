"""SmartRecruiters: a list of each company's postings; the text of each stands in an answer of its own."""

from spiders.bases import ByOffset, JsonApi, Sections


class SmartRecruiters(JsonApi):
    listing = "https://api.smartrecruiters.com/v1/companies/{@board}/postings?limit=100"
    paging = ByOffset("offset")
    board_form = r"smartrecruiters\.com/(?:v1/companies/)?(?P<board>[\w-]+)"
    records = "content"
    total = "totalFound"
    external_id = "id"
    url = ("postingUrl", "https://jobs.smartrecruiters.com/{company.identifier}/{id}")
    apply_url = "applyUrl"
    title = "name"
    company = "company.name"
    requisition_id = "refNumber"
    location = ("location.fullLocation", "{location.city}, {location.region}, {location.country}", "location.country")
    remote = "location.remote"
    description = Sections("jobAd.sections", "title", "text")
    posted = "releasedDate"
    salary_min = "compensation.salary.min"
    salary_max = "compensation.salary.max"
    salary_currency = "compensation.salary.currency"
    salary_period = "compensation.salary.period"
    employment_type = "typeOfEmployment.label"
    seniority = "experienceLevel.label"
    department = ("department.label", "function.label")
    tags = "industry.label"
    language = "language.code"
    detail = "https://api.smartrecruiters.com/v1/companies/{@board}/postings/{id}"
    known = (
        "uuid jobAdId jobId defaultJobAd visibility ref creator customField referralUrl active function postingUrl"
        " applyUrl"
    )

    def read_one(self, said: dict[str, object], record: dict[str, object]) -> dict[str, object]:
        place = record.get("location")
        return {**said, "remote": "hybrid"} if isinstance(place, dict) and place.get("hybrid") is True else said
