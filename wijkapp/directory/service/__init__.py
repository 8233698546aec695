"""What can be asked of and done in the sociale kaart. Other rooms use the names below."""

from wijkapp.directory.service.look import (
    UnknownPostcode,
    around,
    contacts_by_place,
    contacts_for,
    insurers,
    known_wijk_of,
    neighbours,
    products,
    regions_of,
    skills,
    teams_in,
    wijk_of,
)
from wijkapp.directory.service.reference import load_reference_data, seed_reference

__all__ = [
    "UnknownPostcode",
    "around",
    "contacts_by_place",
    "contacts_for",
    "insurers",
    "known_wijk_of",
    "load_reference_data",
    "neighbours",
    "products",
    "regions_of",
    "seed_reference",
    "skills",
    "teams_in",
    "wijk_of",
]
