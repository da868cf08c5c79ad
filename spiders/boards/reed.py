"""Reed (United Kingdom): remote back-end jobs, with a key; the whole text stands in an answer of its own."""

from spiders.bases import ByOffset, JsonApi, Pay

API = "https://www.reed.co.uk/api/1.0"
LOW, HIGH = ("yearlyMinimumSalary", "minimumSalary"), ("yearlyMaximumSalary", "maximumSalary")


class Reed(JsonApi):
    listing = f"{API}/search?keywords=backend%20developer&resultsToTake=100"
    detail = f"{API}/jobs/{{jobId}}"
    headers = {"Authorization": "Basic {@ROLECALL_REED_KEY|basic}"}
    paging = ByOffset("resultsToSkip", most=30)
    records = "results"
    total = "totalResults"
    salary = "salary"
    external_id = "jobId"
    url = ("jobUrl", "https://www.reed.co.uk/jobs/{jobId}")
    apply_url = "externalUrl"
    title = "jobTitle"
    company = "employerName"
    location = "locationName"
    description = "jobDescription"
    posted = ("datePosted", "date")
    valid_through = "expirationDate"
    pay = Pay(LOW, HIGH, "currency", "salaryType")
    employment_type = ("contractType", "jobType")
    volatile = "applications applicationCount"
