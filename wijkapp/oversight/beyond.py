"""Pages of rooms below this one that an outsider may open too: each look at them is written down as well.

Those rooms cannot know that they are watched, so the app asks this room after each of their pages.
"""

from uuid import UUID

from flask import Flask, Response, request
from sqlalchemy import select

from wijkapp.agreements.models import Agreement
from wijkapp.directory import service as directory
from wijkapp.directory.models import Wijk
from wijkapp.kit.db import reading
from wijkapp.oversight.rules.looks import Look
from wijkapp.oversight.service import looks
from wijkapp.oversight.service.looks import Looked
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.people.session import current_account

WATCHED = {
    "directory": (Look.WIJKEN, Look.CARD),
    "agreements": (Look.TERMS, Look.TERMS),
    "register": (Look.REGISTER, Look.AGREEMENT),
    "documents": (Look.REGISTER, Look.DOCUMENTS),
}
"""By blueprint: what a look at a list is, and at one wijk or one agreement."""


def watch(app: Flask) -> None:
    """No outsider sees one of these pages without a line about it. When that fails, nothing is shown."""
    app.after_request(_write_down)


def _write_down(answer: Response) -> Response:
    kinds = WATCHED.get(request.blueprint or "") if not request.path.startswith("/organisatie") else None
    if kinds is None or request.method != "GET" or answer.status_code != 200:
        return answer
    actor = current_account()
    if actor is not None and access.is_outsider(actor):
        looks.write_down(actor, _looked(actor, *kinds))
        answer.headers["Cache-Control"] = "no-store"  # a copy on the phone would be seen unheard
    return answer


def _looked(actor: Account, of_all: Look, of_one: Look) -> list[Looked]:
    given = request.view_args or {}
    with reading() as db:
        if "code" in given and request.blueprint in ("directory", "agreements"):
            found = db.execute(select(Wijk.region_id, Wijk.id).where(Wijk.code == given["code"])).all()
            return [Looked(region_id, of_one, wijk_id) for region_id, wijk_id in found if region_id]
        if isinstance(given.get("agreement_id"), UUID):
            region_id = db.get_one(Agreement, given["agreement_id"]).region_id
            return [Looked(region_id, of_one)]
        return [Looked(one, of_all) for one in sorted(directory.regions_of(db, actor.organisation_id))]
