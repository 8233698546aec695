"""The register of a region: which agreements there are, one of them, begin one, change what is said of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from wijkapp.agreements.lists import LATEST, Seeds, seeds
from wijkapp.agreements.models import Agreement, AgreementWijk, Document, Item, Party, PhaseStep
from wijkapp.agreements.phases import grown
from wijkapp.agreements.register import SAID, CostModel, Form, Kind, PartyRole, Path, Phase
from wijkapp.agreements.service import meanwhile
from wijkapp.agreements.service.standing import Standing, standing_of, standing_per_wijk
from wijkapp.agreements.service.terms import leads
from wijkapp.directory import service as directory
from wijkapp.directory.models import RegionOrganisation, Wijk
from wijkapp.directory.service import Dot
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, AccountRole
from wijkapp.people.rules import Role


class Ended(Refused):
    """It was ended: what it says stays as it is."""

    sentence = _("Deze afspraak is beëindigd. Er verandert niets meer aan.")


@dataclass(frozen=True)
class Hands:
    """What somebody may do with an agreement. own: their organisation's place in it, while it takes part."""

    inside: bool  # see how far it is in detail
    manage: bool
    leads: bool  # change what the app does in its wijken: the wijkregisseur
    sign: bool  # record for the own party
    own: Party | None


@dataclass(frozen=True)
class Line:
    """One agreement in the register."""

    agreement: Agreement
    standing: Standing
    ours: bool  # does the own organisation take part?


@dataclass(frozen=True)
class Register:
    """The agreements of somebody's regions that fit what was asked, and every wijk with or without.

    wijken  with the agreement that is furthest there, if any
    dots    for the map
    """

    lines: Sequence[Line]
    wijken: Sequence[tuple[Wijk, Standing | None]]
    dots: Sequence[Dot]
    any: bool
    may_begin: bool

    @property
    def without(self) -> Sequence[Wijk]:
        """Where nothing was agreed, or all of it has ended."""
        return [wijk for wijk, standing in self.wijken if standing is None]


@dataclass(frozen=True)
class Facts:
    """What the register says of an agreement, as filled in."""

    title: str
    kind: Kind
    path: Path
    form: Form
    purpose: str
    wijken: tuple[str, ...]  # CBS codes
    valid_from: date | None = None
    valid_until: date | None = None
    notice_months: int | None = None
    complaints: str = ""
    joining: str = ""
    joining_contact: str = ""
    cost_model: CostModel = CostModel.OWN


def register(
    actor: Account, *, words: str = "", kind: Kind | None = None, phase: Phase | None = None
) -> Register:
    """The register of one's regions. words: a piece of the title, a wijk or a party."""
    with reading() as db:
        access.require(actor, "register.look")
        regions = directory.regions_of(db, actor.organisation_id)
        found = db.scalars(
            select(Agreement)
            .options(*_WITH_ALL)
            .where(Agreement.region_id.in_(regions))
            .order_by(Agreement.id.desc())
        ).all()
        fits = [one for one in found if _fits(one, words, kind, phase)]
        fits.sort(key=lambda one: one.phase is Phase.ENDED)  # what is over comes last
        wijken = _wijken(db, actor)
        stands = standing_per_wijk(db, [wijk.id for wijk in wijken])
        return Register(
            lines=[Line(one, standing_of(one), _own(one, actor) is not None) for one in fits],
            wijken=[(wijk, stands.get(wijk.id)) for wijk in wijken],
            dots=directory.dots(db, [wijk.id for wijk in wijken]),
            any=bool(found),
            may_begin=_may_begin(actor),
        )


def _may_begin(actor: Account) -> bool:
    """Who leads the region, or the admin of a provider: nobody begins one for others to be in."""
    coordinates = Role.COORDINATOR in actor.role_set
    return access.may(actor, "register.manage") and (coordinates or actor.organisation.is_provider)


def _require_begin(actor: Account) -> None:
    access.require(actor, "register.manage")
    if not _may_begin(actor):
        raise NotAllowed(_("Dit doet de wijkregisseur, of de beheerder van een aanbieder."))


_PARTIES = selectinload(Agreement.parties)
_WITH_ALL = (
    selectinload(Agreement.wijken),
    joinedload(Agreement.region),
    joinedload(Agreement.lead),
    _PARTIES.joinedload(Party.organisation),
    _PARTIES.selectinload(Party.signatories),
)


def _fits(one: Agreement, words: str, kind: Kind | None, phase: Phase | None) -> bool:
    told = [one.title, *(wijk.name for wijk in one.wijken), *(p.organisation.name for p in one.parties)]
    return (
        (not words or any(words.casefold() in text.casefold() for text in told))
        and kind in (None, one.kind)
        and phase in (None, one.phase)
    )


def _own(agreement: Agreement, actor: Account) -> Party | None:
    """The place of somebody's organisation in it; None when it takes no part (any more)."""
    return next((one for one in agreement.taking_part if one.organisation_id == actor.organisation_id), None)


def seen(db: Session, actor: Account, agreement_id: UUID) -> tuple[Agreement, Hands]:
    """An agreement somebody may look up, and what they may do with it. Raises NotFound or NotAllowed."""
    agreement = db.scalar(select(Agreement).options(*_WITH_ALL).where(Agreement.id == agreement_id))
    if agreement is None:
        raise NotFound
    where = {
        "region_id": agreement.region_id,
        "regions": directory.regions_of(db, actor.organisation_id),
    }
    access.require(actor, "register.look", **where)  # type: ignore[arg-type]
    own = _own(agreement, actor)
    led = leads(db, actor, agreement.region_id)
    manage = access.may(actor, "register.manage", **where) and (led or own is not None)  # type: ignore[arg-type]
    sign = own is not None and access.may(actor, "register.sign", organisation_id=own.organisation_id)
    return agreement, Hands(manage or own is not None, manage, led, sign, own)


def seen_inside(db: Session, actor: Account, agreement_id: UUID) -> tuple[Agreement, Hands]:
    """The same, for who takes part or leads the region."""
    agreement, hands = seen(db, actor, agreement_id)
    if not hands.inside:
        raise NotAllowed(_("Dit zien alleen de partijen van deze afspraak en de wijkregisseur."))
    return agreement, hands


def locked(db: Session, agreement_id: UUID) -> None:
    """One at a time from here on: what is read next is what the one before left."""
    db.execute(select(Agreement.id).where(Agreement.id == agreement_id).with_for_update())


def admins(db: Session, organisation_ids: Collection[UUID]) -> Sequence[UUID]:
    """Who looks after these organisations."""
    return db.scalars(
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.organisation_id.in_(organisation_ids), Account.active, AccountRole.role == Role.ADMIN)
        .order_by(Account.id)
    ).all()


def in_charge(db: Session, agreement_id: UUID) -> Sequence[UUID]:
    """Who hears what happens to an agreement, whoever left or was closed since it began.

    The admins of its parties, who took the initiative while their organisation takes part, and the
    wijkregisseurs of its region.
    """
    parties = select(Party.organisation_id).where(Party.agreement_id == agreement_id, Party.left_on.is_(None))
    region = (
        select(RegionOrganisation.organisation_id)
        .join(Agreement, Agreement.region_id == RegionOrganisation.region_id)
        .where(Agreement.id == agreement_id)
    )
    began = select(Agreement.lead_id).where(Agreement.id == agreement_id)
    runs_it = (AccountRole.role == Role.ADMIN) | Account.id.in_(began)
    return db.scalars(
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(
            Account.active,
            (runs_it & Account.organisation_id.in_(parties))
            | ((AccountRole.role == Role.COORDINATOR) & Account.organisation_id.in_(region)),
        )
        .distinct()
        .order_by(Account.id)
    ).all()


def managed(db: Session, actor: Account, agreement_id: UUID, *, app: bool = False) -> Agreement:
    """An agreement somebody may change, locked. app: and what the app does. Raises as above, or Ended."""
    locked(db, agreement_id)
    agreement, hands = seen(db, actor, agreement_id)
    if not hands.manage:
        raise NotAllowed(_("Dit doet de wijkregisseur, of de beheerder van een partij."))
    if app and not hands.leads:
        raise NotAllowed(_("Wat de app gaat doen, vult de wijkregisseur in."))
    if agreement.phase is Phase.ENDED:
        raise Ended
    agreement.changed_at = time.now()
    return agreement


@dataclass(frozen=True)
class Places:
    """Where somebody may begin an agreement: the wijken of their regions."""

    wijken: Sequence[Wijk]


def places(actor: Account) -> Places:
    """The wijken to choose from."""
    with reading() as db:
        _require_begin(actor)
        return Places(_wijken(db, actor))


def _wijken(db: Session, actor: Account) -> Sequence[Wijk]:
    regions = directory.regions_of(db, actor.organisation_id)
    return db.scalars(select(Wijk).where(Wijk.region_id.in_(regions)).order_by(Wijk.name, Wijk.code)).all()


def begin(actor: Account, facts: Facts) -> UUID:
    """A new agreement, with the lists of its path. The own organisation takes part when it gives care."""
    with transaction() as db:
        _require_begin(actor)
        chosen = _chosen(db, actor, facts)
        moment = time.now()
        agreement = Agreement(
            id=new_id(),
            region_id=_region_of(chosen),
            kind=facts.kind,
            path=facts.path,
            seeds=LATEST,
            lead_id=actor.id,
            made_by_id=actor.id,
            made_at=moment,
            changed_at=moment,
            phase=Phase.INITIATION,
        )
        _fill(agreement, facts)
        db.add(agreement)
        db.flush()
        _set_wijken(db, agreement.id, chosen)
        db.add(PhaseStep(agreement_id=agreement.id, phase=agreement.phase, at=moment, by_id=actor.id))
        if actor.organisation.is_provider:
            db.add(
                Party(
                    agreement_id=agreement.id,
                    organisation_id=actor.organisation_id,
                    role=PartyRole.LEAD,
                    joined_on=time.today(),
                )
            )
        _seed(db, agreement)
    return agreement.id


def change(actor: Account, agreement_id: UUID, facts: Facts, *, seen: str = "") -> None:
    """Say something else of it in the register. Its kind and path stay.

    Where the app works by it, in which wijken that is says the wijkregisseur.

    seen  the stamp of what was changed, `meanwhile.said_of`; empty: whatever stands. Raises TypedOver
    """
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        meanwhile.unless_changed(seen, meanwhile.said_of(agreement))
        chosen = _chosen(db, actor, facts)
        elsewhere = {wijk.id for wijk in chosen} != {wijk.id for wijk in agreement.wijken}
        if elsewhere and _has_terms(db, agreement_id) and not leads(db, actor, agreement.region_id):
            words = _("De app werkt in deze wijken volgens deze afspraak. De wijkregisseur verandert ze.")
            raise Invalid(fields={"wijken": str(words)})
        if _region_of(chosen) != agreement.region_id:
            raise Invalid(fields={"wijken": str(_("Kies wijken van dezelfde regio."))})
        _fill(agreement, facts)
        db.query(AgreementWijk).filter_by(agreement_id=agreement.id).delete()
        _set_wijken(db, agreement.id, chosen)


def _has_terms(db: Session, agreement_id: UUID) -> bool:
    says = Document.agreement_id == agreement_id, Document.terms.is_not(None)
    return db.scalar(select(Document.id).where(*says).limit(1)) is not None


def _fill(agreement: Agreement, facts: Facts) -> None:
    for name in SAID:
        setattr(agreement, name, getattr(facts, name))


def _chosen(db: Session, actor: Account, facts: Facts) -> Sequence[Wijk]:
    wrong = {}
    if facts.valid_from and facts.valid_until and facts.valid_until < facts.valid_from:
        wrong["valid_until"] = str(_("Deze dag ligt vóór de eerste."))
    chosen = [wijk for wijk in _wijken(db, actor) if wijk.code in facts.wijken]
    if not chosen:
        wrong["wijken"] = str(_("Kies ten minste één wijk."))
    elif len({wijk.region_id for wijk in chosen}) > 1:
        wrong["wijken"] = str(_("Kies wijken van dezelfde regio."))
    if wrong:
        raise Invalid(fields=wrong)
    return chosen


def _region_of(wijken: Sequence[Wijk]) -> UUID:
    region_id = wijken[0].region_id
    assert region_id is not None  # noqa: S101
    return region_id


def _set_wijken(db: Session, agreement_id: UUID, wijken: Sequence[Wijk]) -> None:
    db.add_all(AgreementWijk(agreement_id=agreement_id, wijk_id=wijk.id) for wijk in wijken)


def _seed(db: Session, agreement: Agreement) -> None:
    """Add the points of its lists that it does not have yet."""
    held = set(db.scalars(select(Item.code).where(Item.agreement_id == agreement.id)))
    for one in seeds(agreement.seeds).lists_for(agreement.path, agreement.kind):
        db.add_all(
            Item(agreement_id=agreement.id, code=point.code) for point in one.points if point.code not in held
        )


def grow(actor: Account, agreement_id: UUID) -> None:
    """A light agreement goes on by the full route; what was done stays done."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        if agreement.path is Path.FULL:
            return
        agreement.path = Path.FULL
        agreement.phase = grown(agreement.phase)
        _seed(db, agreement)
        reason = str(_("Verder op de volledige route."))
        db.add(
            PhaseStep(
                agreement_id=agreement.id,
                phase=agreement.phase,
                at=time.now(),
                by_id=actor.id,
                reason=reason,
            )
        )


def words_of(agreement: Agreement) -> Seeds:
    """The lists and the route that this agreement follows."""
    return seeds(agreement.seeds)
