"""rank_national: reach and rank for one request in a made-up nation, and the same at a tenth of its size.

4,086 postcodes lie in 342 municipalities, each a region of its own; 3,600 providers have some 13,000 teams
with 40,000 capacity figures. `preview`, the service behind "12 aanbieders in bereik", is asked for requests
drawn by postcode, so that large cities count for what they are. The tenth is every tenth region with all
that is in it: the same request does the same work there, so what it takes more in the nation is what the size
of the database costs.
"""

import csv
import random
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from math import cos, radians
from pathlib import Path
from uuid import UUID

from _server import percentile, say
from sqlalchemy import insert, select

from wijkapp import cli
from wijkapp.agreements.rules import Urgency
from wijkapp.capacity.models import Capacity
from wijkapp.directory.models import (
    ContactPerson,
    Postcode,
    Region,
    RegionOrganisation,
    Team,
    Wijk,
    WijkNeighbour,
)
from wijkapp.directory.rules import ContactDuty
from wijkapp.kit import config, db
from wijkapp.kit import time as clock
from wijkapp.kit.db import Base, new_id
from wijkapp.matching import service as matching
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import OrganisationKind, Role

POSTCODES = Path(__file__).parent.parent.parent / "shared" / "data" / "external" / "pc4.csv"
PROVIDERS, FIGURES, REGIONS = 3_600, 40_000, 342
NEIGHBOURS = 5  # wijken next door, at most
PRODUCTS = ("persoonlijke_verzorging", "verpleging", "palliatief_terminaal")
SKILLS = ("steunkousen", "wondzorg_eenvoudig", "insuline", "injecteren_sc")
SAMPLES = 400
WARM_UP = 20
MOST_MS, MOST_RATIO = 20, 1.5
GOAL = f"p95 <= {MOST_MS} ms, at most {MOST_RATIO}x the time at a tenth of the size"

Area = tuple[str, float, float]
"""PC4, latitude and longitude in degrees."""


@dataclass(frozen=True)
class Nation:
    """Rows per table, ready to be stored; one contact person per provider and wijk."""

    rows: dict[type[Base], list[dict[str, object]]]
    contacts: dict[tuple[UUID, UUID], dict[str, object]] = field(default_factory=dict)


def regions() -> list[list[Area]]:
    """The postcodes of each municipality: the real ones, or made-up ones when the list is not at hand."""
    if not POSTCODES.exists():
        return [_made_up(number) for number in range(REGIONS)]
    found: dict[str, list[Area]] = {}
    with POSTCODES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            place = float(row["lat"] or 52), float(row["lon"] or 5)
            found.setdefault(row["gm_code"], []).append((row["pc4"], *place))
    return sorted(found.values(), key=len)


def _made_up(number: int) -> list[Area]:
    # Sizes as in the Netherlands: many municipalities of ten postcodes, a few of eighty.
    size = 80 if number % 85 == 84 else 6 + number % 11
    first = 1000 + number * 26
    return [(f"{first + each % 26:04d}", 51 + number / 400, 4 + each / 50) for each in range(min(size, 26))]


def nation(areas: list[list[Area]], everywhere: int) -> Nation:
    """What lives in these regions. everywhere: how many postcodes the whole nation has."""
    made = Nation({kind: [] for kind in _ORDER})
    for region in areas:
        _fill(made, region, random.Random(region[0][0]), len(region) / everywhere)
    made.rows[ContactPerson] += made.contacts.values()
    return made


_ORDER = (
    Organisation,
    Account,
    AccountRole,
    Region,
    RegionOrganisation,
    Wijk,
    WijkNeighbour,
    Postcode,
    Team,
    ContactPerson,
    Capacity,
)


def _fill(made: Nation, areas: list[Area], dice: random.Random, part: float) -> None:
    region_id = new_id()
    made.rows[Region].append({"id": region_id, "name": f"Regio {areas[0][0]}", "kind": "custom"})
    wijken = _wijken(made, areas, region_id)
    asker = _organisation(made, OrganisationKind.GP_PRACTICE, areas[0][0], 0, Role.REFERRER)
    made.rows[RegionOrganisation].append({"region_id": region_id, "organisation_id": asker[0]})
    providers = [
        _organisation(made, OrganisationKind.HOME_CARE, areas[0][0], number, Role.NURSE)
        for number in range(1, max(3, round(PROVIDERS * part)) + 1)
    ]
    teams = max(len(providers), round(FIGURES * part / len(PRODUCTS)))
    for number in range(teams):
        _team(made, providers[number % len(providers)], wijken[number % len(wijken)], number, dice)


def _wijken(made: Nation, areas: list[Area], region_id: UUID) -> list[UUID]:
    ids = [new_id() for _area in areas]
    for wijk_id, (pc4, latitude, longitude) in zip(ids, areas, strict=True):
        made.rows[Wijk].append(
            {
                "id": wijk_id,
                "code": f"WK{pc4}00",
                "name": f"Wijk {pc4}",
                "municipality_code": f"GM{areas[0][0]}",
                "municipality": f"Gemeente {areas[0][0]}",
                "region_id": region_id,
            }
        )
        made.rows[Postcode].append(
            {"pc4": pc4, "place": "Plaats", "latitude": latitude, "longitude": longitude, "wijk_id": wijk_id}
        )
    made.rows[WijkNeighbour] += _borders(ids, areas)
    return ids


def _borders(ids: list[UUID], areas: list[Area]) -> Iterable[dict[str, object]]:
    pairs: set[tuple[UUID, UUID]] = set()
    for one, (_pc4, latitude, longitude) in zip(ids, areas, strict=True):

        def away(other: tuple[UUID, Area], here: tuple[float, float] = (latitude, longitude)) -> float:
            east = (other[1][2] - here[1]) * cos(radians(here[0]))
            return (other[1][1] - here[0]) ** 2 + east**2

        nearest = sorted(zip(ids, areas, strict=True), key=away)[1 : NEIGHBOURS + 1]
        pairs |= {(one, other) for other, _area in nearest} | {(other, one) for other, _area in nearest}
    return [{"wijk_id": one, "neighbour_id": other} for one, other in sorted(pairs)]


def _organisation(
    made: Nation, kind: OrganisationKind, where: str, number: int, role: Role
) -> tuple[UUID, UUID]:
    """Id of the organisation and of the account of who works there."""
    organisation_id, account_id, name = new_id(), new_id(), f"{kind.value} {where}-{number}"
    made.rows[Organisation].append({"id": organisation_id, "kind": kind, "name": name})
    made.rows[Account].append(
        {
            "id": account_id,
            "organisation_id": organisation_id,
            "name": name,
            "email": f"{kind.value}.{where}.{number}@nation.example",
        }
    )
    made.rows[AccountRole].append({"account_id": account_id, "role": role})
    return organisation_id, account_id


def _team(made: Nation, provider: tuple[UUID, UUID], wijk_id: UUID, number: int, dice: random.Random) -> None:
    team_id, (organisation_id, account_id) = new_id(), provider
    made.rows[Team].append(
        {
            "id": team_id,
            "organisation_id": organisation_id,
            "wijk_id": wijk_id,
            "name": f"Team {number}",
            "products": PRODUCTS,
            "skills": tuple(dice.sample(SKILLS, 3)),
            "highest_level": dice.randint(3, 5),
        }
    )
    made.contacts[organisation_id, wijk_id] = {
        "organisation_id": organisation_id,
        "wijk_id": wijk_id,
        "account_id": account_id,
        "duty": ContactDuty.CONTACT,
        "valid_from": clock.today() - timedelta(days=100),
    }
    for product in PRODUCTS:
        places = dice.randint(0, 3)
        made.rows[Capacity].append(
            {
                "team_id": team_id,
                "product": product,
                "places": places,
                "week": (90 * places, 45 * places, 60 * places, 0) * 7,
                "from_date": clock.today(),
                "confirmed_at": clock.now() - timedelta(hours=dice.randint(0, 100)),
            }
        )


@dataclass(frozen=True)
class Stored:
    """A nation in a database. askers: per postcode somebody in its region who may ask."""

    database: object
    askers: dict[str, Account]

    def timed(self, pc4: str) -> float:
        """Milliseconds that one request for this postcode takes."""
        db._database = self.database  # type: ignore[assignment]
        return _timed(self.askers[pc4], pc4)


def store(made: Nation, folder: Path) -> Stored:
    """In a new SQLite database."""
    cli.bring_up_to_date(config.load(instance=folder))
    with db.transaction() as session:
        for kind in _ORDER:
            session.execute(insert(kind), made.rows[kind])
    with db.engine().connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    with db.reading() as session:
        askers = session.execute(
            select(Postcode.pc4, Account)
            .join(Wijk, Wijk.id == Postcode.wijk_id)
            .join(RegionOrganisation, RegionOrganisation.region_id == Wijk.region_id)
            .join(Account, Account.organisation_id == RegionOrganisation.organisation_id)
        )
        return Stored(db._database, dict(askers.all()))


def _timed(asker: Account, pc4: str) -> float:
    profile = matching.Profile(
        pc4=pc4,
        products=("verpleging",),
        skills=("wondzorg_eenvoudig",),
        moments=(1, 0, 0, 0) * 7,
        minutes_per_week=210,
        urgency=Urgency.DAY,
        start_on=clock.today() + timedelta(days=1),
    )
    start = time.perf_counter()
    matching.preview(asker, profile)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    everywhere = regions()
    tenth = everywhere[5::10]
    total = sum(len(region) for region in everywhere)
    dice = random.Random(1)
    nationwide = dice.choices([pc4 for region in everywhere for pc4, *_place in region], k=SAMPLES)
    in_tenth = dice.choices([pc4 for region in tenth for pc4, *_place in region], k=SAMPLES)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        small, large = store(nation(tenth, total), Path(one)), store(nation(everywhere, total), Path(other))
        for pc4 in in_tenth[:WARM_UP]:
            small.timed(pc4), large.timed(pc4)
        # In turn, so that all meet the same machine.
        rows = [
            (small.timed(a), large.timed(a), large.timed(b))
            for a, b in zip(in_tenth, nationwide, strict=True)
        ]
    _tell(*([row[column] for row in rows] for column in range(3)))


def _tell(at_a_tenth: list[float], same: list[float], whole: list[float]) -> None:
    ratio = percentile(same, 0.5) / percentile(at_a_tenth, 0.5)
    met = percentile(whole, 0.95) <= MOST_MS and ratio <= MOST_RATIO
    for name, part, values in (("p50", 0.5, same), ("p95", 0.95, whole)):
        against = percentile(at_a_tenth, part)
        grown = percentile(same, part) / against
        say(
            f"rank_national.{name}",
            percentile(values, part),
            "ms",
            against=against,
            ratio=grown,
            goal=GOAL,
            met=met,
        )


if __name__ == "__main__":
    main()
