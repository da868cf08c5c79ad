"""NoDesk: a feed with a short text; the whole one stands as JobPosting in the page of each ad."""

from spiders.bases import Feed, JsonLd


class NoDesk(Feed):
    listing = "https://nodesk.co/remote-jobs/index.xml"
    external_id = ("guid", "link")
    location = "location"
    detail = "{link}"
    page = JsonLd()
