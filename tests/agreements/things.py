"""What the doors of the register may be opened on: an agreement with something of everything in it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements.models import (
    Agreement,
    AgreementWijk,
    Application,
    Body,
    Escalation,
    Evaluation,
    Item,
    Party,
    Risk,
    Seat,
    Signatory,
)
from wijkapp.agreements.register import BodyKind, Hears, JoinState, Kind, Path, Phase, SeatLevel
from wijkapp.agreements.service import register
from wijkapp.directory.models import Region, Wijk
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.people.models import Account, Organisation

Things = dict[str, str]

ANYBODY = ("show", "gate", "join")
INSIDE = ("points", "point", "parties", "check", "plans")
MANAGE = (
    *("edit", "change", "grow", "go_back", "go_on", "say", "tick", "decide", "add_party", "leave", "judge"),
    *("add_risk", "drop_risk", "decide_application", "add_body", "drop_body", "seat", "unseat"),
    "seat_account",
    *("plan_evaluation", "evaluated", "add_escalation", "drop_escalation", "plan_exit"),
)
SIGN = ("name_signatory", "drop_signatory", "signed", "told_payers")


@dataclass(frozen=True)
class Made:
    """The agreement, and the address parts of everything in it."""

    agreement: Agreement
    things: Things
    party: Party


def make_agreement(
    db: Session,
    region: Region,
    wijken: list[Wijk],
    by: Account,
    own: Organisation,
    other: Organisation,
    kind: Kind = Kind.WIJK,
) -> Made:
    """A full agreement in its first phase: `own` takes part and named who signs, `other` wants to."""
    moment, today = time.now(), time.today()
    agreement = Agreement(
        id=new_id(),
        region_id=region.id,
        kind=kind,
        path=Path.FULL,
        phase=Phase.DEFINITION,
        title="Samen in Oost",
        joining="Je geeft wijkverpleging in deze wijk.",
        seeds=register.LATEST,
        lead_id=by.id,
        made_by_id=by.id,
        made_at=moment,
        changed_at=moment,
    )
    db.add(agreement)
    db.flush()
    at = {"agreement_id": agreement.id}
    db.add_all(AgreementWijk(wijk_id=wijk.id, **at) for wijk in wijken)
    register._seed(db, agreement)
    party = Party(organisation_id=own.id, joined_on=today, **at)
    body = Body(kind=BodyKind.STEERING, **at)
    db.add_all([party, body])
    db.flush()
    signatory = Signatory(party_id=party.id, name="Bo Smit", job_title="bestuurder")
    seat = Seat(body_id=body.id, organisation_id=own.id, level=SeatLevel.BOARD, name="Bo Smit")
    asked = _application(agreement, other, by, JoinState.WAITING)
    evaluation = Evaluation(due_on=today, **at)
    step = Escalation(after_days=14, hears=Hears.LEAD, step="Samen bespreken.", **at)
    risk = Risk(what="Een telefoon raakt kwijt.", chance=2, impact=3, chance_left=1, impact_left=3, **at)
    db.add_all([signatory, seat, asked, evaluation, step, risk])
    db.flush()
    item = db.scalars(select(Item).where(Item.agreement_id == agreement.id).order_by(Item.id)).first()
    assert item is not None
    named = {
        "item": item,
        "party": party,
        "signatory": signatory,
        "application": asked,
        "body": body,
        "seat": seat,
        "evaluation": evaluation,
        "step": step,
        "risk": risk,
    }
    things = {f"{name}_id": str(one.id) for name, one in named.items()}
    return Made(agreement, things | {"agreement_id": str(agreement.id)}, party)


def _application(agreement: Agreement, who: Organisation, by: Account, state: JoinState) -> Application:
    return Application(
        agreement_id=agreement.id,
        organisation_id=who.id,
        state=state,
        criteria=agreement.joining,
        applied_by_id=by.id,
        applied_at=time.now(),
    )


def refused(db: Session, region: Region, admin: Account, by: Account) -> Things:
    """Another agreement, in which the organisation of this admin may not take part; it may ask again."""
    made = make_agreement(db, region, [], by, by.organisation, by.organisation)
    no = _application(made.agreement, admin.organisation, admin, JoinState.REFUSED)
    db.add(no)
    db.flush()
    return {"agreement_id": str(made.agreement.id), "application_id": str(no.id)}


def things_of_agreement(
    made: Made, *, inside: bool, manage: bool, sign: bool, code: str = "laws"
) -> dict[str, Things]:
    """Endpoint -> what its address names, for somebody who may do this much. code: of a list."""
    doors = [*ANYBODY]
    doors += INSIDE if inside else ()
    doors += MANAGE if manage else ()
    doors += SIGN if sign else ()
    named = made.things | {"number": "2", "about": "competition", "code": code}
    found = {f"register.{door}": named for door in doors}
    return found | ({"region.evidence": named} if inside else {})
