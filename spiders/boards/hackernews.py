"""Hacker News: the newest "Who is hiring?" threads; a comment, whole, is one posting."""

from spiders.bases import Thread
from spiders.bases.strict_json import loads


class HackerNews(Thread):
    index = "https://hn.algolia.com/api/v1/search_by_date?tags=story,author_whoishiring&hitsPerPage=6"
    records = ("children", "hits")
    replies = "children"
    as_named = "title"
    external_id = ("id", "objectID")
    url = ("https://news.ycombinator.com/item?id={id}", "https://news.ycombinator.com/item?id={objectID}")
    description = ("text", "comment_text")
    apply_url = "url"
    posted = ("created_at", "time")

    def keep(self, record: dict[str, object]) -> bool:
        said = record.get("text") or record.get("comment_text") or record.get("type") == "job"
        top = record.get("parent_id") == record.get("story_id") and record.get("type") != "story"
        return bool(said) and top and not (record.get("deleted") or record.get("dead"))

    def lists_in(self, body: bytes, url: str, board: str) -> list[str]:
        hits = [hit for hit in loads(body)["hits"] if "who is hiring" in str(hit.get("title")).lower()]
        return [f"https://hn.algolia.com/api/v1/items/{hit['objectID']}" for hit in hits[:2]]
