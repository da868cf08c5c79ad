"""Ashby: the public job board of each tenant, one answer with everything; unlisted ads are not public."""

from spiders.bases import All, JsonApi, Pay

COMPONENTS = ("compensation.summaryComponents[]", "compensation.compensationTiers[].components[]")


class Ashby(JsonApi):
    listing = "https://api.ashbyhq.com/posting-api/job-board/{@board}?includeCompensation=true"
    board_form = r"ashbyhq\.com/(?:posting-api/job-board/)?(?P<board>[^/?#]+)"
    records = "jobs"
    listed = ("isListed", True)
    as_named = "applyUrl employmentType"
    url = "jobUrl"
    location = All("location", "secondaryLocations[].location")
    remote = ("workplaceType", "isRemote")
    description = ("descriptionHtml", "descriptionPlain")
    posted = "publishedAt"
    salary = ("compensation.scrapeableCompensationSalarySummary", "compensation.compensationTierSummary")
    pay = Pay.where(COMPONENTS, "compensationType", "Salary", "minValue", "maxValue", "currencyCode", "interval")
    department = All("department", "team")
