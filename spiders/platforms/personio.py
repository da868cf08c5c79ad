"""Personio: the XML of each company's job page."""

from spiders.bases import All, Feed, Sections


class Personio(Feed):
    listing = "https://{@board}.jobs.personio.de/xml?language=en"
    board_form = r"//(?!www\.)(?P<board>[\w-]+)\.jobs\.personio\."
    item = "position"
    as_named = "seniority"
    url = ("https://{@board}.jobs.personio.de/job/{id}", "https://jobs.personio.de/job/{id}")
    title = "name"
    company = "subcompany"
    location = All("office", "additionalOffices.office[]")
    description = Sections("jobDescriptions.jobDescription[]", "name", "value")
    posted = "createdAt"
    employment_type = All("employmentType", "schedule")
    department = ("department", "recruitingCategory")
    tags = ("keywords", "occupation")
