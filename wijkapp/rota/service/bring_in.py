"""A rota that exists already is brought in: who has which duty, out of a list; the checker judges it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.kit import time
from wijkapp.kit.db import transaction
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account
from wijkapp.rota import old_list
from wijkapp.rota.models import Duty, Member
from wijkapp.rota.rules import Line
from wijkapp.rota.service.plan_book import Book, open_book
from wijkapp.rota.service.plans import draft_of

Places = Mapping[tuple[date, str, Line], list[Duty]]


@dataclass(frozen=True)
class BroughtIn:
    """How many duties somebody got. wrong: row number -> why it could not be used."""

    duties: int
    wrong: Mapping[int, str]


def bring_in(actor: Account, plan_id: UUID, data: bytes) -> BroughtIn:
    """Give out the duties of a rota in the making as this list says; what it does not name stays as it is.

    Raises NotFound, AlreadyPublished, Invalid when it is no list.
    """
    with transaction() as db:
        book = open_book(db, draft_of(db, actor, plan_id))
        try:
            listed = old_list.read(data)
        except old_list.NoList:
            told = _("Dit is geen lijst met de kolommen datum, dienst en naam.")
            raise Invalid(fields={"file": str(told)}) from None
        wrong, given = dict(listed.wrong), 0
        names, places = _names(db, book), _places(book)
        taken: Counter[tuple[date, str, Line]] = Counter()
        for row in listed.rows:
            for line, name in ((Line.MAIN, row.who), (Line.BACKUP, row.backup)):
                if not name:
                    continue
                where = (row.day, row.block, line)
                duties = places.get(where, [])
                why = _why_not(duties, taken[where], names.get(name))
                if why:
                    wrong[row.number] = why
                    continue
                duties[taken[where]].member_id = names[name]
                taken[where] += 1
                given += 1
        return BroughtIn(given, dict(sorted(wrong.items())))


def _why_not(duties: list[Duty], taken: int, member: UUID | None) -> str:
    if not duties:
        return str(_("Deze dienst is er op die dag niet."))
    if taken >= len(duties):
        return str(_("Voor deze dienst staan er meer namen dan er plekken zijn."))
    if member is None:
        return str(_("Deze naam doet niet mee met de diensten, of komt vaker voor. Schrijf het mailadres."))
    return ""


def _names(db: Session, book: Book) -> dict[str, UUID]:
    """Name or mail address, in lower case -> member; a name of two people means nobody."""
    found = db.execute(
        select(Member.id, Account.name, Account.email)
        .join(Account, Account.id == Member.account_id)
        .where(Member.region_id == book.plan.region_id, Member.active, Account.active)
    ).all()
    often = Counter(name.lower() for _member, name, _mail in found)
    names = {name.lower(): member for member, name, _mail in found if often[name.lower()] == 1}
    return names | {mail.lower(): member for member, _name, mail in found}


def _places(book: Book) -> Places:
    """Day, block (by its name and by its code) and line -> its duties, the first seat first."""
    places: dict[tuple[date, str, Line], list[Duty]] = defaultdict(list)
    for duty in book.duties:
        day = time.local(duty.starts_at).date()
        for block in {duty.block, book.block_name(duty).lower()}:
            places[day, block, duty.line].append(duty)
    return dict(places)
