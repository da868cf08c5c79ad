"""Remotive: remote jobs by its public API; software categories only are asked for."""

from spiders.bases import JsonApi


class Remotive(JsonApi):
    listing = "https://remotive.com/api/remote-jobs?category=software-dev"
    records = "jobs"
    external_id = "id"
    url = "url"
    title = "title"
    company = "company_name"
    location = "candidate_required_location"
    description = "description"
    posted = "publication_date"
    salary = "salary"
    employment_type = "job_type"
    department = "category"
    tags = "tags"
    known = "company_logo company_logo_url"
    words = {"employment_type": ("full_time", "part_time", "contract", "freelance", "internship", "other")}
