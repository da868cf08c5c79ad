"""Django Job Board: an Atom feed; the company is not named in it."""

from spiders.bases import Feed


class DjangoJobBoard(Feed):
    listing = "https://djangojobboard.com/feed/atom/"
    external_id = ("id", "guid", "link")
    posted = ("published", "pubDate", "updated")
    updated = "updated"
    tags = "category"
