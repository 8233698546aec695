"""Answers to a reminder from people who are not logged in: a button on a lock screen, a link in a mail.

The ticket says who they are and what they may do. A page of another site does not have it, so the button
needs no token of a page of ours on top.
"""

from typing import cast

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from wijkapp.capacity import service
from wijkapp.capacity.rules import Tap
from wijkapp.capacity.service import Tapped
from wijkapp.capacity.views.room import bp
from wijkapp.capacity.wording import tapped_in_words
from wijkapp.kit import catalogues
from wijkapp.kit.errors import Invalid
from wijkapp.kit.limits import count
from wijkapp.kit.tickets import NoTicket
from wijkapp.kit.words import lazy as _

PER_ADDRESS = "60 per 15 minutes"  # a whole office may share one


@bp.post("/tik")
def tap() -> ResponseReturnValue:
    """The service worker, for a button of a notification; no page of ours is open."""
    count("capacity.tap", request.remote_addr or "", PER_ADDRESS)
    sent = request.get_json(silent=True)
    ticket = sent.get("ticket") if isinstance(sent, dict) else None
    if not isinstance(ticket, str):
        raise NoTicket
    tapped = service.tap_button(ticket)
    with catalogues.speaking(tapped.language):
        title, sentence = tapped_in_words(tapped)
    return jsonify(title=title, sentence=sentence)


@bp.get("/herinnering/<ticket>")
def reminder(ticket: str) -> ResponseReturnValue:
    """Mail scanners open every link, so opening it does nothing yet."""
    asked, account = service.behind_link(ticket)
    return _page("reminder", account.language, asked=asked, ticket=ticket, who=account.name)


@bp.post("/herinnering/<ticket>")
def answer_reminder(ticket: str) -> ResponseReturnValue:
    """One of the two buttons on that page."""
    count("capacity.tap", request.remote_addr or "", PER_ADDRESS)
    if request.form.get("tap") not in set(Tap):
        service.behind_link(ticket)  # who has no ticket hears that, whatever else is wrong
        raise Invalid(_("Kies een van de twee knoppen."))
    tapped = service.tap_link(ticket, Tap(request.form["tap"]))
    return _page("reminded", tapped.language, tapped=tapped)


def _page(name: str, language: str, **shown: object) -> ResponseReturnValue:
    """In the language of whose ticket it is, and kept by no browser: the ticket stands in its address."""
    with catalogues.speaking(language):
        if "tapped" in shown:
            shown["title"], shown["sentence"] = tapped_in_words(cast(Tapped, shown["tapped"]))
        page = render_template(f"capacity/{name}.html", language=language, **shown)
    return page, {"Cache-Control": "no-store"}
