"""EURES: the European job mobility portal, asked for software developers (ISCO 251)."""

from spiders.bases import ByNumber, JsonApi


class Eures(JsonApi):
    listing = "https://europa.eu/eures/api/jv-searchengine/public/jv-search/search"
    post = {
        "resultsPerPage": 50,
        "page": 1,
        "sortSearch": "MOST_RECENT",
        "keywords": [],
        "occupationUris": ["http://data.europa.eu/esco/isco/C251"],
        "requestLanguage": "en",
    }
    paging = ByNumber("page", last=200, most=200)
    records = "jvs"
    total = "numberRecords"
    external_id = "id"
    url = "https://europa.eu/eures/portal/jv-se/jv-details/{id}?lang=en"
    title = "title"
    company = ("employer.name", "employerName")
    description = "description"
    posted = "creationDate"
    updated = "lastModificationDate"
    employment_type = ("positionScheduleCodes", "positionOfferingCode", "positionScheduleCode")
    language = "availableLanguages"
    known = "locationMap numberOfPosts jobCategoriesCodes euresFlag score translations employer"

    def read_one(self, said: dict[str, object], record: dict[str, object]) -> dict[str, object]:
        # places are NUTS codes by country: {"DK": ["DK011"]}
        places = record.get("locationMap")
        return {**said, "location": list(places)} if isinstance(places, dict) and places else said
