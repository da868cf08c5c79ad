"""No Fluff Jobs: one large document of all ads; the text of each stands in an answer of its own."""

from spiders.bases import All, Joined, JsonApi, Pay, Places

SERVER_SIDE = ("backend", "fullstack", "devops", "architecture", "data", "artificialIntelligence", "other")


class NoFluffJobs(JsonApi):
    listing = "https://nofluffjobs.com/api/posting"
    detail = "https://nofluffjobs.com/api/posting/{url}"
    biggest = 96 * 2**20
    records = "postings"
    total = "totalCount"
    listed = ("category", SERVER_SIDE)
    posted = "posted"
    url = ("https://nofluffjobs.com/job/{url}", "https://nofluffjobs.com/job/{id}")
    company = ("name", "company.name")
    location = Places("location.places[]", "city", "country.name")
    remote = ("fullyRemote", "location.fullyRemote")
    description = Joined("details.description", "requirements.description")
    pay = Pay("salary.from", "salary.to", "salary.currency", "salary.period")
    employment_type = "salary.type"
    seniority = ("seniority", "basics.seniority")
    department = ("category", "basics.category")
    tags = All("technology", "tiles.values[].value", "requirements.musts[].value")
    volatile = "renewed"
