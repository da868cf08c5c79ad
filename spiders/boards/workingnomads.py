"""Working Nomads: the newest fifty ads; they have no id, so the number at the end of the address is theirs."""

from spiders.bases import JsonApi, Tail


class WorkingNomads(JsonApi):
    listing = "https://www.workingnomads.com/api/exposed_jobs/"
    as_named = "location tags"
    external_id = ("id", Tail("url", after="-"))
    company = "company_name"
    posted = "pub_date"
    department = "category_name"
