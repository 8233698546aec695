"""Whom a telephone switch rings: the chain of this moment in its order, and then the coordinators."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.rota import on_duty as chains
from wijkapp.rota.on_duty import OnDuty
from wijkapp.rota.rules import AddressKind
from wijkapp.rota.service import addresses, on_duty
from wijkapp.rota.service.on_duty import Tonight

PHONES = frozenset({AddressKind.PHONE})


@dataclass(frozen=True)
class Ring:
    """numbers: E.164, in the order to ring them, each once."""

    tonight: Tonight
    numbers: tuple[str, ...]


def ring(token: str, region_id: UUID) -> Ring:
    """Whom to ring now in a region. Raises NoAddress, and NotFound for the token of another region."""
    with reading() as db:
        to = addresses.opened(db, token, PHONES)
        if to.region_id != region_id:
            raise NotFound
        tonight = on_duty.now(db, region_id, time.now())
    return Ring(tonight, numbers(tonight))


def numbers(tonight: Tonight) -> tuple[str, ...]:
    """Numbers to ring, in order: the chain of now, then the coordinators; each once."""
    on_duty_now = [one.phone for one in chains.to_ring(tonight.now)]
    last = [one.phone for one in tonight.coordinators]
    return tuple(dict.fromkeys(phone for phone in (*on_duty_now, *last) if phone))


def as_json(found: Ring) -> dict[str, Any]:
    """For others too, so its names stay. Moments are in UTC."""
    tonight = found.tonight
    return {
        "region": {"id": str(tonight.region_id), "name": tonight.region},
        "moment": tonight.moment.isoformat(timespec="seconds"),
        "published": tonight.published,
        "ring": list(found.numbers),
        "now": [_line(one) for one in tonight.now],
        "next": [_line(one) for one in tonight.next],
        "coordinators": [
            {"name": one.name, "organisation": one.organisation, "phone": one.phone}
            for one in tonight.coordinators
        ],
    }


def _line(one: OnDuty) -> dict[str, Any]:
    person = one.person
    return {
        "duty": str(one.turn.duty_id),
        "line": one.turn.line.value,
        "block": one.turn.block,
        "starts": one.turn.starts_at.isoformat(timespec="seconds"),
        "ends": one.turn.ends_at.isoformat(timespec="seconds"),
        "gap": person is None,
        "name": person.name if person else None,
        "organisation": person.organisation if person else None,
        "phone": person.phone if person else None,
        "checked_in": one.checked_in,
    }
