"""Platsbanken (Sweden): the public stream of changes; an ad with ``removed`` has been withdrawn."""

from datetime import timedelta

from spiders.bases import Joined, JsonApi, Places


class Platsbanken(JsonApi):
    # apaJ_2ja_LuF is the field of occupation Data/IT in the taxonomy of JobTech
    listing = "https://jobstream.api.jobtechdev.se/stream?date={@since}&occupation-concept-id=apaJ_2ja_LuF"
    since = timedelta(days=7)
    biggest = 64 * 2**20
    records = ("hits", "testannonser")
    gone = ("removed", True)
    external_id = ("id", "annonsId")
    url = (
        "webpage_url",
        "https://arbetsformedlingen.se/platsbanken/annonser/{id}",
        "https://arbetsformedlingen.se/platsbanken/annonser/{annonsId}",
    )
    apply_url = ("application_details.url", "ansokningssattWebbadress")
    title = ("headline", "annonsrubrik")
    company = ("employer.name", "employer.workplace", "arbetsgivareNamn", "arbetsplatsNamn")
    company_url = ("employer.url", "webbadress")
    requisition_id = ("external_id", "application_details.reference", "externtAnnonsId")
    location = (
        Places("workplace_address", "municipality", "region", "country"),
        Places("arbetsplatsadress", "kommun.namn", "lan.namn", "land.namn"),
    )
    remote = "remote_work.option"
    description = (
        Joined("description.text_formatted", "description.conditions"),
        "description.text",
        "annonstextFormaterad",
        "annonstext",
    )
    posted = ("publication_date", "publiceringsdatum")
    valid_through = ("application_deadline", "last_publication_date", "sistaAnsokningsdatum", "sistaPubliceringsdatum")
    salary = ("salary_description", "lonebeskrivning")
    employment_type = ("employment_type.label", "working_hours_type.label", "anstallningTyp.namn", "arbetstidTyp.namn")
    department = ("occupation.label", "yrkesroll.namn")
    tags = ("must_have.skills[].label", "occupation_group.label")
