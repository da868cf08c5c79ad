"""NEOGOV (governmentjobs.com): the feed of each public employer."""

from spiders.bases import Feed, Joined, Pay

JOB = "joblisting:"


class Neogov(Feed):
    listing = "https://www.governmentjobs.com/SearchEngine/JobsFeed?agency={@board}"
    board_form = r"governmentjobs\.com/careers/(?P<board>[\w-]+)"
    external_id = (f"{JOB}jobId", "guid")
    location = f"{JOB}location"
    description = Joined(
        "description",
        ("Duties", f"{JOB}examplesofduties"),
        ("Qualifications", f"{JOB}qualifications"),
        ("Supplemental information", f"{JOB}supplementalinformation"),
        ("Benefits", f"{JOB}benefits"),
    )
    posted = (f"{JOB}advertiseFromDateUTC", "pubDate")
    valid_through = f"{JOB}advertiseToDateTimeUTC"
    pay = Pay(f"{JOB}minimumSalary", f"{JOB}maximumSalary", f"{JOB}salaryCurrency", f"{JOB}salaryInterval")
    employment_type = f"{JOB}jobType"
    department = (f"{JOB}department", f"{JOB}division")
    tags = f"{JOB}categories.{JOB}category[]"
