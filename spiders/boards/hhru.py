"""hh.ru: back-end vacancies that are remote; the text of each stands in an answer of its own."""

from spiders.bases import All, ByNumber, JsonApi


class HhRu(JsonApi):
    listing = "https://api.hh.ru/vacancies?text=backend&professional_role=96&work_format=REMOTE&per_page=100&page=0"
    paging = ByNumber("page", first=0, pages="pages", most=20)
    records = "items"
    total = "found"
    external_id = "id"
    url = "alternate_url"
    apply_url = "apply_alternate_url"
    title = "name"
    company = "employer.name"
    company_url = ("employer.site_url", "employer.alternate_url")
    location = ("address.raw", "area.name")
    remote = All("work_format[].id", "schedule.id")
    description = ("description", "snippet.responsibility")
    posted = "published_at"
    updated = "initial_created_at"
    salary_min = ("salary_range.from", "salary.from")
    salary_max = ("salary_range.to", "salary.to")
    salary_currency = ("salary_range.currency", "salary.currency")
    salary_period = "salary_range.mode.id"
    employment_type = ("employment_form.name", "employment.name")
    seniority = "experience.name"
    department = "professional_roles[].name"
    tags = "key_skills[].name"
    detail = "https://api.hh.ru/vacancies/{id}"
    volatile = "adv_response_url sort_point_distance show_contacts counters"
    known = (
        "accept_incomplete_resumes accept_temporary adv_context archived branding brand_snippet contacts created_at"
        " department experience fly_in_fly_out_duration has_test insider_interview internship is_adv_vacancy"
        " night_shifts"
        " premium relations response_letter_required response_url show_logo_in_search snippet type url"
        " work_schedule_by_days"
        " working_days working_hours working_time_intervals working_time_modes video_vacancy employment"
    )
