"""Pinpoint: the postings of each company's career site, one answer with everything."""

from spiders.bases import Joined, JsonApi


class Pinpoint(JsonApi):
    listing = "https://{@board}.pinpointhq.com/postings.json"
    board_form = r"//(?!www\.)(?P<board>[\w-]+)\.pinpointhq\.com"
    records = "data"
    external_id = "id"
    # a saved answer that comes without its tenant still names the ad
    url = ("url", "https://{@board}.pinpointhq.com/postings/{id}", "https://www.pinpointhq.com/postings/{id}")
    title = "title"
    requisition_id = "job.requisition_id"
    location = ("{location.city}, {location.province}", "location.city", "location.name")
    remote = ("workplace_type", "workplace_type_text")
    description = Joined(
        "description",
        ("{key_responsibilities_header}", "key_responsibilities"),
        ("{skills_knowledge_expertise_header}", "skills_knowledge_expertise"),
        ("{benefits_header}", "benefits"),
    )
    # the only date that is known here is the deadline
    valid_through = "deadline_at"
    salary = "compensation"
    salary_min = "compensation_minimum"
    salary_max = "compensation_maximum"
    salary_currency = "compensation_currency"
    salary_period = "compensation_frequency"
    employment_type = ("employment_type_text", "employment_type")
    department = ("job.department.name", "job.division.name", "department.name", "department")
    known = "path compensation_visible workplace_type_text reporting_to employment_type"
