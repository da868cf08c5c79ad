"""Ashby: the public job board of each tenant, one answer with everything; unlisted ads are not public."""

from spiders.bases import All, JsonApi, Where


class Ashby(JsonApi):
    listing = "https://api.ashbyhq.com/posting-api/job-board/{@board}?includeCompensation=true"
    board_form = r"ashbyhq\.com/(?:posting-api/job-board/)?(?P<board>[^/?#]+)"
    records = "jobs"
    listed = ("isListed", True)
    external_id = "id"
    url = "jobUrl"
    apply_url = "applyUrl"
    title = "title"
    location = All("location", "secondaryLocations[].location")
    remote = ("workplaceType", "isRemote")
    description = ("descriptionHtml", "descriptionPlain")
    posted = "publishedAt"
    salary = ("compensation.scrapeableCompensationSalarySummary", "compensation.compensationTierSummary")
    salary_min = Where("compensation.summaryComponents[]", "compensationType", "Salary", "minValue")
    salary_max = Where("compensation.summaryComponents[]", "compensationType", "Salary", "maxValue")
    salary_currency = Where("compensation.summaryComponents[]", "compensationType", "Salary", "currencyCode")
    salary_period = Where("compensation.summaryComponents[]", "compensationType", "Salary", "interval")
    employment_type = "employmentType"
    department = All("department", "team")
    known = "address descriptionPlain shouldDisplayCompensationOnJobPostings isRemote updatedAt linkedData"
    words = {
        "employment_type": ("FullTime", "PartTime", "Intern", "Contract", "Temporary"),
        "remote": ("Remote", "Hybrid", "OnSite", "true", "True", "False"),
    }
