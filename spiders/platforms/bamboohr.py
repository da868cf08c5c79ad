"""BambooHR: a list of each company's openings; the text of each stands in an answer of its own."""

from spiders.bases import Coded, JsonApi, Place, Tail


class BambooHr(JsonApi):
    listing = "https://{@board}.bamboohr.com/careers/list"
    records = "result"
    detail = "https://{@board}.bamboohr.com/careers/{id}/detail"
    detail_at = "result.jobOpening"
    total = "meta.totalCount"
    external_id = ("id", Tail("jobOpeningShareUrl"))
    url = ("jobOpeningShareUrl", "https://{@board|www}.bamboohr.com/careers/{id}")
    title = "jobOpeningName"
    location = Place(
        ("location.city", "atsLocation.city"),
        ("location.state", "atsLocation.state", "atsLocation.province"),
        ("atsLocation.country", "location.addressCountry"),
    )
    remote = (Coded("locationType", {"0": None, "1": "remote", "2": "hybrid"}), "isRemote")
    posted = "datePosted"
    salary = "compensation"
    employment_type = "employmentStatusLabel"
    seniority = "minimumExperience"
    department = "departmentLabel"
