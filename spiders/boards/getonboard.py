"""Get on Board: its public search for back-end work in Latin America, JSON:API."""

from spiders.bases import All, ByNumber, Joined, JsonApi, Pay, Plain


class GetOnBoard(JsonApi):
    listing = "https://www.getonbrd.com/api/v0/search/jobs?query=backend&per_page=100&expand=%5B%22company%22%5D"
    paging = ByNumber("page", pages="meta.total_pages", most=30)
    records = "data"
    within = "attributes"
    url = "links.public_url"
    company = ("company.data.attributes.name", "company.name", Plain("company"))
    location = ("countries", "location_cities")
    applicant_regions = "remote_zone"
    remote = All("remote_modality", "remote")
    description = Joined("projects", "functions", "desirable", "benefits", "description", headed="{}_headline")
    posted = "published_at"
    pay = Pay("min_salary", "max_salary")
    employment_type = ("modality.name", Plain("modality"))
    seniority = ("seniority.name", Plain("seniority"))
    department = "category_name"
    tags = ("tags[].name", "tags")
