"""The pages of the chat. They work without scripts; `static/chat.js` makes them live.

Nothing under /berichten may stay on a device: every answer says so, and the service worker keeps none of it.
"""

from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.chat import service, sockets, wording
from wijkapp.chat.forms import ContactForm, ReadForm, SayForm, SearchForm, mentioned, seq_of, uuid_of
from wijkapp.chat.service import Line, ThreadLine
from wijkapp.clients import guard
from wijkapp.clients.doors import keep_nowhere
from wijkapp.clients.guard import ClientDataFound
from wijkapp.kit import documents, wanted
from wijkapp.kit.errors import Invalid, Refused
from wijkapp.kit.forms import pieces
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in

bp = Blueprint("chat", __name__, url_prefix="/berichten")
bp.after_request(keep_nowhere)


@bp.app_context_processor
def _words() -> dict[str, object]:
    kinds = {kind.value: str(name) for kind, name in guard.NAMES.items()}
    return {"talk": wording, "guard_kinds": kinds}


# --- the list


@bp.get("")
def index() -> ResponseReturnValue:
    return render_template("chat/index.html", threads=_threads(), form=SearchForm())


@bp.get("/lijst")
def index_list() -> ResponseReturnValue:
    return render_template("chat/_index.html", threads=_threads())


def _threads() -> list[ThreadLine]:
    return wording.worth_listing(service.my_threads(signed_in()))


@bp.get("/ongelezen")
def unread() -> ResponseReturnValue:
    """For the number on the tab, when something was said or read."""
    return jsonify(unread=service.unread_count(signed_in()))


@bp.post("/zoeken")
def search() -> ResponseReturnValue:
    """A POST: what one searches for stands in no address and no log."""
    form = SearchForm()
    me = signed_in()
    try:
        form.check()
        found = service.search(me, form.words.data or "", vouched=form.vouched.data)
    except (Invalid, ClientDataFound) as refused:
        return render_template("chat/found.html", form=form, found=(), refused=refused), refused.status
    return render_template("chat/found.html", form=form, found=found, refused=None)


# --- one thread


@bp.get("/<uuid:thread_id>")
def show(thread_id: UUID) -> ResponseReturnValue:
    return _show(thread_id, SayForm.empty())


def _show(thread_id: UUID, form: SayForm, held: Refused | None = None, edited: UUID | None = None) -> str:
    me = signed_in()
    page = service.show(me, thread_id, before=seq_of(request.args.get("voor")))
    members = service.members(me, thread_id)
    shown = wording.bubbles(page, me, members.members)
    edited_line = _line_to_edit(shown, edited)
    if edited_line and held is None:
        form.text.data = edited_line.text
    return render_template(
        "chat/show.html",
        page=page,
        bubbles=shown,
        members=members,
        form=form,
        held=held,
        pieces=pieces(form.words, held.details.get("findings", ()) if held else ()),
        edited=edited_line,
        partial=seq_of(request.args.get("voor")) is not None,
    )


def _line_to_edit(shown: list[wording.Bubble], edited: UUID | None) -> Line | None:
    wanted = str(edited) if edited else request.args.get("wijzig")
    return next(
        (one.line for one in shown if str(one.line.id) == wanted and (edited or one.changeable)), None
    )


@bp.get("/<uuid:thread_id>/eerder")
def earlier(thread_id: UUID) -> ResponseReturnValue:
    """The messages before one, to put above the others; without a number the newest."""
    me = signed_in()
    page = service.show(me, thread_id, before=seq_of(request.args.get("voor")))
    members = service.members(me, thread_id)
    return render_template("chat/_lines.html", page=page, bubbles=wording.bubbles(page, me, members.members))


@bp.get("/<uuid:thread_id>/nieuw")
def since(thread_id: UUID) -> ResponseReturnValue:
    """What was said after a message, for whoever has no live line."""
    seq = seq_of(request.args.get("na")) or 0
    return jsonify(sockets.news_as_json(service.since(signed_in(), thread_id, seq)))


@bp.post("/<uuid:thread_id>")
def say(thread_id: UUID) -> ResponseReturnValue:
    form = SayForm()
    me = signed_in()
    sockets.count_one_more(me)
    try:
        form.check()
        text = _without_findings(form)
        said = service.say(
            me,
            thread_id,
            form.id,
            text,
            priority=form.priority.data,
            mentions=mentioned(text, service.members(me, thread_id).members),
            vouched=form.is_vouched,
        )
    except (Invalid, ClientDataFound) as held:
        return _held(thread_id, form, held)
    sockets.tell_message(said)
    return _answer(said.line)


@bp.post("/<uuid:thread_id>/<uuid:message_id>/wijzig")
def edit(thread_id: UUID, message_id: UUID) -> ResponseReturnValue:
    form = SayForm()
    me = signed_in()
    sockets.count_one_more(me)
    try:
        form.check()
        said = service.edit(me, message_id, _without_findings(form), vouched=form.is_vouched)
    except (Invalid, ClientDataFound) as held:
        return _held(thread_id, form, held, edited=message_id)
    sockets.tell_change(said)
    return _answer(said.line)


def _without_findings(form: SayForm) -> str:
    """What was typed; without what the guard finds in it when the writer tapped that."""
    return guard.without(form.words) if form.redact.data else form.words


def _held(
    thread_id: UUID, form: SayForm, held: Invalid | ClientDataFound, edited: UUID | None = None
) -> ResponseReturnValue:
    """Nothing was sent: the text is still in its field, with what is wrong with it."""
    if wanted.json():
        raise held
    return _show(thread_id, form, held, edited), held.status


@bp.post("/bericht/<uuid:message_id>/verwijder")
def delete(message_id: UUID) -> ResponseReturnValue:
    said = service.delete(signed_in(), message_id)
    sockets.tell_change(said)
    return _answer(said.line)


@bp.post("/bericht/<uuid:message_id>/bevestig")
def acknowledge(message_id: UUID) -> ResponseReturnValue:
    yes = service.acknowledge(signed_in(), message_id)
    sockets.tell_yes(yes)
    return jsonify(ok=True) if wanted.json() else redirect(url_for(".show", thread_id=yes.thread_id))


@bp.post("/<uuid:thread_id>/gelezen")
def read(thread_id: UUID) -> ResponseReturnValue:
    seq = ReadForm().seq.data
    if seq is None:
        raise Invalid
    sockets.tell_read(service.mark_read(signed_in(), thread_id, seq))
    return jsonify(ok=True) if wanted.json() else redirect(url_for(".show", thread_id=thread_id))


def _answer(line: Line) -> ResponseReturnValue:
    if wanted.json():
        return jsonify(ok=True, message=sockets.as_json(line))
    return redirect(url_for(".show", thread_id=line.thread_id, _anchor="onderaan"))


# --- a thread of one's own making, and a copy to keep


@bp.post("/contact")
def contact() -> ResponseReturnValue:
    """Write to whoever is contact person of an organisation in a wijk."""
    form = ContactForm()
    thread_id = service.thread_for_contact(
        signed_in(), uuid_of(form.organisation.data), uuid_of(form.wijk.data)
    )
    return redirect(url_for(".show", thread_id=thread_id))


@bp.get("/<uuid:thread_id>/pdf")
def export(thread_id: UUID) -> ResponseReturnValue:
    """A copy for the own record, before the messages go."""
    values = wording.printed(service.export(signed_in(), thread_id))
    answer = Response(documents.pdf("chat/thread.typ", values), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_("gesprek")}.pdf"'
    return answer
