"""Real Work From Anywhere: the feed of its back-end category; "Role at Company" is the title, as printed."""

from spiders.bases import Always, Feed


class RealWorkFromAnywhere(Feed):
    listing = "https://www.realworkfromanywhere.com/remote-backend-jobs/rss.xml"
    remote = Always("true")
    tags = "category"
