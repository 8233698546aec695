"""What was said in the demo region: in a wijk, about requests, between contact persons. No client in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from wijkapp.chat import service as chat
from wijkapp.chat.models import Acknowledgement, Message, Reader, Thread, ThreadParty
from wijkapp.chat.rules import Kind
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.people.models import Account, Organisation

NEXT_RING = timedelta(days=1)  # the demo is no alarm clock


@dataclass(frozen=True)
class Talk:
    """One conversation.

    wijk   everybody there; with an organisation: Samira and its contact persons
    asker  about a request: who asked, and who offered
    said   minutes ago, who, what; a text that begins with "!" asks for a yes
    read   who has read it all; the others up to where they wrote themselves
    yes    organisations that acknowledged
    """

    said: tuple[tuple[int, str, str], ...]
    wijk: str = ""
    organisation: str = ""
    asker: str = ""
    offerer: str = ""
    read: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()


DAY = 24 * 60
SAMIRA, PIETER, YARA = "Samira Wolderink", "Pieter Kroonenveld", "Yara Bentaleb"
ESRA, LIESBETH = "Esra Yildirim-Bos", "Liesbeth Oeverzand"
HANNEKE, KARIN = "Hanneke Vroegwater", "Karin Sluiswachter"

TALKS = (
    Talk(
        wijk="Zuid",
        said=(
            (DAY + 190, ESRA, "Goedemorgen allemaal. Wie heeft er dit weekend nog ruimte voor wondzorg?"),
            (DAY + 184, YARA, "Zaterdag kan ik in de ochtend, zondag niet."),
            (DAY + 183, YARA, "Ik zet het ook bij mijn capaciteit."),
            (DAY + 171, PIETER, "Wij hebben zondag een route met plek. Twee keer wondzorg past."),
            (DAY + 165, ESRA, "Fijn, dank jullie wel! Dan zet ik de zorgvraag nu uit."),
            (
                75,
                LIESBETH,
                "De parkeergarage bij het gezondheidscentrum is deze week dicht.",
            ),
            (52, SAMIRA, "Goed om te weten. Wij hebben de avondroute aangepast."),
            (34, LIESBETH, "!Het mobiele netwerk valt vanavond uit in Zuid, van 22 tot 23 uur."),
        ),
        read=(PIETER, ESRA),
        yes=(PIETER, ESRA),
    ),
    Talk(
        asker=KARIN,
        offerer=SAMIRA,
        said=(
            (400, SAMIRA, "Wij kunnen morgen om 8.00 uur beginnen. Is er een sleutelkluis?"),
            (391, KARIN, "Ja, naast de voordeur. De code spreken jullie af bij de overdracht."),
            (388, KARIN, "De materialen voor de wond gaan mee in de tas."),
            (380, SAMIRA, "Top. Dan vragen wij eerst toestemming en lezen we daarna de overdracht."),
            (21, KARIN, "De arts heeft het wondplan net aangepast. Om de dag spoelen, niet meer elke dag."),
        ),
    ),
    Talk(
        asker=HANNEKE,
        offerer=ESRA,
        said=(
            (700, HANNEKE, "Fijn dat jullie kunnen. Wie is vanaf morgen het vaste gezicht?"),
            (692, ESRA, "Dat ben ik, op mijn vrije dagen @Gijs Molenbrug."),
            (688, HANNEKE, "Prima. Bel gerust als de bloeddruk weer te laag is."),
        ),
        read=(ESRA,),
    ),
    Talk(
        wijk="Zuid",
        organisation="Thuiszorg Meervogel",
        said=(
            (
                2 * DAY,
                PIETER,
                "Zullen we de avondroutes samen bekijken? Jullie rijden vlak langs ons.",
            ),
            (2 * DAY - 14, SAMIRA, "Goed plan. Donderdag om half drie?"),
            (2 * DAY - 16, PIETER, "Past. Ik neem @Anouk Zwaluwstra mee."),
        ),
        read=(SAMIRA,),
    ),
)


def forget(db: Session) -> None:
    """Everything that was said, also by whoever tried the demo."""
    db.execute(delete(Thread))


def write() -> None:
    """All of it, up to now. Opens its own transactions."""
    for talk in TALKS:
        contact = _contact(talk) if talk.organisation else None
        with transaction() as db:
            thread_id = contact or _open(db, talk)
            if thread_id is not None:
                _say(db, thread_id, talk)


def _contact(talk: Talk) -> UUID:
    with reading() as db:
        actor, wijk = _account(db, SAMIRA), _wijk(db, talk.wijk)
        other = db.scalars(select(Organisation.id).where(Organisation.name == talk.organisation)).one()
    return chat.thread_for_contact(actor, other, wijk.id)


def _open(db: Session, talk: Talk) -> UUID | None:
    """The thread of a wijk, or the newest one that opened with an offer."""
    if talk.wijk:
        wijk = _wijk(db, talk.wijk)
        return chat.open_thread(db, Kind.WIJK, wijk.id, parties=(), page_id=None, wijk_id=wijk.id)
    asker, offerer = _account(db, talk.asker), _account(db, talk.offerer)
    return db.scalar(
        select(Thread.id)
        .join(Invitation, Invitation.id == Thread.id)
        .join(CareRequest, CareRequest.id == Invitation.care_request_id)
        .where(
            CareRequest.posted_by_id == asker.id,
            Invitation.organisation_id == offerer.organisation_id,
            Thread.closed_at.is_(None),
        )
        .order_by(CareRequest.posted_at.desc())
        .limit(1)
    )


def _say(db: Session, thread_id: UUID, talk: Talk) -> None:
    before = db.get_one(Thread, thread_id).last_seq
    people = {who: _account(db, who) for _ago, who, _text in talk.said} | {
        who: _account(db, who) for who in talk.read
    }
    reached: dict[str, int] = {}
    in_order = sorted(talk.said, key=lambda one: -one[0])
    for seq, (ago, who, text) in enumerate(in_order, before + 1):
        said_at = time.now() - timedelta(minutes=ago)
        message = _message(thread_id, seq, people[who], text, said_at)
        db.add(message)
        db.flush()
        reached[who] = seq
        if message.priority:
            _ask(db, message, talk, said_at)
    last = before + len(in_order)
    db.execute(update(Thread).where(Thread.id == thread_id).values(last_seq=last, last_at=said_at))
    for who in people:
        _has_read(db, thread_id, people[who], last if who in talk.read else reached[who])


def _message(thread_id: UUID, seq: int, author: Account, text: str, said_at: datetime) -> Message:
    return Message(
        id=new_id(),
        thread_id=thread_id,
        seq=seq,
        author_id=author.id,
        organisation_id=author.organisation_id,
        text=text.removeprefix("!"),
        priority=text.startswith("!"),
        said_at=said_at,
    )


def _ask(db: Session, message: Message, talk: Talk, said_at: datetime) -> None:
    """Of the organisations that take part in the talk; who said yes said so three minutes later."""
    asked = {who for _ago, who, _text in talk.said} | set(talk.yes)
    for account in (_account(db, who) for who in sorted(asked)):
        if account.organisation_id == message.organisation_id:
            continue
        yes = account.name in talk.yes
        db.add(
            Acknowledgement(
                message_id=message.id,
                organisation_id=account.organisation_id,
                ask_at=time.now() + NEXT_RING,
                acknowledged_at=said_at + timedelta(minutes=3) if yes else None,
                acknowledged_by_id=account.id if yes else None,
            )
        )


def _has_read(db: Session, thread_id: UUID, account: Account, seq: int) -> None:
    db.merge(
        ThreadParty(
            thread_id=thread_id,
            organisation_id=account.organisation_id,
            read_seq=seq,
            read_at=time.now(),
            read_by_id=account.id,
        )
    )
    db.merge(Reader(thread_id=thread_id, account_id=account.id, read_seq=seq, told_seq=seq))
    db.flush()


def _account(db: Session, name: str) -> Account:
    return db.scalars(select(Account).where(Account.name == name)).one()


def _wijk(db: Session, name: str) -> Wijk:
    return db.scalars(select(Wijk).where(Wijk.name == name)).one()
