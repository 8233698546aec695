"""Who is on duty in the region: now and next, by week, by month, as a list, and one duty."""

from datetime import date, timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.agreements.rota_words import KINDS
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.people.session import signed_in
from wijkapp.rota import week as weeks
from wijkapp.rota.page_words import MONTHS
from wijkapp.rota.service import look, part
from wijkapp.rota.views.room import asked_region, bp

FIRST_YEAR, LAST_YEAR = 2020, 2100
LIST_DAYS = 28


@bp.get("")
def index() -> ResponseReturnValue:
    """Who is on duty now, who is next, and the own duties."""
    with reading():  # the page and the numbers of the tabs are of one moment
        return render_template("rota/index.html", page=look.home(signed_in(), asked_region()))


@bp.get("/nu")
def now() -> ResponseReturnValue:
    """Only who is on duty now and next, for a page that is open already."""
    tonight, unreached = look.tonight(signed_in(), asked_region())
    return render_template("rota/_now.html", tonight=tonight, unreached=unreached)


@bp.get("/week")
def this_week() -> ResponseReturnValue:
    year, week, _day = time.today().isocalendar()
    return redirect(url_for(".week", iso=f"{year}-W{week:02}", regio=asked_region()))


@bp.get("/week/<iso>")
def week(iso: str) -> ResponseReturnValue:
    """One week, as in 2026-W53."""
    first = _week_starts(iso)
    with reading():
        page = look.period(signed_in(), first, 7, asked_region())
        return render_template(
            "rota/week.html",
            page=page,
            before=_iso(first - timedelta(days=7)),
            after=_iso(first + timedelta(days=7)),
            month=f"{time.today() if first <= time.today() < first + timedelta(days=7) else first:%Y-%m}",
            number=first.isocalendar().week,
        )


@bp.get("/maand/<month>")
def month(month: str) -> ResponseReturnValue:
    """One month, in whole weeks, as in 2026-12."""
    first = _month_starts(month)
    after = _next_month(first)
    start = weeks.monday_of(first)
    end = weeks.monday_of(after - timedelta(days=1)) + timedelta(days=7)
    with reading():
        page = look.period(signed_in(), start, (end - start).days, asked_region())
        return render_template(
            "rota/month.html",
            page=page,
            month=first,
            before=f"{first - timedelta(days=1):%Y-%m}",
            after=f"{after:%Y-%m}",
            name=str(MONTHS[first.month - 1]),
            iso=_iso(first),
        )


@bp.get("/lijst")
def listing() -> ResponseReturnValue:
    """Every duty of four weeks from a day on; all of them, the own ones, or those nobody has."""
    first = _day_asked()
    with reading():
        page = look.period(signed_in(), first, LIST_DAYS, asked_region())
        which = request.args.get("wie", "")
        return render_template(
            "rota/list.html",
            page=page,
            which=which if which in ("ik", "gaten") else "",
            before=first - timedelta(days=LIST_DAYS),
            after=first + timedelta(days=LIST_DAYS),
        )


@bp.get("/<uuid:duty_id>")
def duty(duty_id: UUID) -> ResponseReturnValue:
    """One duty: who has it, who had it, and what can be done with it."""
    with reading():
        page = look.duty_page(signed_in(), duty_id)
        return render_template(
            "rota/duty.html",
            page=page,
            turn=page.turn,
            kinds=KINDS,
            part=part.part(signed_in(), duty_id),
        )


def _iso(day: date) -> str:
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"


def _week_starts(iso: str) -> date:
    """Raises NotFound for what is no week."""
    try:
        year, week = iso.split("-W")
        if not (year.isascii() and week.isascii() and len(week) == 2):
            raise NotFound
        return _near(date.fromisocalendar(int(year), int(week), 1))
    except ValueError:
        raise NotFound from None


def _month_starts(month: str) -> date:
    """Raises NotFound for what is no month."""
    try:
        return _near(date.fromisoformat(f"{month}-01"))
    except ValueError:
        raise NotFound from None


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _day_asked() -> date:
    """From which day a list is (?van=2026-12-01); today when nothing is asked. Raises NotFound."""
    if not request.args.get("van"):
        return weeks.day_of(time.now())
    try:
        return _near(date.fromisoformat(request.args["van"]))
    except ValueError:
        raise NotFound from None


def _near(day: date) -> date:
    """No rota is further away, and no arithmetic runs out of the calendar. Raises NotFound."""
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise NotFound
    return day
