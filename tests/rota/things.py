"""What the doors about duties may be opened on: a region with a published rota, for `tests.world`.

Each part adds the things of its own doors to `things_of_duties`: who -> endpoint -> what its address names.
"""

from dataclasses import dataclass
from datetime import timedelta

from tests.rota.duty_things import things_on_duty
from tests.rota.make import Make
from tests.rota.plan_things import things_of_plans
from tests.rota.swap_things import things_of_swaps
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.people.models import Account
from wijkapp.rota.models import Absence, Duty, Member, Plan, SecretAddress
from wijkapp.rota.rules import AddressKind

Things = dict[str, str]


@dataclass(frozen=True)
class Duties:
    """The nurse has a duty that is to come; the planner, a colleague of the nurse, has another."""

    plan: Plan
    nurse: Member
    planner: Member
    of_nurse: Duty
    of_planner: Duty
    cannot: dict[str, Absence]  # of the nurse and of the planner
    plans: dict[str, Things]  # of whoever plans
    swaps: dict[str, dict[str, Things]]
    on_duty: dict[str, dict[str, Things]]
    addresses: dict[str, SecretAddress]  # a calendar of each of them, and of the region one for its phone


def make_duties(make: Make, region: Region, nurse: Account, planner: Account) -> Duties:
    """Two who take duties, a rota from this Monday on that was published a month ago, and a time off."""
    members = [make.member(one, region, level=4) for one in (nurse, planner)]
    monday = time.today() - timedelta(days=time.today().weekday())
    plan = make.published(region, nurse, monday, weeks=3)  # on a Sunday too both have more to come
    later = time.now() + timedelta(days=1)
    mine, theirs = (
        next(one for one in make.duties(plan) if one.member_id == member.id and one.starts_at > later)
        for member in members
    )
    away = time.day_starts(monday + timedelta(days=60))
    absences = [make.absence(one, away, away + timedelta(days=3)) for one in members]
    cannot = dict(zip(("nurse", "planner"), absences, strict=True))
    addresses = {
        "nurse": make.address(region, AddressKind.PERSON, nurse),
        "planner": make.address(region, AddressKind.PERSON, planner),
        "coordinator": make.address(region, AddressKind.PHONE),
    }
    swaps = things_of_swaps(make, mine, theirs, [nurse, planner], members)
    plans = things_of_plans(make, region, planner, mine, members[0])
    on_duty = things_on_duty(make, mine, theirs, nurse, planner)
    return Duties(plan, members[0], members[1], mine, theirs, cannot, plans, swaps, on_duty, addresses)


def things_of_duties(made: Duties) -> dict[str, dict[str, Things]]:
    """For nurse, planner and coordinator; all of them see the rota."""
    day = time.local(made.of_nurse.starts_at).date()
    seen = {
        "rota.week": {"iso": "{}-W{:02}".format(*day.isocalendar()[:2])},
        "rota.month": {"month": f"{day:%Y-%m}"},
        "rota.duty": {"duty_id": str(made.of_nurse.id)},
        "rota.plan_for_me": {"plan_id": str(made.plan.id)},
    }
    member = {"member_id": str(made.nurse.id)}
    people = {f"rota.{name}": member for name in ("person", "save_person", "add_absence_for")} | made.plans
    people["rota.drop_absence_for"] = member | {"absence_id": str(made.cannot["nurse"].id)}
    cannot = {who: {"rota.drop_absence": {"absence_id": str(one.id)}} for who, one in made.cannot.items()}
    own = {who: {"rota.revoke_address": {"address_id": str(one.id)}} for who, one in made.addresses.items()}
    return {
        "nurse": seen | made.swaps["nurse"] | made.on_duty["nurse"] | own["nurse"] | cannot["nurse"],
        "planner": seen
        | made.swaps["planner"]
        | made.on_duty["planner"]
        | own["planner"]
        | people
        | cannot["planner"],
        "coordinator": seen | made.swaps["coordinator"] | own["coordinator"] | people,
    }
