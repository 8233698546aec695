"""What somebody may oversee: the wijken of the regions that the own organisation takes part in itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.directory import service as directory
from wijkapp.directory.models import Region, Wijk
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.matching.models import CareRequest
from wijkapp.people import access
from wijkapp.people.models import Account


class WorksAtProvider(NotAllowed):
    """Providers compete: nobody who works at one sees exact figures of the others (Mw art. 6)."""

    sentence = _(
        "Cijfers per aanbieder zijn er voor een wijkregisseur die niet bij een aanbieder werkt: "
        "concurrenten mogen elkaars cijfers niet zien."
    )


@dataclass(frozen=True)
class Seen:
    """The wijken that somebody oversees, by name, and what their regions are called."""

    name: str
    region_ids: Collection[UUID]
    wijken: Mapping[UUID, Wijk]


def seen(db: Session, actor: Account, permission: str = "oversight.look") -> Seen:
    """Raises NotAllowed for whose role has not this permission."""
    access.require(actor, permission)
    regions = directory.regions_led(db, actor.organisation_id)
    names = db.scalars(select(Region.name).where(Region.id.in_(regions)).order_by(Region.name)).all()
    wijken = db.scalars(select(Wijk).where(Wijk.region_id.in_(regions)).order_by(Wijk.name, Wijk.code))
    return Seen(", ".join(names), regions, {wijk.id: wijk for wijk in wijken})


def overseen(db: Session, actor: Account, request_id: UUID, permission: str = "oversight.act") -> CareRequest:
    """A request in one of the actor's regions, held until the transaction ends. Raises NotFound."""
    request = db.get(CareRequest, request_id, with_for_update=True)
    if request is not None:
        region_id = db.get_one(Wijk, request.wijk_id).region_id
        regions = directory.regions_led(db, actor.organisation_id)
        if region_id and access.may(actor, permission, region_id=region_id, regions=regions):
            return request
    raise NotFound(str(_("Deze zorgvraag is er niet, of is niet van jouw regio.")))
