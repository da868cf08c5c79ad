"""From where a remote worker may work: countries, regions, time zones, as far as the ad states it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.clean import place

if TYPE_CHECKING:
    from flows.clean.remote import Said


def of(said: Said) -> list[str]:
    found: dict[str, None] = {}
    for one in [*said.named, *(n for r in said.applicant_regions for n in place.read(r))]:
        if one.kind in {"country", "macro", "region"}:
            found.update(dict.fromkeys(one.codes))
    return list(found)
