"""Get on Board: its public search for back-end work in Latin America, JSON:API."""

from spiders.bases import All, ByNumber, Joined, JsonApi


class GetOnBoard(JsonApi):
    listing = "https://www.getonbrd.com/api/v0/search/jobs?query=backend&per_page=100&expand=%5B%22company%22%5D"
    paging = ByNumber("page", pages="meta.total_pages", most=30)
    records = "data"
    external_id = "id"
    url = "links.public_url"
    title = "attributes.title"
    company = ("attributes.company.data.attributes.name", "attributes.company.name", "attributes.company")
    location = ("attributes.countries", "attributes.location_cities")
    applicant_regions = "attributes.remote_zone"
    remote = All("attributes.remote_modality", "attributes.remote")
    description = Joined(
        "attributes.projects",
        ("{attributes.functions_headline}", "attributes.functions"),
        ("{attributes.desirable_headline}", "attributes.desirable"),
        ("{attributes.benefits_headline}", "attributes.benefits"),
        "attributes.description",
    )
    posted = "attributes.published_at"
    salary_min = "attributes.min_salary"
    salary_max = "attributes.max_salary"
    employment_type = ("attributes.modality.name", "attributes.modality")
    seniority = ("attributes.seniority.name", "attributes.seniority")
    department = "attributes.category_name"
    tags = ("attributes.tags[].name", "attributes.tags")
    known = "type"
