"""Jobspresso: a WordPress feed that puts company and place together where an author should be."""

import re
from typing import Any

from spiders.bases import Feed

_PLACE = re.compile(r"<br\s{0,4}/?>|\n")


class Jobspresso(Feed):
    listing = "https://jobspresso.co/feed/?post_type=job_listing"
    company = "dc:creator"
    tags = "category"
    known = "guid comments slash:comments wfw:commentRss post-id description"

    def read_one(self, said: dict[str, Any], record: Any) -> dict[str, Any]:
        company, _, place = _PLACE.sub("\n", str(said.get("company") or "")).partition("\n")
        number = re.search(r"[?&]p=(\d{1,12})", str(record.get("guid") or ""))
        place = re.sub(r"<[^<>]{0,200}>|&nbsp;|\xa0", " ", place).strip()
        return {
            **said,
            "company": company.strip() or None,
            "location": place or None,
            "external_id": number[1] if number else said.get("external_id"),
        }
