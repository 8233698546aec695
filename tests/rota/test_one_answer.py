"""Everything that says who is on duty says the same, at any minute, whatever was swapped or taken over."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from tests.rota.make import Make, RotaTown, at
from tests.web import Visitor
from wijkapp.kit import time
from wijkapp.kit.limits import limiter
from wijkapp.kit.phones import phone_as_written
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, Plan
from wijkapp.rota.rules import AddressKind, HeldBy, Line
from wijkapp.rota.service import addresses, holding, on_duty, sheet, who

pytestmark = pytest.mark.database("sqlite")

Visit = Callable[..., Visitor]
START = at("2027-01-09 06:00")  # a Saturday: day, evening and night
HOURS = 72
CHANGES = 12
LOOKS = 3  # after each change


@dataclass
class Naive:
    """Who should have what, kept in the plainest way: for each duty every change, in order."""

    duties: list[Duty]
    changes: dict[UUID, list[tuple[datetime, Account | None]]] = field(default_factory=dict)

    def holder(self, duty: Duty, moment: datetime) -> Account | None:
        known = [account for since, account in self.changes[duty.id] if since <= moment]
        return known[-1]

    def chain(self, moment: datetime) -> list[tuple[Duty, Account | None]]:
        """Main line first; nobody twice."""
        running = [one for one in self.duties if one.starts_at <= moment < one.ends_at]
        running.sort(key=lambda one: one.line is Line.BACKUP)
        found: list[tuple[Duty, Account | None]] = []
        for duty in running:
            account = self.holder(duty, moment)
            if account is None or account not in [there for _duty, there in found]:
                found.append((duty, account))
        return found


@pytest.fixture
def town(make: Make) -> RotaTown:
    town = make.rota_town(organisations=3, people=4)
    for number, account in enumerate((*town.planners, *town.nurses, town.coordinator)):
        account.phone = f"+316000000{number:02}"
        account.name = f"Collega {number:02}"
    make.db.flush()
    return town


@pytest.fixture
def naive(make: Make, town: RotaTown) -> Naive:
    plan: Plan = make.plan(town)
    people = _people(town)
    duties = make.duties(plan)
    first = {one.id: [(START - timedelta(days=99), people.get(one.member_id))] for one in duties}
    return Naive(duties, first)


def _people(town: RotaTown) -> dict[UUID | None, Account]:
    accounts = {one.id: one for one in (*town.planners, *town.nurses)}
    return {one.id: accounts[one.account_id] for one in town.members}


def _change(db: Session, naive: Naive, people: dict[UUID | None, Account], by: Random, now: datetime) -> None:
    """Somebody swaps, takes over, stands in or drops out: of what runs, or of what is still to come."""
    near = [one for one in naive.duties if now < one.ends_at < now + timedelta(hours=40)]
    duty = by.choice(near)
    member = by.choice([None, *(one for one in people if one)])
    if by.random() < 0.3:  # the back-up of that moment stands in
        behind = [one for one in near if one.line is Line.BACKUP and one.starts_at == duty.starts_at]
        member = behind[0].member_id if behind else member
    how = HeldBy.NOBODY if member is None else by.choice([HeldBy.SWAP, HeldBy.TAKEOVER, HeldBy.STANDS_IN])
    holding.give(db, duty, member, how=how, by=None, moment=now)
    naive.changes[duty.id].append((now, people.get(member)))


@pytest.mark.parametrize("seed", range(3))
def test_page_calendar_switch_paper_and_escalation_agree_on_who_is_on_duty(
    db: Session,
    town: RotaTown,
    naive: Naive,
    visitor: Visit,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    by = Random(seed)
    clock = [START]
    monkeypatch.setattr(time, "now", lambda: clock[0])
    monkeypatch.setattr(limiter, "enabled", False)
    looks = Looks(db, town, visitor)
    people = _people(town)
    for number in range(CHANGES):
        moment = START + timedelta(hours=HOURS) * number / CHANGES
        clock[0] = moment.replace(second=0, microsecond=0)
        _change(db, naive, people, by, clock[0])
        for _look in range(LOOKS):
            clock[0] += timedelta(minutes=by.randrange(90))
            expected = naive.chain(clock[0])
            assert looks.agree(expected, clock[0]) == [], clock[0]


class Looks:
    """Asks everything that knows who is on duty."""

    def __init__(self, db: Session, town: RotaTown, visitor: Visit) -> None:
        self.db, self.town = db, town
        self.stranger, self.browser = visitor(), visitor(town.referrer)
        self.region = town.region.id
        self.phone = addresses.make(town.coordinator, AddressKind.PHONE, self.region)
        self.calendar = addresses.make(town.coordinator, AddressKind.REGION, self.region)

    def agree(self, expected: list[tuple[Duty, Account | None]], moment: datetime) -> list[str]:
        """What says something else than expected."""
        phones = [account.phone for _duty, account in expected if account]
        names = [account.name if account else None for _duty, account in expected]
        last = self.town.coordinator.phone
        told = {
            "page": self._page() == [phone_as_written(one) for one in (*phones, last)],
            "api": self._api() == (names, [*phones, last]),
            "text": self._text() == [*phones, last],
            "calendar": self._calendar(moment, expected),
            "sheet": self._sheet(moment) == names,
            "escalation": self._escalation(moment, expected),
        }
        return [place for place, agrees in told.items() if not agrees]

    def _page(self) -> list[str]:
        """The numbers of now, and of who is rung when nobody answers; who is next is left out."""
        page = self.browser.get("/dienst/nu").text
        without_next = re.sub(r'<section[^>]*aria-labelledby="straks-kop".*?</section>', "", page, flags=re.S)
        return re.findall(r'href="tel:[^"]+"[^>]*title="([^"]+)"', without_next)

    def _api(self) -> tuple[list[str | None], list[str]]:
        path = f"/api/v1/dienst/{self.region}/nu"
        told = self.stranger.get(path, headers={"Authorization": f"Bearer {self.phone}"}).get_json()
        return [one["name"] for one in told["now"]], told["ring"]

    def _text(self) -> list[str]:
        return self.stranger.get(f"/api/v1/dienst/{self.region}/nu.txt?token={self.phone}").text.splitlines()

    def _calendar(self, moment: datetime, expected: list[tuple[Duty, Account | None]]) -> bool:
        found = Calendar.from_ical(self.stranger.get(f"/dienst/agenda/{self.calendar}.ics").data)
        titles = {
            str(one["UID"]): str(one["SUMMARY"])
            for one in found.walk("VEVENT")
            if one.start <= moment < one.end and one["STATUS"] == "CONFIRMED"
        }
        for duty, account in expected:
            title = titles.get(f"{duty.id}@wijkapp", "")
            if not (title.endswith(f": {account.name}") if account else title.startswith("NIEMAND")):
                return False
        return True

    def _sheet(self, moment: datetime) -> list[str | None]:
        page = sheet.sheet_of(self.db, self.region, moment)
        running = next((part.ring for part in page.parts if part.runs), ())
        return [one.person.name if one.person else None for one in running]

    def _escalation(self, moment: datetime, expected: list[tuple[Duty, Account | None]]) -> bool:
        """Who is rung when nobody of the main line says that they are there: the back-ups of this minute."""
        behind = [one.id for duty, one in expected if one and duty.line is Line.BACKUP]
        for duty, _account in expected:
            if duty.line is Line.MAIN:
                rung = [account for account, _member in who.backups(self.db, duty, moment)]
                if rung != behind:
                    return False
        last = on_duty.now(self.db, self.region, moment).coordinators
        return [one.account_id for one in last] == [self.town.coordinator.id]
