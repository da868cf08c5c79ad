"""Bundesagentur für Arbeit (Germany): its job search, asked for informatics, a week back; the key is a public one."""

from spiders.bases import All, ByNumber, JsonApi, Places

API = "https://rest.arbeitsagentur.de/jobboerse/jobsuche-service/pc"


class Arbeitsagentur(JsonApi):
    listing = f"{API}/v6/jobs?berufsfeld=Informatik&size=100&page=1&veroeffentlichtseit=7"
    headers = {"X-API-Key": "jobboerse-jobsuche"}
    paging = ByNumber("page", last=100, most=100)
    records = ("ergebnisliste", "stellenangebote")
    total = "maxErgebnisse"
    external_id = ("referenznummer", "refnr")
    url = (
        "externeURL",
        "externeUrl",
        "https://www.arbeitsagentur.de/jobsuche/jobdetail/{referenznummer}",
        "https://www.arbeitsagentur.de/jobsuche/jobdetail/{refnr}",
    )
    title = ("stellenangebotsTitel", "titel")
    company = ("firma", "arbeitgeber")
    location = (
        Places("stellenlokationen[]", "adresse.ort", "adresse.region", "adresse.land"),
        Places("arbeitsort", "ort", "region", "land"),
    )
    remote = ("homeofficemoeglich", "homeofficetyp")
    description = ("stellenangebotsBeschreibung", "stellenbeschreibung")
    posted = ("datumErsteVeroeffentlichung", "aktuelleVeroeffentlichungsdatum")
    updated = ("aenderungsdatum", "modifikationsTimestamp")
    salary = "verguetungsangabe"
    employment_type = All("arbeitszeitmodelle", "vertragsdauer")
    department = ("hauptberuf", "beruf")
    detail = (f"{API}/v4/jobdetails/{{referenznummer|base64}}", f"{API}/v4/jobdetails/{{refnr|base64}}")
    volatile = "entfernung"
    known = (
        "eintrittsdatum eintrittszeitraum kundennummerHash chiffrenummer allianzpartnerName allianzpartnerUrl"
        " anzahlOffeneStellen stellenangebotsart logoHashStellengeber alternativBerufe veroeffentlichungszeitraum"
    )
