"""The leaflet that a client takes home: what is shared, with whom, how long, and how to say no."""

from functools import cache

from wijkapp.clients.rules import GLASS_OPEN, KEPT_AFTER_HANDOVER, TOLD_VERSION
from wijkapp.kit import documents


@cache
def pdf() -> bytes:
    """The leaflet of the version in use. Made once; nothing in it is of anybody."""
    return documents.pdf(
        "clients/leaflet.typ",
        {
            "version": TOLD_VERSION,
            "kept_days": KEPT_AFTER_HANDOVER.days,
            "glass_hours": int(GLASS_OPEN.total_seconds() // 3600),
        },
    )
