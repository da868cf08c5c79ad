"""Recruitee: the offers of each company's career site, one answer with everything."""

from spiders.bases import Flag, Joined, JsonApi, Pay, Place, Places

SALARY = [(f"salary.{part}", f"salary_{part}") for part in ("min", "max", "currency", "period")]


class Recruitee(JsonApi):
    listing = "https://{@board}.recruitee.com/api/offers/"
    records = "offers"
    detail_at = "offer"
    listed = ("status", "published")
    as_named = "department tags"
    url = "careers_url"
    apply_url = "careers_apply_url"
    company = "company_name"
    location = (Places("locations[]", "city", "state", "country"), "location", Place("city", "state_name", "country"))
    # three flags, of which several may be true: the way of working that leaves most freedom is the one offered
    remote = (Flag("remote", "remote"), Flag("hybrid", "hybrid"), Flag("on_site", "on_site"))
    description = Joined("description", "requirements")
    posted = ("published_at", "created_at")
    updated = "updated_at"
    valid_through = "close_at"
    pay = Pay(*SALARY)
    employment_type = "employment_type_code"
    seniority = "experience_code"
