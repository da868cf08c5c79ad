"""Greenhouse: the job board API of each tenant, one answer with everything."""

from spiders.bases import JsonApi, Where


class Greenhouse(JsonApi):
    listing = "https://boards-api.greenhouse.io/v1/boards/{@board}/jobs?content=true"
    board_form = r"greenhouse\.io/(?:v1/boards/|embed/job_board\?for=)?(?P<board>[\w-]+)/jobs"
    records = "jobs"
    total = "meta.total"
    external_id = "id"
    url = "absolute_url"
    title = "title"
    company = "company_name"
    requisition_id = "requisition_id"
    location = ("location.name", "offices[].location", "offices[].name")
    remote = Where("metadata[]", "name", ("Location Type", "Workplace Type", "Remote"), "value")
    description = "content"
    posted = "first_published"
    updated = "updated_at"
    valid_through = "application_deadline"
    salary_min = "pay_input_ranges[].min_cents"
    salary_max = "pay_input_ranges[].max_cents"
    salary_currency = "pay_input_ranges[].currency_type"
    employment_type = Where("metadata[]", "name", ("Employment Type", "Time Type"), "value")
    seniority = Where("metadata[]", "name", ("Job Level", "Level", "Seniority"), "value")
    department = "departments[].name"
    language = "language"
    known = (
        "internal_job_id data_compliance ai_disclaimer include_ai_disclaimer ai_opt_out_request_url questions"
        " compliance location_questions demographic_questions education"
    )

    def read_one(self, said: dict[str, object], record: dict[str, object]) -> dict[str, object]:
        for name in ("salary_min", "salary_max"):
            if isinstance(cents := said.get(name), int):
                said[name] = cents / 100
        return said
