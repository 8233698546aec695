"""The page of one request, which the doors of asking, answering and choosing all come back to."""

from typing import ClassVar
from uuid import UUID

from flask import Blueprint, render_template, request

from wijkapp.kit.db import reading
from wijkapp.kit.forms import Form
from wijkapp.matching import service, when, wording
from wijkapp.matching.offer_forms import (
    ChooseForm,
    DeclineForm,
    OfferForm,
    ReturnForm,
    SplitForm,
    StartForm,
    WithdrawForm,
)
from wijkapp.matching.service.story import Side
from wijkapp.people.session import signed_in

bp = Blueprint("matching", __name__)


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {"says": wording, "when": when, "Side": Side}


def page(request_id: UUID, template: str = "matching/show.html", **wrong_forms: Form) -> str:
    """One request as this person may see it; with the form that was filled in wrong, if there is one."""
    in_part = bool(request.args.get("deels")) or "offer" in wrong_forms
    with reading():  # the story and the numbers of the tabs are of one moment
        story = service.show(signed_in(), request_id)
        return render_template(template, story=story, forms=Forms(wrong_forms), in_part=in_part)


class Forms(dict[str, Form]):
    """The forms of a page by name. Each is made when the page first shows it, and empty: the template fills
    in what was asked. Unless it was filled in wrong: then it is given."""

    KINDS: ClassVar[dict[str, type[Form]]] = {
        "offer": OfferForm,
        "decline": DeclineForm,
        "choose": ChooseForm,
        "withdraw": WithdrawForm,
        "start": StartForm,
        "split": SplitForm,
        "return": ReturnForm,
    }

    def __missing__(self, name: str) -> Form:
        self[name] = form = self.KINDS[name](formdata=None)
        return form
