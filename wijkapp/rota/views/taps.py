"""Answers of people who are not logged in: a button on a lock screen, a link in a mail.

The ticket says who they are and what they may do. A page of another site does not have it, so the button
needs no token of a page of ours on top.
"""

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from wijkapp.kit import catalogues
from wijkapp.kit.limits import count
from wijkapp.kit.tickets import NoTicket
from wijkapp.rota.duty_words import ASKED, tapped_in_words
from wijkapp.rota.service import taps
from wijkapp.rota.views.room import bp

PER_ADDRESS = "60 per 15 minutes"  # a whole office may share one


@bp.post("/tik")
def tap() -> ResponseReturnValue:
    """The service worker, for a button of a notification or for a message that arrived."""
    count("rota.tap", request.remote_addr or "", PER_ADDRESS)
    sent = request.get_json(silent=True)
    ticket = sent.get("ticket") if isinstance(sent, dict) else None
    if not isinstance(ticket, str):
        raise NoTicket
    tapped = taps.tap_button(ticket)
    with catalogues.speaking(tapped.language):
        title, sentence = tapped_in_words(tapped.tap, tapped.until)
    return jsonify(title=title, sentence=sentence)


@bp.get("/tik/<ticket>")
def asked(ticket: str) -> ResponseReturnValue:
    """Mail scanners open every link, so opening it does nothing yet."""
    question, account = taps.behind_link(ticket)
    with catalogues.speaking(account.language):
        page = render_template(
            "rota/asked.html",
            language=account.language,
            asked=question,
            words=ASKED[question.tap],
            who=account.name,
            ticket=ticket,
        )
    return page, _KEPT_NOWHERE


@bp.post("/tik/<ticket>")
def answer(ticket: str) -> ResponseReturnValue:
    """The button on that page."""
    count("rota.tap", request.remote_addr or "", PER_ADDRESS)
    tapped = taps.tap_link(ticket)
    with catalogues.speaking(tapped.language):
        title, sentence = tapped_in_words(tapped.tap, tapped.until)
        page = render_template("rota/answered.html", language=tapped.language, title=title, sentence=sentence)
    return page, _KEPT_NOWHERE


_KEPT_NOWHERE = {"Cache-Control": "no-store"}  # the ticket stands in the address
