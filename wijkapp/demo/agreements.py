"""Agreements of the demo region: one that runs, one that is worked out, one that has just begun."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import cycle
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements.lists import LATEST, seeds
from wijkapp.agreements.models import (
    Agreement,
    AgreementWijk,
    Application,
    Body,
    CheckMemo,
    Escalation,
    Evaluation,
    GateDecision,
    Item,
    Party,
    PhaseStep,
    Risk,
    Seat,
    Signatory,
)
from wijkapp.agreements.register import (
    BodyKind,
    Check,
    Decision,
    Form,
    Hears,
    ItemStatus,
    Kind,
    Outcome,
    PartyRole,
    Path,
    Phase,
    ProofKind,
    SeatLevel,
)
from wijkapp.agreements.service import proofs
from wijkapp.agreements.service.proofs import Pointer
from wijkapp.demo.region import REGION
from wijkapp.directory.models import Region, Wijk
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.people.models import Account, Organisation, OrganisationPaper
from wijkapp.people.rules import PaperKind

DAY = timedelta(days=1)
NADIA, SAMIRA, RUBEN = "Nadia Kruisbeek", "Samira Wolderink", "Ruben Achterweide"
WILGENWOUD, MEERVOGEL = "Wijkzorg Wilgenwoud", "Thuiszorg Meervogel"
GRUTTERSWAARD, YARA = "Zorggroep Grutterswaard", "Yara Bentaleb, zzp"

JOINING = """Je geeft wijkverpleging in ten minste één van deze wijken.
Je houdt je vrije plekken bij in de app.
Je hebt een vaste contactpersoon en een vervanger."""


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True)
class Told:
    """One agreement.

    begun     days ago
    steps     phases it came to, and how many days ago
    gates     numbers that were passed, and how many days ago
    done      codes of points, or of whole lists, that are done
    signed    days ago; None: not, or in the demo itself
    holds     since so many days; None: no day was agreed
    """

    title: str
    kind: Kind
    path: Path
    phase: Phase
    wijken: tuple[str, ...]
    parties: tuple[str, ...]
    begun: int
    purpose: str = ""
    form: Form = Form.WORKING
    complaints: str = ""
    joining: str = ""
    joining_contact: str = ""
    exit_plan: str = ""
    steps: tuple[tuple[Phase, int], ...] = ()
    gates: tuple[tuple[int, int], ...] = ()
    done: frozenset[str] = field(default_factory=frozenset)
    signed: int | None = None
    holds: int | None = None


WIJK = Told(
    title="Samen in Zuid en Zuidwest",
    kind=Kind.WIJK,
    path=Path.LIGHT,
    phase=Phase.EXECUTION,
    wijken=("Zuid", "Zuidwest"),
    parties=(WILGENWOUD, MEERVOGEL, YARA),
    begun=190,
    purpose="Iedereen in de wijk krijgt snel zorg en weet wie te bellen is.",
    complaints="De klachtenfunctionaris van de aanbieder die de zorg geeft. Die betrekt de anderen.",
    joining=JOINING,
    joining_contact="De wijkregisseur. Bezwaar: de gemeente.",
    steps=((Phase.REALISATION, 160), (Phase.EXECUTION, 120)),
    gates=((3, 120),),
    done=frozenset({"step_1", "step_2", "step_3", "scan", "step_4.references"}),
    signed=125,
    holds=125,
)
NIGHT = Told(
    title="Eén nachtteam voor de regio",
    kind=Kind.ANW,
    path=Path.FULL,
    phase=Phase.REALISATION,
    wijken=("Zuid", "Zuidwest", "Oost", "Binnenstad", "West"),
    parties=(WILGENWOUD, MEERVOGEL, GRUTTERSWAARD),
    begun=150,
    purpose="Onplanbare zorg in avond, nacht en weekend doen we samen. Elke nacht kan er iemand binnen een "
    "half uur bij de cliënt zijn.",
    form=Form.CONTRACT,
    complaints="Het nachtteam heeft één telefoonnummer voor klachten, dat op de folder staat.",
    joining=JOINING,
    steps=((Phase.DEFINITION, 110), (Phase.REALISATION, 40)),
    gates=((1, 110), (2, 40)),
    done=_codes(
        "roles results_a proposal inform_a input_a results_b intention plan "
        "laws inform_b input_b project careful inform_c contract.parties contract.considerations "
        "contract.goal contract.form results_c.care results_c.staff avg.1 avg.2 avg.3 responsibility.1 "
        "responsibility.2 responsibility.3 responsibility.12 "
    ),
    holds=0,
)
BEGUN = Told(
    title="Kennismaken in Overvecht",
    kind=Kind.WIJK,
    path=Path.LIGHT,
    phase=Phase.INITIATION,
    wijken=("Overvecht",),
    parties=(GRUTTERSWAARD,),
    begun=12,
    purpose="Eerst weten wie er werken en wie er wonen.",
    done=frozenset({"step_1.providers", "step_1.initiator"}),
)
ALL = (WIJK, NIGHT, BEGUN)


@dataclass(frozen=True)
class _Known:
    """Who and what there is already, by name."""

    region: Region
    wijken: dict[str, Wijk]
    organisations: dict[str, Organisation]
    accounts: dict[str, Account]


def write(db: Session) -> None:
    """All of it, once, within the caller's transaction."""
    region = db.scalars(select(Region).where(Region.name == REGION)).one()
    if db.scalar(select(Agreement.id).where(Agreement.region_id == region.id).limit(1)):
        return
    known = _Known(
        region=region,
        wijken={one.name: one for one in db.scalars(select(Wijk).where(Wijk.region_id == region.id))},
        organisations={one.name: one for one in db.scalars(select(Organisation))},
        accounts={one.name: one for one in db.scalars(select(Account))},
    )
    made = {told.title: _write(db, known, told) for told in ALL}
    _around_wijk(db, known, made[WIJK.title])
    _around_night(db, known, made[NIGHT.title])


def _ago(days: int) -> datetime:
    return time.now() - days * DAY


def _day(days: int) -> date:
    return time.today() - days * DAY


def _write(db: Session, known: _Known, told: Told) -> UUID:
    nadia = known.accounts[NADIA]
    agreement = Agreement(
        id=new_id(),
        region_id=known.region.id,
        kind=told.kind,
        path=told.path,
        phase=told.phase,
        form=told.form,
        title=told.title,
        purpose=told.purpose,
        valid_from=None if told.holds is None else _day(told.holds),
        notice_months=None if told.holds is None else 3,
        complaints=told.complaints,
        joining=told.joining,
        joining_contact=told.joining_contact,
        seeds=LATEST,
        lead_id=nadia.id,
        made_by_id=nadia.id,
        made_at=_ago(told.begun),
        changed_at=_ago(2),
    )
    db.add(agreement)
    db.flush()
    db.add_all(AgreementWijk(agreement_id=agreement.id, wijk_id=known.wijken[n].id) for n in told.wijken)
    for phase, days in ((Phase.INITIATION, told.begun), *told.steps):
        db.add(PhaseStep(agreement_id=agreement.id, phase=phase, at=_ago(days), by_id=nadia.id))
    _parties(db, known, agreement.id, told)
    _points(db, known, agreement, told)
    _gates(db, agreement.id, told.gates, nadia)
    return agreement.id


def _parties(db: Session, known: _Known, agreement_id: UUID, told: Told) -> None:
    for number, name in enumerate(told.parties):
        organisation = known.organisations[name]
        party = Party(
            id=new_id(),
            agreement_id=agreement_id,
            organisation_id=organisation.id,
            role=PartyRole.LEAD if number == 0 else PartyRole.MEMBER,
            joined_on=_day(told.begun),
            told_payers_on=_day(100) if told.signed and number < 2 else None,
        )
        db.add(party)
        db.flush()
        signer = _somebody_at(known, name)
        signed_on = _day(told.signed) if told.signed else None
        signs = Signatory(
            party_id=party.id,
            name=signer.name,
            job_title=signer.job_title or "tekent voor de organisatie",
            account_id=signer.id,
        )
        signs.signed_on = signed_on
        db.add(signs)


def _somebody_at(known: _Known, name: str) -> Account:
    organisation = known.organisations[name]
    return next(one for one in known.accounts.values() if one.organisation_id == organisation.id)


def _points(db: Session, known: _Known, agreement: Agreement, told: Told) -> None:
    """The work is shared by who leads and somebody of each party."""
    nadia, moment, done = known.accounts[NADIA], _ago(30), told.done
    owners = cycle([nadia.id, *(_somebody_at(known, name).id for name in told.parties)])
    for one in seeds().lists_for(agreement.path, agreement.kind):
        for point in one.points:
            item = Item(agreement_id=agreement.id, code=point.code)
            if one.code in done or point.code in done:
                item.status, item.done_on = ItemStatus.DONE, _day(30)
                item.changed_by_id, item.changed_at = nadia.id, moment
                item.owner_id = next(owners)
            db.add(item)


def _gates(db: Session, agreement_id: UUID, gates: Sequence[tuple[int, int]], by: Account) -> None:
    for number, days in gates:
        db.add(
            GateDecision(
                agreement_id=agreement_id,
                gate=number,
                decision=Decision.GO,
                decided_on=_day(days),
                decided_by="De besturen van de partijen",
                recorded_by_id=by.id,
                recorded_at=_ago(days),
            )
        )


def _memo(agreement_id: UUID, about: Check, outcome: Outcome, by: Account, **more: object) -> CheckMemo:
    return CheckMemo(
        agreement_id=agreement_id,
        about=about,
        outcome=outcome,
        rules=LATEST,
        by_id=by.id,
        at=_ago(45),
        **{"answers": ()} | more,
    )


def _around_wijk(db: Session, known: _Known, agreement_id: UUID) -> None:
    """It was judged, it will be evaluated, and somebody asks to join."""
    nadia = known.accounts[NADIA]
    said = ("keeps_choice=yes", "no_more=yes", "open=yes")
    db.add(_memo(agreement_id, Check.COMPETITION, Outcome.SMALL, nadia, answers=said))
    db.add(Evaluation(agreement_id=agreement_id, due_on=_day(-20)))
    db.add(
        Evaluation(
            agreement_id=agreement_id,
            due_on=_day(30),
            done_on=_day(30),
            conclusion="Het eerste antwoord komt sneller. In het weekend duurt het nog te lang.",
        )
    )
    db.add(
        Escalation(
            agreement_id=agreement_id,
            after_days=14,
            hears=Hears.SIGNERS,
            step="Samen bespreken wat er misgaat en wie wat doet.",
        )
    )
    asker = _somebody_at(known, "Buurtverpleging Zonnekwartier")
    db.add(
        Application(
            agreement_id=agreement_id,
            organisation_id=asker.organisation_id,
            criteria=JOINING,
            why="Wij werken al in Zuidwest en willen graag meedoen.",
            applied_by_id=asker.id,
            applied_at=_ago(3),
        )
    )


def _around_night(db: Session, known: _Known, agreement_id: UUID) -> None:
    """Judged, with risks, and a steering group in which one party sits lower than the others."""
    nadia = known.accounts[NADIA]
    db.add(_memo(agreement_id, Check.COMPETITION, Outcome.JUSTIFIED, nadia, answers=_all_well()))
    no = ("control=no", "lasting=no", "merge=no")
    db.add(_memo(agreement_id, Check.MERGER, Outcome.NONE, nadia, answers=no))
    for what, measure, before, after in (
        ("Iemand van buiten leest mee op een kwijtgeraakte telefoon.", "Uitloggen op afstand.", 12, (2, 4)),
        ("Te veel collega’s zien gegevens van een cliënt.", "Alleen wie dienst heeft.", 16, (4, 4)),
    ):
        chance, impact = after
        risk = Risk(agreement_id=agreement_id, what=what, measure=measure, chance=before // 4, impact=4)
        risk.chance_left, risk.impact_left, risk.more_possible = chance, impact, chance > 2
        db.add(risk)
    _steering_group(db, known, agreement_id)
    _show_insurance(db, known, agreement_id)


def _steering_group(db: Session, known: _Known, agreement_id: UUID) -> None:
    """Who sits in it, and after how many days it hears that it does not work."""
    group = Body(
        id=new_id(),
        agreement_id=agreement_id,
        kind=BodyKind.STEERING,
        mandate="Alle besluiten over het nachtteam, behalve geld boven de begroting.",
        meets="Elke zes weken.",
    )
    db.add(group)
    db.flush()
    for name, level, who in (
        (WILGENWOUD, SeatLevel.DIRECTOR, RUBEN),
        (MEERVOGEL, SeatLevel.DIRECTOR, "Tobias Lijsterman"),
        (GRUTTERSWAARD, SeatLevel.MANAGER, "Carla Ruigoord"),
    ):
        account = known.accounts.get(who)
        db.add(
            Seat(
                body_id=group.id,
                organisation_id=known.organisations[name].id,
                level=level,
                name=who,
                account_id=account.id if account else None,
            )
        )
    for days, hears, step in (
        (7, Hears.COORDINATOR, "Nagaan wat er speelt, en met wie."),
        (14, Hears.BODY, "Binnen een week bij elkaar komen en besluiten."),
    ):
        body_id = group.id if hears is Hears.BODY else None
        db.add(
            Escalation(agreement_id=agreement_id, after_days=days, hears=hears, body_id=body_id, step=step)
        )


def _show_insurance(db: Session, known: _Known, agreement_id: UUID) -> None:
    """The point about liability shows until when one of the parties is insured."""
    about = (Item.agreement_id == agreement_id, Item.code == "legal.liability")
    paper = db.scalars(
        select(OrganisationPaper.id).where(
            OrganisationPaper.organisation_id == known.organisations[WILGENWOUD].id,
            OrganisationPaper.kind == PaperKind.INSURANCE,
        )
    ).one()
    proofs.point_at(db.scalars(select(Item).where(*about)).one(), Pointer(ProofKind.PAPER, paper))


def _all_well() -> tuple[str, ...]:
    hard = _codes("choice entry tariffs boycott supply exclude bargain tenders")
    well = _codes(
        "benefit clients indispensable left quality profit harm necessary proportionate alive competitors"
    )
    return (*(f"{one}=no" for one in sorted(hard)), *(f"{one}=yes" for one in sorted(well)), "share=35")
