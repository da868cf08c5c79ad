"""Pinpoint: the postings of each company's career site, one answer with everything; its only date is the deadline."""

from spiders.bases import Joined, JsonApi, Pay, Place, Plain


class Pinpoint(JsonApi):
    listing = "https://{@board}.pinpointhq.com/postings.json"
    records = "data"
    url = ("url", "https://{@board|www}.pinpointhq.com/postings/{id}")
    requisition_id = "job.requisition_id"
    location = (Place("location.city", "location.province"), "location.name")
    remote = ("workplace_type", "workplace_type_text")
    description = Joined(
        "description", "key_responsibilities", "skills_knowledge_expertise", "benefits", headed="{}_header"
    )
    valid_through = "deadline_at"
    salary = "compensation"
    pay = Pay(*(f"compensation_{part}" for part in ("minimum", "maximum", "currency", "frequency")))
    employment_type = ("employment_type_text", "employment_type")
    department = ("job.department.name", "job.division.name", "department.name", Plain("department"))
