"""The words for the codes in requests, and what a request can choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from wijkapp.directory import service as directory
from wijkapp.directory.models import CareProduct, Insurer, Skill
from wijkapp.kit.db import reading, rows
from wijkapp.people import access
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Names:
    """The Dutch words for the codes in requests; `gettext` says them in the reader's language."""

    products: dict[str, str]
    skills: dict[str, str]
    insurers: dict[str, str]


# Every page with a request on it asks this: one look instead of three.
_NAMES = union_all(
    select(literal("product"), CareProduct.code, CareProduct.name),
    select(literal("skill"), Skill.code, Skill.name),
    select(literal("insurer"), Insurer.uzovi, Insurer.name),
)


def names(db: Session) -> Names:
    """The words for product, skill and insurer codes."""
    found: dict[str, dict[str, str]] = {"product": {}, "skill": {}, "insurer": {}}
    for kind, code, name in rows(db, _NAMES):
        found[kind][code] = name
    return Names(found["product"], found["skill"], found["insurer"])


@dataclass(frozen=True)
class Choices:
    """What the form of a request can choose from."""

    products: Sequence[CareProduct]
    skills: Sequence[Skill]
    insurers: Sequence[Insurer]


ASKABLE = frozenset({"care", "chain", "theme", "support"})
"""Kinds of product that somebody can ask for one client; the others are financing or systems."""


def choices(actor: Account) -> Choices:
    """What this installation can ask for."""
    access.require(actor, "matching.post")
    with reading() as db:
        askable = [one for one in directory.products(db) if one.kind in ASKABLE]
        # Languages are a wish of their own in the form.
        skilled = [one for one in directory.skills(db) if not one.code.startswith("taal_")]
        return Choices(askable, skilled, directory.insurers(db))
