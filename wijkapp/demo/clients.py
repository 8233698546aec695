"""Files of clients in the demo: one that is shared, others that still wait for the client. Nobody is real."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wijkapp.clients import service
from wijkapp.clients.models import (
    Appointment,
    BrokenGlass,
    ClientFile,
    Consent,
    ConsentParty,
    FileParty,
    HandoverNote,
    Identity,
    Report,
)
from wijkapp.clients.rules import GivenBy, How, Purpose, Scope
from wijkapp.clients.service import consent, vault
from wijkapp.clients.service.audit import Seat
from wijkapp.clients.service.consent import Given
from wijkapp.kit import time
from wijkapp.kit.db import Base, reading
from wijkapp.matching.models import CareRequest, Offer, Placement
from wijkapp.matching.rules import RequestStatus
from wijkapp.people.models import Account

DOCTOR, NURSE = "Hanneke Vroegwater", "Samira Wolderink"
WHO = vault.Person(
    name="Mevrouw T. Zilverlinde (verzonnen)",
    birth_date=date(1941, 3, 9),
    address="Demolaan 12, 3525 Utrecht",
    phone="06 00000901",
    contact="Dochter Mirthe, 06 00000902",
    entry="Sleutelkluis naast de voordeur, code 0000",
)
HANDOVER = vault.Sbar(
    situation="Open wond aan het linker onderbeen sinds drie weken. Om de dag verzorgen.",
    background="Diabetes type 2, slikt bloedverdunners. Woont alleen, dochter komt in het weekend.",
    assessment="Wond is schoon, omgeving licht rood. Geen koorts. Ziet het somber in.",
    recommendation="Wond meten op maandag. Bij meer roodheid of koorts de huisarts bellen.",
)


def open_files(db: Session) -> None:
    """A file for every placement that lasts, as the app makes one when a client chooses."""
    rows = db.execute(
        select(Placement.id, CareRequest, Offer)
        .join(CareRequest, CareRequest.id == Placement.care_request_id)
        .join(Offer, Offer.id == Placement.offer_id)
        .where(Placement.ended_at.is_(None), Placement.id.not_in(select(ClientFile.about_id)))
    ).all()
    for placement_id, request, offer in rows:
        contacts = {request.organisation_id: request.posted_by_id, offer.organisation_id: offer.offered_by_id}
        service.open_file(
            db,
            about=placement_id,
            source=request.organisation_id,
            receiver=offer.organisation_id,
            contacts=contacts,
        )
        if request.status is not RequestStatus.MATCHED:
            service.handed_over(db, placement_id)


def forget(db: Session) -> None:
    """Every file; the log stays, as it always does, and the clock sweeps the keys."""
    inside: list[type[Base]] = [BrokenGlass, Report, Appointment, HandoverNote, Identity]
    outside: list[type[Base]] = [ConsentParty, Consent, FileParty, ClientFile]
    for kind in inside + outside:
        db.execute(delete(kind))


def share_one() -> None:
    """The client of a doctor and a nurse says yes, and both write something. Opens its own transactions."""
    found = _between(DOCTOR, NURSE)
    if found is None:
        return
    file_id, doctor, nurse = found
    given = Given(
        given_by=GivenBy.CLIENT,
        how=How.SPOKEN,
        purposes=(Purpose.HANDOVER, Purpose.CONTINUITY),
        scopes={doctor.organisation_id: Scope.REPORTS, nurse.organisation_id: Scope.ALL},
        mitz_checked=True,
    )
    consent.record(doctor, _seat(doctor), file_id, given)
    vault.write_identity(doctor, _seat(doctor), file_id, WHO)
    vault.write_handover(nurse, _seat(nurse), file_id, HANDOVER)
    for days, hour, what in ((1, clock(8, 30), "Wondzorg"), (3, clock(8, 30), "Wondzorg en meten")):
        at = datetime.combine(time.today() + timedelta(days=days), hour, time.AMSTERDAM).astimezone(UTC)
        vault.add_appointment(nurse, _seat(nurse), file_id, at, what, nurse.organisation_id)
    vault.add_report(
        nurse, _seat(nurse), file_id, "Wond is 3 bij 2 cm, iets kleiner dan vrijdag. Ze slaapt slecht."
    )
    vault.add_report(
        doctor, _seat(doctor), file_id, "Dank je. Ik kom donderdag langs en bel de dochter vooraf."
    )


def _between(doctor: str, nurse: str) -> tuple[UUID, Account, Account] | None:
    """The newest file of a client in care whom this doctor placed with the organisation of this nurse."""
    with reading() as db:
        asker, carer = (
            db.scalars(select(Account).where(Account.name == name)).one() for name in (doctor, nurse)
        )
        file_id = db.scalar(
            select(ClientFile.id)
            .join(Placement, Placement.id == ClientFile.about_id)
            .join(CareRequest, CareRequest.id == Placement.care_request_id)
            .join(Offer, Offer.id == Placement.offer_id)
            .where(
                CareRequest.posted_by_id == asker.id,
                Offer.organisation_id == carer.organisation_id,
                CareRequest.status == RequestStatus.IN_CARE,
            )
            .order_by(Placement.placed_at.desc())
            .limit(1)
        )
    return (file_id, asker, carer) if file_id else None


def _seat(account: Account) -> Seat:
    return Seat(account, frozenset(account.role_set), account.organisation)
