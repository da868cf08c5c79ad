"""The Muse: remote software jobs by its public API; page 99 is the last that it gives."""

from spiders.bases import ByNumber, JsonApi


class TheMuse(JsonApi):
    listing = "https://www.themuse.com/api/public/jobs?category=Software%20Engineering&location=Flexible%20%2F%20Remote&page=0"
    paging = ByNumber("page", first=0, last=99, pages="page_count", most=100)
    records = "results"
    total = "total"
    url = "refs.landing_page"
    title = "name"
    company = "company.name"
    location = "locations[].name"
    description = "contents"
    posted = "publication_date"
    seniority = "levels[].name"
    department = "categories[].name"
    tags = "tags[].name"
