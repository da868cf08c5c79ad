"""Greenhouse: the job board API of each tenant, one answer with everything."""

from spiders.bases import Cents, JsonApi, Pay, Plain, Where


class Greenhouse(JsonApi):
    listing = "https://boards-api.greenhouse.io/v1/boards/{@board}/jobs?content=true"
    board_form = r"greenhouse\.io/(?:v1/boards/|embed/job_board\?for=)?(?P<board>[\w-]+)/jobs"
    records = "jobs"
    total = "meta.total"
    as_named = "requisition_id language"
    url = "absolute_url"
    company = "company_name"
    location = ("location.name", Plain("location"), "offices[].location", "offices[].name")
    remote = Where("metadata[]", "name", ("Location Type", "Workplace Type", "Remote"), "value")
    description = "content"
    posted = "first_published"
    updated = "updated_at"
    valid_through = "application_deadline"
    pay = Pay(
        Cents("pay_input_ranges[].min_cents"), Cents("pay_input_ranges[].max_cents"), "pay_input_ranges[].currency_type"
    )
    employment_type = Where("metadata[]", "name", ("Employment Type", "Time Type"), "value")
    seniority = Where("metadata[]", "name", ("Job Level", "Level", "Seniority"), "value")
    department = "departments[].name"
