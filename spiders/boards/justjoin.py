"""Just Join IT: a list by cursor, which is passed on as ``from``; the text stands in an answer of its own."""

from spiders.bases import ByCursor, JsonApi, Pay, Places, Plain


class JustJoin(JsonApi):
    listing = "https://api.justjoin.it/v2/user-panel/offers/by-cursor?from=0"
    detail = "https://api.justjoin.it/v1/offers/{slug}"
    paging = ByCursor("from", at="meta.next.cursor", most=200)
    records = "data"
    total = ("meta.totalItems", "meta.total")
    external_id = ("guid", "slug")
    url = "https://justjoin.it/job-offer/{slug}"
    company = "companyName"
    location = (Places("multilocation[]", "city"), "city")
    remote = ("workplaceType.value", Plain("workplaceType"))
    description = "body"
    posted = "publishedAt"
    valid_through = "expiredAt"
    pay = Pay(*(f"employmentTypes[].{part}" for part in ("from", "to", "currency", "unit")))
    employment_type = "employmentTypes[].type"
    seniority = ("experienceLevel.value", "experienceLevel.label", Plain("experienceLevel"))
    department = ("category.key", Plain("category"))
    tags = ("requiredSkills[].name", "requiredSkills")
    volatile = "lastPublishedAt"
