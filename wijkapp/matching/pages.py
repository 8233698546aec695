"""The page of one request, which the doors of asking, answering and choosing all come back to."""

from uuid import UUID

from flask import Blueprint, render_template, request

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
    story = service.show(signed_in(), request_id)
    forms = {"return": ReturnForm(formdata=None)}
    if story.side is Side.PROVIDER:
        forms |= answer_forms()
    else:
        forms |= {
            "choose": ChooseForm(formdata=None),
            "withdraw": WithdrawForm(formdata=None),
            "start": StartForm(formdata=None),
            "split": SplitForm(formdata=None),
        }
    in_part = bool(request.args.get("deels")) or "offer" in wrong_forms
    return render_template(template, story=story, forms=forms | wrong_forms, in_part=in_part)


def answer_forms() -> dict[str, Form]:
    """Empty: the template fills in, per request, what was asked."""
    return {"offer": OfferForm(formdata=None), "decline": DeclineForm(formdata=None)}
