"""RemoteJobs.org: its public API, programming jobs only."""

from spiders.bases import ByOffset, JsonApi, Pay


class RemoteJobsOrg(JsonApi):
    listing = "https://remotejobs.org/api/v1/jobs?category=programming&limit=50"
    paging = ByOffset("offset", most=40)
    records = ("data", "jobs")
    total = "pagination.total"
    external_id = ("id", "slug")
    url = ("url", "apply_url")
    as_named = "apply_url location"
    company = ("company.name", "company_name", "company")
    posted = ("posted_at", "published_at", "created_at")
    salary = ("salary_text", "salary")
    pay = Pay("salary_min", "salary_max")
    employment_type = ("type", "job_type", "employment_type")
    department = ("category.name", "category")
    tags = ("tags[].name", "tags", "skills")
