"""Built with Django: a feed whose titles read "Role at Company"."""

from spiders.bases import Feed


class BuiltWithDjango(Feed):
    listing = "https://builtwithdjango.com/jobs/feed/rss"
    tags = "category"
