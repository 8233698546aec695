"""What leaves the app: the paper of tonight, calendars, and whom to ring for a telephone switch."""

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.people.session import signed_in
from wijkapp.rota.service import sheet
from wijkapp.rota.views.room import asked_region, bp


@bp.get("/vannacht")
def tonight() -> ResponseReturnValue:
    """The coming night on one page; the service worker keeps it on the device."""
    with reading():
        return render_template("rota/tonight.html", sheet=sheet.sheet_for(signed_in(), asked_region()))


@bp.get("/vannacht.pdf")
def tonight_pdf() -> ResponseReturnValue:
    """The same to print."""
    page = sheet.sheet_for(signed_in(), asked_region())
    answer = make_response(sheet.pdf(page))
    answer.headers["Content-Type"] = "application/pdf"
    day = time.local(page.made_at).date()
    answer.headers["Content-Disposition"] = f'inline; filename="dienst-{day}.pdf"'
    return answer
