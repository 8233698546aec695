"""What an insurer sees of a region: small numbers protected; and who may see that it looked."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from itertools import combinations, pairwise

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from tests.agreements.making import facts
from tests.make import Make
from tests.matching.make import chosen, offered, posted
from wijkapp.agreements.service import register
from wijkapp.directory.models import RegionOrganisation, WijkPopulation
from wijkapp.kit import documents, time
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.kit.outbox import Event
from wijkapp.oversight import exports, jobs, region_wording
from wijkapp.oversight.models import NormSignal, OutsiderLook, RollupWeek, WijkDay
from wijkapp.oversight.rules.looks import LOOKS_KEPT, Look
from wijkapp.oversight.rules.protect import is_safe
from wijkapp.oversight.rules.signals import missed
from wijkapp.oversight.rules.tally import Tally
from wijkapp.oversight.rules.weeks import WEEK, Quarter, monday, quarters_until
from wijkapp.oversight.service import looks, region, signals
from wijkapp.oversight.service.looks import Looked
from wijkapp.people.rules import OrganisationKind, Role

SQLITE = pytest.mark.database("sqlite")  # what is asked here does not depend on the database
LEAST = 10
LAST = Quarter(2026, 3)  # the one before the day of these tests


@pytest.fixture
def insurer(make: Make, town):
    """Maarten, who may look at the region of the town."""
    company = make.organisation("Waterlinie", OrganisationKind.INSURER)
    make._keep(RegionOrganisation(region_id=town.region.id, organisation_id=company.id))
    return make.account(company, Role.VIEWER, name="Maarten Bosuil")


def counted(make: Make, wijk, *numbers: int, first: date = LAST.first, late: int = 0, **more: object) -> None:
    """So many requests in each of the weeks from this one on; all placed in time but for `late` of them."""
    for n, requests in enumerate(numbers):
        if requests:
            facts = {"requests": requests, "judged": requests, "in_time": requests - late, "placed": requests}
            made = Tally(**facts | {"offer": (0, 0, requests)} | more)
            row = {name: getattr(made, name) for name in Tally.__slots__}
            make._keep(RollupWeek(week=first + WEEK * n, wijk_id=wijk.id, **row))


def page(actor, quarter=LAST, region_id=None):
    return region.region_page(actor, region_id, quarter, LEAST)


def line(actor, wijk, quarter=LAST):
    return next(one for one in page(actor, quarter).lines if one.wijk.id == wijk.id)


def test_an_insurer_sees_a_busy_region(make, town, clock, insurer):
    counted(make, town.here, *[30] * 13)
    counted(make, town.near, *[20] * 13)
    seen = page(insurer)
    assert (seen.region.id, seen.quarter, seen.whole.requests) == (town.region.id, LAST, 650)
    assert line(insurer, town.here).shown.requests == 390
    assert line(insurer, town.here).shown.in_time.low == 1
    assert line(insurer, town.here).shown.offer.median.minutes == 15
    assert line(insurer, town.far).shown.requests == 0
    assert [one.shown.requests for one in seen.weeks][:13] == [50] * 13


def test_a_quiet_wijk_is_not_shown_and_a_second_one_hides_with_it(make, town, clock, insurer):
    counted(make, town.here, *[30] * 13)
    counted(make, town.near, *[2] * 13)
    counted(make, town.far, 2, 0, 1)
    assert line(insurer, town.far).shown.requests is None
    assert line(insurer, town.near).shown.requests is None  # else the region less the others would tell
    assert page(insurer).whole.requests == 390 + 26 + 3


def test_a_share_that_is_nearly_all_is_at_least(make, town, clock, insurer):
    counted(make, town.here, *[30] * 13, late=0)
    make.db.execute(RollupWeek.__table__.update().where(RollupWeek.week == LAST.first).values(in_time=27))
    part = line(insurer, town.here).shown.in_time
    assert not part.exact
    assert part.low == (390 - 9) / 390


@pytest.mark.parametrize(("weeks", "says"), [(8, "≥ 97%"), (9, "–")])
def test_a_region_is_not_said_to_have_fewer_than_ten_when_nine_weeks_have_one_at_least(
    make, town, clock, insurer, weeks, says
):
    counted(make, town.here, *[30] * weeks, late=1)
    counted(make, town.here, *[30] * (13 - weeks), first=LAST.weeks[weeks])
    assert region_wording.percent(page(insurer).whole.in_time) == says


def test_a_quarter_that_runs_shows_no_wijken(make, town, clock, insurer):
    now = LAST.after
    counted(make, town.here, *[30] * 8, first=now.first)
    seen = page(insurer, now)
    assert not seen.over
    assert line(insurer, town.here, now).shown.requests is None
    assert seen.whole.requests is None
    assert [one.shown.requests for one in seen.weeks if one.week >= now.first] == [30] * 6  # to 8 November


def test_what_is_still_judged_is_not_shown(make, town, clock, insurer):
    """Two looks a day apart differ by nobody: a week and a quarter are shown once two weeks went by."""
    counted(make, town.here, *[30] * 22)
    week = LAST.after.first + WEEK * 6
    for day, shown in ((week + WEEK * 3 - timedelta(days=1), False), (week + WEEK * 3, True)):
        clock.move_to(datetime.combine(day, time_of_day(12), UTC))
        weeks = {one.week for one in page(insurer).weeks}
        assert (week in weeks) is shown
        assert (week == page(insurer).until) is shown
    for day, over in ((LAST.last + timedelta(days=14), False), (LAST.last + timedelta(days=15), True)):
        clock.move_to(datetime.combine(day, time_of_day(12), UTC))
        assert page(insurer).over is over
        assert (line(insurer, town.here).shown.requests is not None) is over
        assert (region.wijk_picture(insurer, town.here.code, LAST, LEAST).shown.requests is not None) is over


def test_an_older_quarter_comes_with_its_own_weeks_and_line(make, town, clock, insurer):
    first, *_between, before = quarters_until(LAST, 13)[:5]  # eight went by since
    counted(make, town.here, *[30] * 170, first=first.first)
    seen = page(insurer, before)
    assert set(before.weeks) <= {one.week for one in seen.weeks}
    assert [part.low for part in line(insurer, town.here, before).trend] == [1.0] * 5
    assert seen.whole.requests == 390
    assert "2024-W" in exports.as_csv(exports.weeks(seen)).decode()


@SQLITE
def test_no_two_numbers_of_all_pages_and_exports_differ_by_a_small_one(make, town, clock, insurer, visitor):
    """Of each number that is shown: which wijken and weeks it is the sum of. Then every pair."""
    truth = {
        town.here: [14, 12, 30, 11, 12, 19, 10, 22, 17, 15, 11, 12, 13],
        town.near: [3, 1, 0, 4, 12, 0, 2, 1, 5, 1, 0, 2, 6],
        town.far: [1, 0, 0, 2, 0, 0, 0, 1, 0, 0, 3, 0, 0],
    }
    for wijk, numbers in truth.items():
        counted(make, wijk, *numbers)
    atoms = {(wijk.name, n): count for wijk, numbers in truth.items() for n, count in enumerate(numbers)}
    shown = _shown_everywhere(visitor(insurer), truth)
    assert len(shown) > 20
    for sets, said in shown:
        assert sum(atoms[one] for one in sets) == said
    for (one, _n), (other, _m) in combinations(shown, 2):
        for more, less in ((one, other), (other, one)):
            if less < more:
                assert is_safe((sum(atoms[atom] for atom in more - less),), LEAST)


def _shown_everywhere(browser, truth) -> list[tuple[frozenset, int]]:
    """What the page, both CSVs and the workbook say, as sets of (wijk, week)."""
    weeks = range(13)
    names = {wijk.name for wijk in truth}
    everything = frozenset((name, n) for name in names for n in weeks)
    found: list[tuple[frozenset, int]] = []
    for rows in (
        _rows(browser.get("/regio/overzicht/wijken.csv?kwartaal=2026-3").data),
        _sheet(browser.get("/regio/overzicht/regio.xlsx?kwartaal=2026-3").data, "Wijken"),
    ):
        column = rows[0].index("Zorgvragen")
        for row in rows[1:]:
            if str(row[column]).isdigit():
                name = row[0]
                found.append(
                    (frozenset(a for a in everything if name not in names or a[0] == name), int(row[column]))
                )
    for rows in (
        _rows(browser.get("/regio/overzicht/weken.csv?kwartaal=2026-3").data),
        _sheet(browser.get("/regio/overzicht/regio.xlsx?kwartaal=2026-3").data, "Weken"),
    ):
        for row in rows[1:]:
            n = next((n for n in weeks if row[0] == f"2026-W{27 + n:02}"), None)
            if n is not None and str(row[3]).isdigit():
                found.append((frozenset(a for a in everything if a[1] == n), int(row[3])))
    return found


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def _sheet(content: bytes, title: str) -> list[list[object]]:
    return [list(row) for row in load_workbook(io.BytesIO(content))[title].values]


@SQLITE
def test_a_csv_opens_in_a_dutch_excel(make, town, clock, insurer, visitor):
    counted(make, town.here, *[30] * 12, late=1)
    counted(make, town.here, 30, first=LAST.weeks[-1], late=2)  # else their sum would tell that of each week
    answer = visitor(insurer).get("/regio/overzicht/wijken.csv?kwartaal=2026-3")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbfWijk;CBS-code;")
    assert b";96,4;" in answer.data  # 376 of 390 in time
    weeks = visitor(insurer).get("/regio/overzicht/weken.csv?kwartaal=2026-3").data.decode("utf-8-sig")
    assert "2026-W27;29-06-2026;05-07-2026;30;" in weeks


@SQLITE
@pytest.mark.parametrize("name", ["=1+1", "+31", "-2+3", "@SUM(A1)", "\tHoi"])
def test_a_name_is_no_formula(make, town, clock, insurer, visitor, name):
    town.here.name = name
    make.db.flush()
    rows = _rows(visitor(insurer).get("/regio/overzicht/wijken.csv").data)
    cells = [cell for row in rows for cell in row]
    assert "'" + name in cells
    assert not [cell for cell in cells if cell.startswith(exports.BEGINS_A_FORMULA)]
    book = load_workbook(io.BytesIO(visitor(insurer).get("/regio/overzicht/regio.xlsx").data))
    kinds = {cell.value: cell.data_type for row in book["Wijken"].iter_rows() for cell in row}
    assert kinds[name] == "s"  # text, so it is shown as it is and nothing is worked out
    assert "f" not in kinds.values()


@SQLITE
def test_a_report_is_a_tagged_pdf(make, town, clock, insurer, visitor):
    counted(make, town.here, *[30] * 13)
    answer = visitor(insurer).get("/regio/overzicht/regio.pdf?kwartaal=2026-3")
    assert answer.data.startswith(b"%PDF")
    assert b"/StructTreeRoot" in answer.data
    assert b"/MarkInfo" in answer.data
    assert b"/Lang(nl)" in answer.data
    insurer.language = "en"
    make.db.commit()
    assert b"/Lang(en)" in visitor(insurer).get("/regio/overzicht/regio.pdf?kwartaal=2026-3").data


PATHS = (
    "/regio/overzicht",
    "/regio/overzicht/verloop",
    "/regio/overzicht/wijken.csv",
    "/regio/overzicht/weken.csv",
    "/regio/overzicht/regio.xlsx",
    "/regio/overzicht/regio.pdf",
    "/regio/overzicht/{code}",
    "/regio/overzicht/{code}/melden",
    "/regio/signalen",
)
ELSEWHERE = {
    "/wijken": Look.WIJKEN,
    "/wijken/{code}": Look.CARD,
    "/wijken/{code}/afspraken": Look.TERMS,
    "/afspraken": Look.REGISTER,
    "/afspraken/{agreement}": Look.AGREEMENT,
    "/afspraken/{agreement}/documenten": Look.DOCUMENTS,
}
OF_THE_REGION = set(Look) - set(ELSEWHERE.values())


@SQLITE
def test_every_look_of_an_outsider_is_written_down_and_the_providers_see_it(
    db, make, town, clock, insurer, visitor
):
    oost = make.provider(town.here)
    browser = visitor(insurer)
    for path in PATHS:
        assert browser.get(path.format(code=town.here.code)).status_code == 200, path
    seen = db.scalars(select(OutsiderLook.what).order_by(OutsiderLook.id)).all()
    assert sorted(seen) == sorted([*OF_THE_REGION, Look.CSV])
    visitor(town.coordinator).get("/regio/overzicht")
    assert len(db.scalars(select(OutsiderLook.id)).all()) == len(PATHS)  # she is of the region itself
    told = visitor(oost.nurse).get("/regio/wie-keek-mee").text
    assert "Waterlinie" in told
    assert "Maarten Bosuil" in told


@SQLITE
def test_a_look_at_a_wijk_or_an_agreement_is_written_down_too(db, make, town, clock, insurer, visitor):
    agreement_id = register.begin(town.coordinator, facts(town))
    browser, given = visitor(insurer), {"code": town.here.code, "agreement": agreement_id}
    expected = []
    for path, what in ELSEWHERE.items():
        answer = browser.get(path.format(**given))
        if answer.status_code == 200:
            assert answer.headers["Cache-Control"] == "no-store", path
            expected.append((what, town.here.id if "wijken/" in path else None))
        visitor(town.coordinator).get(path.format(**given))  # of the region itself: not a look from outside
    rows = db.execute(select(OutsiderLook.what, OutsiderLook.wijk_id).order_by(OutsiderLook.id)).all()
    assert [tuple(row) for row in rows] == expected
    assert len(expected) >= 5
    told = visitor(make.provider(town.here).nurse).get("/regio/wie-keek-mee").text
    assert "<b>Waterlinie</b>" in told  # who may look, also before they did
    assert "de afspraken van een wijk" in told
    assert browser.get("/wijken/geen").status_code == 404
    assert len(db.scalars(select(OutsiderLook.id)).all()) == len(expected)


@SQLITE
@pytest.mark.parametrize("roles", [(Role.VIEWER, Role.ADMIN), (Role.ADMIN,)])
@pytest.mark.parametrize("kind", [OrganisationKind.INSURER, OrganisationKind.MUNICIPALITY])
def test_the_admin_of_who_looks_on_looks_on_too(db, make, town, clock, visitor, kind, roles):
    company = make.organisation("Waterlinie", kind)
    make._keep(RegionOrganisation(region_id=town.region.id, organisation_id=company.id))
    make.provider(town.here, name="Oost", places=47)
    browser = visitor(make.account(company, *roles))
    card = browser.get(f"/wijken/{town.here.code}")
    assert card.status_code == 200
    assert "/capaciteit/wijk" not in card.text
    assert browser.get(f"/capaciteit/wijk/{town.here.code}").status_code == 403
    assert browser.get("/regio/wie-keek-mee").status_code == 403
    assert browser.get("/organisatie").status_code == 200
    assert db.scalars(select(OutsiderLook.what)).all() == [Look.CARD]


@SQLITE
def test_the_wijkregisseur_of_a_municipality_takes_part_and_sees_who_looked(make, town, clock, visitor):
    municipality = make.organisation("Dijkhaven", OrganisationKind.MUNICIPALITY)
    make._keep(RegionOrganisation(region_id=town.region.id, organisation_id=municipality.id))
    leads = visitor(make.account(municipality, Role.COORDINATOR, Role.ADMIN))
    assert leads.get(f"/capaciteit/wijk/{town.here.code}").status_code == 200
    assert leads.get("/regio/wie-keek-mee").status_code == 200


@SQLITE
def test_a_look_that_cannot_be_written_down_shows_nothing(town, clock, insurer, visitor, monkeypatch):
    monkeypatch.setattr(looks, "write_down", lambda *_: 1 / 0)
    browser = visitor(insurer)
    browser.app.config["PROPAGATE_EXCEPTIONS"] = False
    browser.app.testing = False
    try:
        answer = browser.get("/regio/overzicht")
    finally:
        browser.app.testing = True
        browser.app.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code == 500
    assert town.here.name not in answer.text


@SQLITE
def test_looks_are_forgotten_and_another_region_hears_nothing(db, make, town, clock, insurer, visitor):
    visitor(insurer).get("/regio/overzicht")
    elsewhere = make.organisation("Elders")
    make.region(members=[elsewhere])
    assert looks.looks(make.account(elsewhere, Role.NURSE)).lines == []
    clock.shift(LOOKS_KEPT + timedelta(days=1))
    jobs.forget_looks()
    assert db.scalars(select(OutsiderLook.id)).all() == []


@SQLITE
def test_anna_a_nurse_bram_of_her_organisation_and_carla_elsewhere_see_none_of_it(
    make, town, clock, insurer, visitor
):
    oost = make.provider(town.here)
    bram = make.account(oost.organisation, Role.ADMIN)
    other = make.organisation("Ander", OrganisationKind.INSURER)
    make.region(members=[other])
    carla = make.account(other, Role.VIEWER)
    for path in PATHS:
        for who in (oost.nurse, bram, town.referrer):
            assert visitor(who).get(path.format(code=town.here.code)).status_code == 403
    for path in PATHS[-3:-1]:
        assert visitor(carla).get(path.format(code=town.here.code)).status_code == 404
    assert town.here.name not in visitor(carla).get("/regio/overzicht").text
    with pytest.raises(NotFound):
        page(carla, region_id=town.region.id)
    with pytest.raises(NotAllowed):
        page(oost.nurse)
    assert visitor(insurer).get("/regio/wie-keek-mee").status_code == 403


@SQLITE
def test_the_same_look_of_a_day_is_one_line_and_older_days_are_a_page_further(
    make, town, clock, insurer, visitor, monkeypatch
):
    nurse = make.provider(town.here).nurse
    for _day in range(3):
        for what in (Look.REGION, Look.REGION, Look.TREND):
            looks.write_down(insurer, [Looked(town.region.id, what), Looked(town.region.id, what)])
            clock.shift(60)
        clock.shift(timedelta(days=1))
    seen = looks.looks(nurse)
    assert [(one.what, one.times) for one in seen.lines] == [(Look.TREND, 1), (Look.REGION, 2)] * 3
    assert seen.before is None
    monkeypatch.setattr(looks, "MOST", 3)
    first = looks.looks(nurse)
    assert {one.day for one in first.lines} == {date(2026, 11, 26)}
    assert first.before == date(2026, 11, 25)
    monkeypatch.setattr(looks, "MOST", 1)  # a day is never cut in two
    second = looks.looks(nurse, first.before)
    assert {one.day for one in second.lines} == {date(2026, 11, 25)}
    third = looks.looks(nurse, second.before)
    assert (len(third.lines), third.before) == (2, None)
    browser = visitor(nurse)
    assert "/regio/wie-keek-mee?tot=2026-11-25" in browser.get("/regio/wie-keek-mee").text
    assert "2 keer" in browser.get("/regio/wie-keek-mee?tot=2026-11-24").text
    for nonsense in ("gisteren", "0001-01-01", "9999-12-31", "\x00"):
        answer = browser.get("/regio/wie-keek-mee", query_string={"tot": nonsense})
        assert answer.status_code == 200


@SQLITE
def test_a_wijk_of_no_region_is_not_there_for_who_looks_on(db, make, town, clock, insurer, visitor):
    nowhere = make.wijk("Nergens")
    assert nowhere.region_id is None
    for path in (f"/wijken/{nowhere.code}", f"/wijken/{nowhere.code}/afspraken"):
        assert visitor(insurer).get(path).status_code == 404
        assert visitor(town.referrer).get(path).status_code == 200
    assert db.scalars(select(OutsiderLook.id)).all() == []


CANARY_TARIFF = "61,17"


@SQLITE
def test_no_provider_no_person_and_nothing_of_a_request_is_in_any_answer(
    db, make, town, clock, insurer, visitor, monkeypatch
):
    """Canaries: names of providers and people, figures of one team, a remark, ids of requests."""
    oost = make.provider(
        town.here, name="Kanarie Thuiszorg", places=4747, profile=f"Wij rekenen {CANARY_TARIFF} per uur"
    )
    west = make.provider(town.here, name="Tweede Kanarie", places=8383)
    ids = [posted(town.referrer, remark=f"Sleutel bij de buren {n}") for n in range(3)]
    chosen(town.referrer, offered(oost.nurse, ids[0]))
    clock.shift(timedelta(days=91))
    jobs.roll_up()
    browser, forbidden = visitor(insurer), {"Kanarie", "Sleutel", "4747", "8383", CANARY_TARIFF}
    forbidden |= {str(one) for one in ids} | {str(one.organisation.id) for one in (oost, west)}
    forbidden |= {one.nurse.name for one in (oost, west)} | {town.referrer.name}
    compile_pdf, printed = documents.pdf, []
    monkeypatch.setattr(documents, "pdf", lambda *given: printed.append(given) or compile_pdf(*given))
    for path in PATHS:
        answer = browser.get(path.format(code=town.here.code))
        text = _read(answer) or str(printed.pop())
        assert {
            word for word in forbidden if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)
        } == set(), path


def _read(answer) -> str:
    if "spreadsheet" in answer.headers["Content-Type"]:
        book = load_workbook(io.BytesIO(answer.data))
        return "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)
    if "pdf" in answer.headers["Content-Type"]:
        return ""  # compressed: what was given to print is looked at instead
    text = re.sub(r"<(head|svg)\b.*?</\1>|nonce=\S+|csrf\S+", "", answer.text, flags=re.S)
    return re.sub(r"/static/\w+", "", text)


def test_a_norm_missed_four_weeks_running_is_told_once(db, make, town, clock, insurer):
    last = monday(time.today()) - WEEK
    counted(make, town.here, *[20] * 5, first=last - WEEK * 4, late=8)
    for _tick in range(2):
        signals.look()
    [one] = db.scalars(select(NormSignal)).all()
    assert (one.wijk_id, one.weeks, one.last_week) == (town.here.id, 5, last)
    told = db.scalars(select(Event.to_id).where(Event.name == "oversight.norm_missed")).all()
    assert told == [town.coordinator.id]
    assert line(insurer, town.here).signal.id == one.id
    clock.shift(timedelta(days=7))
    counted(make, town.here, 20, first=last + WEEK)
    signals.look()
    db.expire_all()
    assert db.scalars(select(NormSignal.ended_on)).all() == [last + WEEK]
    assert line(insurer, town.here).signal is None


def test_a_signal_about_few_requests_is_not_for_who_looks_on(db, make, town, clock, insurer):
    last = monday(time.today()) - WEEK
    counted(make, town.here, *[3] * 5, first=last - WEEK * 4, late=2)
    signals.look()
    for least, seen in ((15, True), (16, False)):
        shown = [signals.signals(insurer, least).signals]
        shown += [region.region_page(insurer, None, LAST, least).signals]
        shown += [[one] if (one := region.wijk_picture(insurer, town.here.code, LAST, least).signal) else []]
        assert [bool(those) for those in shown] == [seen] * 3
    assert signals.signals(town.coordinator, 16).signals


def test_a_signal_of_more_than_half_a_year_keeps_its_first_week(db, make, town, clock):
    last = monday(time.today()) - WEEK
    first = last - WEEK * 25
    counted(make, town.here, *[20] * 28, first=first, late=8)
    db.execute(update(RollupWeek).where(RollupWeek.week == last + WEEK).values(judged=0, in_time=0))
    for weeks, newest in ((26, last), (26, last), (27, last + WEEK * 2)):
        for _tick in range(2):
            signals.look()
        db.expire_all()
        [one] = db.scalars(select(NormSignal)).all()
        assert (one.first_week, one.last_week, one.weeks) == (first, newest, weeks)
        clock.shift(WEEK)


@pytest.mark.parametrize(
    ("weeks", "says"),
    [
        ([(20, 10)] * 4, 4),
        ([(20, 10)] * 3, None),
        ([(20, 10)] * 3 + [(20, 18)], None),
        ([(20, 18)] + [(20, 10)] * 2 + [(0, 0)] + [(20, 10)] * 2, 4),  # a week without any says nothing
        ([(2, 1)] * 4, None),  # too few to say
        ([(3, 1)] * 4, 4),
    ],
)
def test_what_is_a_signal(weeks, says):
    first = date(2026, 1, 5)
    given = [(first + WEEK * n, Tally(judged=judged, in_time=met)) for n, (judged, met) in enumerate(weeks)]
    found = missed(given)
    assert (found and found.weeks) == says


@SQLITE
def test_a_wijk_without_an_agreement_has_a_text_to_send(make, town, clock, insurer, visitor):
    make._keep(
        WijkPopulation(
            wijk_id=town.here.id, counted_on=date(2026, 1, 1), inhabitants=9000, from_75=700, source="CBS"
        )
    )
    assert "Meld dit" in visitor(insurer).get("/regio/overzicht").text
    text = visitor(insurer).get(f"/regio/overzicht/{town.here.code}/melden").text
    assert "mailto:?subject=" in text
    assert "9.000 mensen, van wie 700 van 75 jaar en ouder (CBS)" in text


@SQLITE
def test_a_wijk_without_counts_says_so(town, clock, insurer, visitor):
    assert "Nog niet bekend" in visitor(insurer).get(f"/regio/overzicht/{town.here.code}").text
    assert "Nog niet bekend" in visitor(town.referrer).get(f"/wijken/{town.here.code}").text


def test_a_share_of_old_figures_needs_three_providers(db, make, town, clock, insurer):
    for providers, says in ((2, None), (3, 0.5)):
        make._keep(
            WijkDay(
                day=time.today() - timedelta(days=providers - 2),
                wijk_id=town.here.id,
                providers=providers,
                figures=4,
                stale=2,
            )
        )
        assert line(insurer, town.here).stale == says
        db.query(WijkDay).delete()


@SQLITE
@pytest.mark.parametrize("given", ["2026-5", "maan", "\x00", "2026-3'", "99999-1", "0000-1", "1999-1"])
def test_a_quarter_that_is_none_is_the_last_one(town, clock, insurer, visitor, given):
    answer = visitor(insurer).get("/regio/overzicht", query_string={"kwartaal": given, "regio": given})
    assert answer.status_code == 200


@SQLITE
def test_a_quarter_before_the_first_request_does_not_exist(town, clock, insurer, visitor):
    assert visitor(insurer).get("/regio/overzicht?kwartaal=2001-1").status_code == 404
    nobody = "01a20000-0000-7000-8000-000000000000"
    assert visitor(insurer).get(f"/regio/overzicht?regio={nobody}").status_code == 404


@SQLITE
def test_an_insurer_without_a_region_is_told_whom_to_ask(make, clock, visitor):
    alone = make.account(make.organisation("Ver", OrganisationKind.INSURER), Role.VIEWER)
    assert "nog in geen regio mee" in visitor(alone).get("/regio/overzicht").text
    assert visitor(alone).get("/regio/overzicht/verloop").status_code == 404
    assert visitor(alone).get("/").headers["Location"] == "/regio/overzicht"


def test_quarters_are_whole_weeks_and_follow_one_another():
    all_of_them = quarters_until(Quarter(2031, 4), 44)
    for one, after in pairwise(all_of_them):
        assert one.after == after
        assert after.before == one
        assert one.last + timedelta(days=1) == after.first
        assert Quarter.of(one.first) == Quarter.of(one.last) == one == Quarter.read(str(one))
        assert len(one.weeks) in (13, 14)
    assert len(Quarter(2026, 4).weeks) == 14  # 2026 has a week 53
