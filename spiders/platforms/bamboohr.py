"""BambooHR: a list of each company's openings; the text of each stands in an answer of its own."""

from typing import Any

from spiders.bases import JsonApi


class BambooHr(JsonApi):
    listing = "https://{@board}.bamboohr.com/careers/list"
    board_form = r"//(?!www\.)(?P<board>[\w-]+)\.bamboohr\.com"
    records = "result"
    detail_at = "result.jobOpening"
    total = "meta.totalCount"
    external_id = ("id", "jobOpeningShareUrl")
    # a saved answer that comes without its tenant still names the ad
    url = (
        "jobOpeningShareUrl",
        "https://{@board}.bamboohr.com/careers/{id}",
        "https://www.bamboohr.com/careers/{id}",
    )
    title = "jobOpeningName"
    location = (
        "{location.city}, {location.state}, {atsLocation.country}",
        "{location.city}, {location.state}",
        "{atsLocation.city}, {atsLocation.state}, {atsLocation.country}",
        "{atsLocation.city}, {atsLocation.country}",
        "location.city",
        "atsLocation.country",
    )
    remote = "isRemote"
    description = "description"
    posted = "datePosted"
    salary = "compensation"
    employment_type = "employmentStatusLabel"
    seniority = "minimumExperience"
    department = "departmentLabel"
    detail = "https://{@board}.bamboohr.com/careers/{id}/detail"
    known = "departmentId employmentType location atsLocation locationType jobCategoryId jobOpeningStatus"

    def read_one(self, said: dict[str, Any], record: Any) -> dict[str, Any]:
        said["external_id"] = str(said.get("external_id") or "").rstrip("/").rpartition("/")[2] or None
        # 0 on site, 1 remote, 2 hybrid
        way = {"1": "remote", "2": "hybrid"}.get(str(record.get("locationType")))
        return {**said, "remote": way} if way else said
