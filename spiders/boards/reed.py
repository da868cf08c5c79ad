"""Reed (United Kingdom): remote back-end jobs, with a key; the whole text stands in an answer of its own."""

from spiders.bases import ByOffset, JsonApi


class Reed(JsonApi):
    listing = "https://www.reed.co.uk/api/1.0/search?keywords=backend%20developer&resultsToTake=100"
    headers = {"Authorization": "Basic {@ROLECALL_REED_KEY|basic}"}
    paging = ByOffset("resultsToSkip", most=30)
    records = "results"
    total = "totalResults"
    external_id = "jobId"
    url = ("jobUrl", "https://www.reed.co.uk/jobs/{jobId}")
    apply_url = "externalUrl"
    title = "jobTitle"
    company = "employerName"
    location = "locationName"
    description = "jobDescription"
    posted = ("datePosted", "date")
    valid_through = "expirationDate"
    salary = "salary"
    salary_min = ("yearlyMinimumSalary", "minimumSalary")
    salary_max = ("yearlyMaximumSalary", "maximumSalary")
    salary_currency = "currency"
    salary_period = "salaryType"
    employment_type = ("contractType", "jobType")
    detail = "https://www.reed.co.uk/api/1.0/jobs/{jobId}"
    volatile = "applications applicationCount"
    known = (
        "employerId employerProfileId employerProfileName externalUrl partTime fullTime minimumSalary maximumSalary"
        " date datePosted"
    )
