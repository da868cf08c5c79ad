"""RemoteJobs.org: its public API, programming jobs only."""

from spiders.bases import ByNumber, JsonApi


class RemoteJobsOrg(JsonApi):
    listing = "https://remotejobs.org/api/v1/jobs?category=programming&limit=50"
    paging = ByNumber("page", most=40)
    records = ("data", "jobs")
    total = "pagination.total"
    external_id = ("id", "slug")
    url = ("url", "apply_url")
    apply_url = "apply_url"
    title = "title"
    company = ("company.name", "company_name", "company")
    location = "location"
    description = "description"
    posted = ("posted_at", "published_at", "created_at")
    salary = ("salary_text", "salary")
    salary_min = "salary_min"
    salary_max = "salary_max"
    employment_type = ("type", "job_type", "employment_type")
    department = ("category.name", "category")
    tags = ("tags[].name", "tags", "skills")
    known = "salary_currency slug remote logo expires_at is_featured"
