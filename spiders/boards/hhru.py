"""hh.ru: back-end vacancies that are remote; the text of each stands in an answer of its own."""

from spiders.bases import All, ByNumber, JsonApi, Pay


class HhRu(JsonApi):
    listing = "https://api.hh.ru/vacancies?text=backend&professional_role=96&work_format=REMOTE&per_page=100&page=0"
    detail = "https://api.hh.ru/vacancies/{id}"
    paging = ByNumber("page", first=0, pages="pages", most=20)
    records = "items"
    total = "found"
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
    pay = Pay(
        ("salary_range.from", "salary.from"),
        ("salary_range.to", "salary.to"),
        ("salary_range.currency", "salary.currency"),
        "salary_range.mode.id",
    )
    employment_type = ("employment_form.name", "employment.name")
    seniority = "experience.name"
    department = "professional_roles[].name"
    tags = "key_skills[].name"
    volatile = "adv_response_url sort_point_distance show_contacts counters"
