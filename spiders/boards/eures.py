"""EURES: the European job mobility portal, asked for software developers (ISCO 251); its places are NUTS codes."""

from spiders.bases import ByNumber, JsonApi, Keys

ASKS = {"sortSearch": "MOST_RECENT", "keywords": [], "occupationUris": ["http://data.europa.eu/esco/isco/C251"]}


class Eures(JsonApi):
    listing = "https://europa.eu/eures/api/jv-searchengine/public/jv-search/search"
    post = {"resultsPerPage": 50, "page": 1, **ASKS, "requestLanguage": "en"}
    paging = ByNumber("page", last=200, most=200)
    records = "jvs"
    total = "numberRecords"
    url = "https://europa.eu/eures/portal/jv-se/jv-details/{id}?lang=en"
    company = ("employer.name", "employerName")
    location = Keys("locationMap")
    posted = "creationDate"
    updated = "lastModificationDate"
    employment_type = ("positionScheduleCodes", "positionOfferingCode", "positionScheduleCode")
    language = "availableLanguages"
