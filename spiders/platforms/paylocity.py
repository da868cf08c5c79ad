"""Paylocity: the page of each company's jobs holds them as a variable. A board is ``GUID/NAME`` of its address."""

from spiders.bases import JsonApi, Place


class Paylocity(JsonApi):
    listing = "https://recruiting.paylocity.com/recruiting/jobs/All/{@board}"
    board_form = r"recruiting\.paylocity\.com/[Rr]ecruiting/[Jj]obs/All/(?P<board>[\w-]+/[\w-]+)"
    embedded = r"window\.pageData\s{0,4}=\s{0,4}"
    records = "Jobs"
    listed = ("IsInternal", False)
    external_id = "JobId"
    url = "https://recruiting.paylocity.com/Recruiting/Jobs/Details/{JobId}"
    title = "JobTitle"
    company = "/ModuleTitle"
    location = (Place("JobLocation.City", "JobLocation.State", "JobLocation.Country"), "LocationName")
    remote = ("IsRemote", "LocationName")
    description = "Description"
    posted = "PublishedDate"
    department = "HiringDepartment"
