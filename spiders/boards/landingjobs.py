"""Landing.jobs: read for saved answers only, since its robots.txt keeps crawlers from /api/."""

from spiders.bases import ByNumber, Joined, JsonApi, Named, Pay, Places


class LandingJobs(JsonApi):
    listing = "https://landing.jobs/api/v1/jobs"
    paging = ByNumber("page", ignored_is_whole=True)
    as_named = "remote tags"
    # in real answers the company stands in the address alone
    company = ("company_name", "company.name", Named("url", r"/at/([^/]{1,100})/"))
    location = Places("locations[]", "city", "country_code")
    description = Joined("role_description", "main_requirements", "nice_to_have", "perks")
    posted = ("published_at", "created_at")
    updated = "updated_at"
    valid_through = "expires_at"
    pay = Pay(("gross_salary_low", "salary_low"), ("gross_salary_high", "salary_high"), "currency_code")
    employment_type = "type"
