"""Bundesagentur für Arbeit (Germany): its job search, asked for informatics, a week back; the key is a public one."""

from spiders.bases import All, ByNumber, JsonApi, Places

API = "https://rest.arbeitsagentur.de/jobboerse/jobsuche-service/pc"
PAGE = "https://www.arbeitsagentur.de/jobsuche/jobdetail"
V6, V4 = ("adresse.ort", "adresse.region", "adresse.land"), ("ort", "region", "land")


class Arbeitsagentur(JsonApi):
    listing = f"{API}/v6/jobs?berufsfeld=Informatik&size=100&page=1&veroeffentlichtseit=7"
    detail = (f"{API}/v4/jobdetails/{{referenznummer|base64}}", f"{API}/v4/jobdetails/{{refnr|base64}}")
    headers = {"X-API-Key": "jobboerse-jobsuche"}
    paging = ByNumber("page", last=100, most=100)
    records = ("ergebnisliste", "stellenangebote")
    total = "maxErgebnisse"
    external_id = ("referenznummer", "refnr")
    url = ("externeURL", "externeUrl", f"{PAGE}/{{referenznummer}}", f"{PAGE}/{{refnr}}")
    title = ("stellenangebotsTitel", "titel")
    company = ("firma", "arbeitgeber")
    location = (Places("stellenlokationen[]", *V6), Places("arbeitsorte[]", *V4), Places("arbeitsort", *V4))
    remote = ("homeofficemoeglich", "homeofficetyp")
    description = ("stellenangebotsBeschreibung", "stellenbeschreibung")
    posted = ("datumErsteVeroeffentlichung", "aktuelleVeroeffentlichungsdatum")
    updated = ("aenderungsdatum", "modifikationsTimestamp")
    salary = "verguetungsangabe"
    employment_type = All("arbeitszeitmodelle", "vertragsdauer")
    department = ("hauptberuf", "beruf")
    volatile = "entfernung"
