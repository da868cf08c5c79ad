"""Jobspresso: a WordPress feed that puts company and place, a line each, where an author should be."""

from spiders.bases import Feed, Part

LINE = r"(?:<br\s{0,4}/?>|\n)"
BLANK = r"(?:<[^<>]{0,200}>|&nbsp;|\s)"


class Jobspresso(Feed):
    listing = "https://jobspresso.co/feed/?post_type=job_listing"
    external_id = (Part("guid", r"[?&]p=(\d{1,12})"), "guid", "link")
    company = Part("dc:creator", rf"^\s{{0,20}}(.+?)\s{{0,20}}(?:{LINE}|$)")
    location = Part("dc:creator", rf"{LINE}{BLANK}{{0,20}}(.+)")
    tags = "category"
