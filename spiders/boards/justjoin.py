"""Just Join IT: a list by cursor, which is passed on as ``from``; the text stands in an answer of its own."""

from spiders.bases import ByCursor, JsonApi, Places


class JustJoin(JsonApi):
    listing = "https://api.justjoin.it/v2/user-panel/offers/by-cursor?from=0"
    paging = ByCursor("from", at="meta.next.cursor", most=200)
    records = "data"
    total = ("meta.totalItems", "meta.total")
    external_id = ("guid", "slug")
    url = "https://justjoin.it/job-offer/{slug}"
    title = "title"
    company = "companyName"
    location = (Places("multilocation[]", "city"), "city")
    remote = ("workplaceType.value", "workplaceType")
    description = "body"
    posted = "publishedAt"
    valid_through = "expiredAt"
    salary_min = "employmentTypes[].from"
    salary_max = "employmentTypes[].to"
    salary_currency = "employmentTypes[].currency"
    salary_period = "employmentTypes[].unit"
    employment_type = "employmentTypes[].type"
    seniority = ("experienceLevel.value", "experienceLevel.label", "experienceLevel")
    department = ("category.key", "category")
    tags = ("requiredSkills[].name", "requiredSkills")
    detail = "https://api.justjoin.it/v1/offers/{slug}"
    volatile = "lastPublishedAt"
    known = (
        "categoryId companyLogoThumbUrl companyUrl countryCode street latitude longitude isOpenToHireUkrainians"
        " languages niceToHaveSkills openToHireUkrainians remoteInterview workingTime slug applyUrl apply id"
    )
