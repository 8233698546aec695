"""An agreement beside what came of it: who sees it, the figures per clause, and small numbers protected."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from tests.agreements.making import admins_of, three
from tests.agreements.things import make_agreement
from tests.make import Make
from tests.oversight.test_region import LAST, LEAST, counted
from wijkapp.agreements.register import Kind
from wijkapp.directory.models import RegionOrganisation
from wijkapp.kit.errors import NotAllowed
from wijkapp.oversight import evidence_words as words
from wijkapp.oversight.models import OutsiderLook, WijkDay
from wijkapp.oversight.rules.looks import Look
from wijkapp.oversight.rules.protect import Part
from wijkapp.oversight.service.evidence import evidence
from wijkapp.people.rules import OrganisationKind, Role
from wijkapp.rota import jobs as rota_jobs
from wijkapp.rota.models import Duty, DutyHold, Handover
from wijkapp.rota.rules import Line

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def insurer(make: Make, town):
    company = make.organisation("Waterlinie", OrganisationKind.INSURER)
    make._keep(RegionOrganisation(region_id=town.region.id, organisation_id=company.id))
    return make.account(company, Role.VIEWER, name="Maarten Bosuil")


@pytest.fixture
def made(make: Make, town):
    return three(town, admins_of(make, town))


def told(page, name: str) -> list[str]:
    group = page.groups[0]
    clause = next(one for part in words.parts(group) for one in part.clauses if name in one.names)
    return [figure for _wijk, figure in words.figures(group, clause)]


def test_each_clause_has_the_figure_of_last_quarter(make, town, made, insurer):
    counted(make, town.here, *[30] * 13, late=3, answer=(30,))
    make._keep(
        WijkDay(
            day=LAST.last, wijk_id=town.here.id, providers=4, figures=20, stale=5, blocks=None, covered=None
        )
    )
    for who in (made.admins[0], made.coordinator, insurer):
        page = evidence(who, made.agreement_id, LEAST)
        assert page.quarter == LAST
        assert told(page, "answer_within") == ["90%"]
        assert told(page, "escalation") == ["100%"]
        assert told(page, "fresh_for") == ["25%"]
        assert told(page, "wanted_chance") == ["de helft binnen 5 min, 9 van de 10 binnen 5 min"]
        assert told(page, "quiet") == []


def test_small_numbers_are_not_in_it(make, town, made):
    counted(make, town.here, 3, late=1)
    make._keep(
        WijkDay(
            day=LAST.last, wijk_id=town.here.id, providers=2, figures=20, stale=5, blocks=None, covered=None
        )
    )
    page = evidence(made.coordinator, made.agreement_id, LEAST)
    named = [clause.names[0] for part in words.parts(page.groups[0]) for clause in part.clauses]
    assert {figure for name in named for figure in told(page, name)} == {"–"}


def test_who_takes_no_part_does_not_see_it(make, town, made):
    outsider = make.provider(town.here, name="Noord")
    for who in (outsider.nurse, town.referrer):
        with pytest.raises(NotAllowed):
            evidence(who, made.agreement_id, LEAST)


def test_a_look_from_outside_is_written_down_and_every_clause_says_three_things(db, made, insurer, visitor):
    page = visitor(insurer).get(f"/regio/afspraken/{made.agreement_id}/stand").text
    assert page.count("De app doet") == page.count("Zo meten we dit") >= 10
    assert [(one.what, one.wijk_id) for one in db.query(OutsiderLook)] == [(Look.AGREEMENT, None)]
    assert (
        f"/regio/afspraken/{made.agreement_id}/stand"
        in visitor(made.admins[0]).get(f"/afspraken/{made.agreement_id}").text
    )


def test_duties_are_measured_for_an_agreement_about_them(make, town, insurer):
    made = three(town, admins_of(make, town), kind=Kind.ANW)
    page = evidence(insurer, made.agreement_id, LEAST)
    assert page.duties is not None
    assert page.duties.filled is None
    shown = [clause for part in words.rota_parts(page) for clause in part.clauses]
    assert all(clause.measured for clause in shown)
    assert "key" not in {clause.names[0] for clause in shown}  # numbers of providers
    inside = evidence(made.admins[0], made.agreement_id, LEAST)
    assert "key" in {clause.names[0] for part in words.rota_parts(inside) for clause in part.clauses}


def test_who_was_there_in_time_is_told_in_parts(db, make: Make):
    rota_town = make.rota_town(organisations=3, people=4)
    agreement = make_agreement(
        db, rota_town.region, [], rota_town.coordinator, *rota_town.organisations[:2]
    ).agreement
    agreement.kind = Kind.ANW
    make.plan(rota_town, LAST.first)
    holds = db.execute(
        select(DutyHold, Duty).join(Duty, Duty.id == DutyHold.duty_id).where(Duty.line == Line.MAIN)
    ).all()
    for number, (hold, duty) in enumerate(holds):
        late = timedelta(minutes=16 if number % 2 else 15)
        hold.checked_in_at = duty.starts_at + late
    db.flush()
    found = evidence(rota_town.nurses[0], agreement.id, LEAST).duties
    assert found.filled.low == 1
    assert found.there.low == (len(holds) + 1) // 2 / len(holds)
    assert found.ahead == timedelta(days=28)
    assert (found.on_site, found.confirmed) == (None, None)


def test_a_handover_counts_also_when_its_words_are_gone(db, make: Make):
    rota_town = make.rota_town(organisations=3, people=4)
    agreement = make_agreement(
        db, rota_town.region, [], rota_town.coordinator, *rota_town.organisations[:2]
    ).agreement
    agreement.kind = Kind.ANW
    make.plan(rota_town, LAST.first)
    duties = db.scalars(select(Duty).where(Duty.line == Line.MAIN).order_by(Duty.starts_at)).all()
    for duty, following in pairwise(duties[:21]):
        written = Handover(
            duty_id=duty.id,
            happened="Rustige nacht",
            still_open="",
            watch="",
            written_by_id=rota_town.nurses[0].id,
            written_at=duty.ends_at,
            to_duty_id=following.id,
            confirmed_at=duty.ends_at,
        )
        db.add(written)
    db.flush()
    rota_jobs.forget()
    found = evidence(rota_town.nurses[0], agreement.id, LEAST).duties
    assert found.confirmed == Part(1.0, 1.0)
