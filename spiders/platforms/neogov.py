"""NEOGOV (governmentjobs.com): the feed of each public employer."""

from spiders.bases import Feed, Joined


class Neogov(Feed):
    listing = "https://www.governmentjobs.com/SearchEngine/JobsFeed?agency={@board}"
    board_form = r"governmentjobs\.com/careers/(?P<board>[\w-]+)"
    external_id = ("joblisting:jobId", "guid")
    location = "joblisting:location"
    description = Joined(
        "description",
        ("Duties", "joblisting:examplesofduties"),
        ("Qualifications", "joblisting:qualifications"),
        ("Supplemental information", "joblisting:supplementalinformation"),
        ("Benefits", "joblisting:benefits"),
    )
    posted = ("joblisting:advertiseFromDateUTC", "pubDate")
    valid_through = "joblisting:advertiseToDateTimeUTC"
    salary_min = "joblisting:minimumSalary"
    salary_max = "joblisting:maximumSalary"
    salary_currency = "joblisting:salaryCurrency"
    salary_period = "joblisting:salaryInterval"
    employment_type = "joblisting:jobType"
    department = ("joblisting:department", "joblisting:division")
    tags = "joblisting:categories.joblisting:category[]"
    known = (
        "guid pubDate joblisting:state joblisting:country joblisting:examNumber joblisting:division"
        " joblisting:jobNumber"
    )
