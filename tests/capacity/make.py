"""Makes everything about free places that a test's sentence does not mention."""

from datetime import date, datetime, timedelta

from tests.directory.make import Make as MakeDirectory
from wijkapp.capacity.models import Capacity
from wijkapp.capacity.rules import SLOTS
from wijkapp.capacity.service import Published
from wijkapp.directory.models import CareProduct, Team
from wijkapp.kit import time
from wijkapp.kit.calendar import working_time

SOME_WEEKS = timedelta(weeks=3)  # longer ago is old however one counts

EVERY_MORNING = tuple(60 if slot % 4 == 0 else 0 for slot in range(SLOTS))


def published(places: int = 2, **more: object) -> Published:
    """What somebody fills in."""
    return Published(**{"places": places, "week": EVERY_MORNING, "from_date": time.today()} | more)


def since(age: timedelta) -> datetime:
    """The moment so long ago as a wijk counts it: weekends and holidays make no figure older."""
    now = time.now()
    moment = now - age
    while working_time(moment, now) < age < SOME_WEEKS:
        moment -= timedelta(hours=1)
    return moment


class Make(MakeDirectory):
    def product(self, code: str = "verpleging", name: str = "Verpleging", position: int = 0) -> CareProduct:
        return self.db.get(CareProduct, code) or self._keep(
            CareProduct(code=code, name=name, law="Zvw", kind="care", position=position)
        )

    def capacity(
        self,
        team: Team | None = None,
        product: str = "verpleging",
        places: int = 2,
        age: timedelta = timedelta(0),
        week: tuple[int, ...] = EVERY_MORNING,
        from_date: date | None = None,
        confirmed_at: datetime | None = None,
        **more: object,
    ) -> Capacity:
        self.product(product)
        return self._keep(
            Capacity(
                team_id=(team or self.team()).id,
                product=product,
                places=places,
                week=week,
                from_date=from_date or time.today(),
                confirmed_at=confirmed_at or since(age),
                **more,
            )
        )
