"""Remotive: remote jobs by its public API; software categories only are asked for."""

from spiders.bases import JsonApi


class Remotive(JsonApi):
    listing = "https://remotive.com/api/remote-jobs?category=software-dev"
    records = "jobs"
    as_named = "salary tags"
    company = "company_name"
    location = "candidate_required_location"
    posted = "publication_date"
    employment_type = "job_type"
    department = "category"
