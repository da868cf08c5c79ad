"""Remote.co: a WordPress feed, as far as is known; nobody has seen it answer lately."""

from spiders.bases import Feed


class RemoteCo(Feed):
    listing = "https://remote.co/remote-jobs/feed/"
    company = "dc:creator"
    tags = "category"
