"""Who takes duties, and when they cannot: the planner's list, and everybody's own page."""

from datetime import date, timedelta
from datetime import time as hour
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit import time
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import decimal, ngettext
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in
from wijkapp.rota.forms.available import AbsenceForm, WishForm
from wijkapp.rota.forms.people import NewPersonForm, PersonForm
from wijkapp.rota.models import Absence
from wijkapp.rota.service import absence, members
from wijkapp.rota.views.room import asked_region, bp

MOST_WRONG = 20
"""So many rows of a file are named one by one."""


@bp.app_template_filter("hundredths")
def hundredths(value: int) -> str:
    """Whole hundredths as people write them: 1,5."""
    return decimal(value / 100)


@bp.app_template_filter("balance")
def balance(value: int) -> str:
    """+1,5, −2 or 0: points beyond the own part."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + hundredths(abs(value))


@bp.app_template_filter("whole_days")
def whole_days(one: Absence) -> tuple[date, date] | None:
    """The first and the last day of a time that is in whole days; None of any other."""
    first, last = time.local(one.starts_at), time.local(one.ends_at)
    if first.time() != hour(0) or last.time() != hour(0):
        return None
    return first.date(), last.date() - timedelta(days=1)


# --- the planner's list


@bp.get("/mensen")
def people() -> ResponseReturnValue:
    """Everybody who takes duties in the region."""
    return render_template("rota/people.html", page=members.people_page(signed_in(), asked_region()))


@bp.get("/mensen/nieuw")
def new_person() -> ResponseReturnValue:
    region, others = members.others(signed_in(), asked_region())
    form = NewPersonForm.among(others)
    return render_template("rota/new_person.html", form=form, region=region)


@bp.post("/mensen/nieuw")
def add_person() -> ResponseReturnValue:
    me = signed_in()
    region, others = members.others(me, asked_region())
    form = NewPersonForm.among(others)
    try:
        form.check()
        members.add_person(me, region.id, UUID(form.account.data), form.facts)
    except Invalid as wrong:
        form.blame(wrong)
        return render_template("rota/new_person.html", form=form, region=region), 422
    flash(_("Staat op de lijst. Het volgende rooster rekent ermee."))
    return redirect(url_for(".people", regio=asked_region()))


@bp.get("/mensen/<uuid:member_id>")
def person(member_id: UUID) -> ResponseReturnValue:
    """One who takes duties, to change."""
    return _person(member_id)


def _person(
    member_id: UUID, form: PersonForm | None = None, away: AbsenceForm | None = None, changed: str = ""
) -> str:
    me = signed_in()
    one = members.person(me, member_id)
    return render_template(
        "rota/person.html",
        one=one,
        form=form or PersonForm.of(one),
        away=away or AbsenceForm(formdata=None),
        changed=changed,
        absences=absence.of_colleague(me, member_id),
    )


@bp.post("/mensen/<uuid:member_id>")
def save_person(member_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    one = members.person(me, member_id)
    form = PersonForm()
    try:
        form.check()
        left = members.change_person(me, member_id, form.facts, form.seen.data or "")
    except members.ChangedMeanwhile as changed:
        form.seen.data = members.person(me, member_id).seen
        return _person(member_id, form, changed=str(changed.sentence)), changed.status
    except Invalid as wrong:
        form.blame(wrong)
        return _person(member_id, form), 422
    if left and not form.active.data:
        flash(
            ngettext(
                "Bewaard. %(num)s dienst op deze naam komt nu open te staan: zoek daar iemand voor.",
                "Bewaard. %(num)s diensten op deze naam komen nu open te staan: zoek daar iemand voor.",
                left,
            ),
            "warning",
        )
    else:
        flash(_("Bewaard. Het volgende rooster rekent ermee."))
    return redirect(url_for(".people", regio=one.member.region_id))


@bp.post("/mensen/<uuid:member_id>/weg")
def add_absence_for(member_id: UUID) -> ResponseReturnValue:
    """A planner writes down when a colleague cannot."""
    form = AbsenceForm()
    try:
        form.check()
        hit = absence.add_for(signed_in(), member_id, form.start, form.end)
    except Invalid as wrong:
        form.blame(wrong)
        return _person(member_id, away=form), 422
    if hit:
        flash(
            ngettext(
                "Bewaard. Deze collega heeft dan nog %(num)s dienst. Zoek daar iemand voor.",
                "Bewaard. Deze collega heeft dan nog %(num)s diensten. Zoek daar iemand voor.",
                len(hit),
            ),
            "warning",
        )
    else:
        flash(_("Bewaard. Het volgende rooster laat deze tijd vrij."))
    return redirect(url_for(".person", member_id=member_id))


@bp.post("/mensen/<uuid:member_id>/weg/<uuid:absence_id>/terug")
def drop_absence_for(member_id: UUID, absence_id: UUID) -> ResponseReturnValue:
    absence.drop_for(signed_in(), member_id, absence_id)
    flash(_("Weggehaald."))
    return redirect(url_for(".person", member_id=member_id))


# --- everybody's own page


@bp.get("/beschikbaar")
def available() -> ResponseReturnValue:
    """When the reader cannot, and what they would rather not."""
    return _page()


def _page(
    form: AbsenceForm | None = None,
    wish: WishForm | None = None,
    *,
    wrong_file: str = "",
    rows: dict[int, Any] | None = None,
    nothing_taken: bool = False,
) -> str:
    page = absence.availability(signed_in())
    return render_template(
        "rota/available.html",
        page=page,
        form=form or AbsenceForm(formdata=None),
        wish=wish or WishForm.among(page.blocks, formdata=None),
        wrong_file=wrong_file,
        rows=dict(list((rows or {}).items())[:MOST_WRONG]),
        more_rows=max(0, len(rows or {}) - MOST_WRONG),
        nothing_taken=nothing_taken,
    )


@bp.post("/beschikbaar")
def add_absence() -> ResponseReturnValue:
    form = AbsenceForm()
    try:
        form.check()
        hit = absence.add_absence(signed_in(), form.start, form.end)
    except Invalid as wrong:
        form.blame(wrong)
        return _page(form), 422
    if hit:
        flash(
            ngettext(
                "Bewaard. Je hebt dan nog %(num)s dienst in het rooster. Vraag of iemand ruilt.",
                "Bewaard. Je hebt dan nog %(num)s diensten in het rooster. Vraag of iemand ruilt.",
                len(hit),
            ),
            "warning",
        )
    else:
        flash(_("Bewaard. Het volgende rooster laat deze tijd vrij."))
    return redirect(url_for(".available"))


@bp.post("/beschikbaar/<uuid:absence_id>/weg")
def drop_absence(absence_id: UUID) -> ResponseReturnValue:
    absence.drop_absence(signed_in(), absence_id)
    flash(_("Weggehaald."))
    return redirect(url_for(".available"))


@bp.post("/beschikbaar/wens")
def add_wish() -> ResponseReturnValue:
    me = signed_in()
    form = WishForm.among(absence.availability(me).blocks)
    try:
        form.check()
        assert form.day.data is not None  # noqa: S101 - check() saw to it
        absence.add_wish(me, form.day.data, form.block.data)
    except Invalid as wrong:
        form.blame(wrong)
        return _page(wish=form), 422
    flash(_("Bewaard. De planner houdt er rekening mee als het kan."))
    return redirect(url_for(".available"))


@bp.post("/beschikbaar/wens/weg")
def drop_wish() -> ResponseReturnValue:
    form = WishForm()  # without a list: what is no longer agreed can be taken away too
    if form.day.data is None:
        raise Invalid
    absence.drop_wish(signed_in(), form.day.data, str(form.block.data or ""))
    flash(_("Weggehaald."))
    return redirect(url_for(".available"))


@bp.post("/beschikbaar/agenda")
def import_busy() -> ResponseReturnValue:
    """A calendar of the own organisation, as a file."""
    sent = request.files.get("file")
    try:
        found = absence.import_busy(signed_in(), sent.read() if sent else b"")
    except Invalid as wrong:
        return with_wrong_file(str(wrong.fields["file"])), 422
    if found.is_unreadable:
        return _page(rows=dict(found.wrong), nothing_taken=True), 422
    flash(
        ngettext(
            "%(num)s moment overgenomen, alleen van wanneer tot wanneer.",
            "%(num)s momenten overgenomen, alleen van wanneer tot wanneer.",
            len(found.moments),
        )
    )
    if found.wrong:
        return _page(rows=dict(found.wrong))
    return redirect(url_for(".available"))


def with_wrong_file(sentence: str) -> str:
    """The page that asks for a calendar, which says what is wrong with the one that was sent."""
    return _page(wrong_file=sentence)


@bp.post("/beschikbaar/agenda/weg")
def forget_busy() -> ResponseReturnValue:
    absence.forget_busy(signed_in())
    flash(_("Alles uit je agenda is hier weggehaald."))
    return redirect(url_for(".available"))
