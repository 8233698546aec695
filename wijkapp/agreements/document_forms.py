"""What is filled in for a document, and with what it is signed."""

from collections.abc import Iterable
from datetime import date

from wtforms import HiddenField, SelectChoice  # type: ignore[attr-defined]  # newer than the types
from wtforms.validators import DataRequired

from wijkapp.agreements.fields import CHOOSE, at_most
from wijkapp.agreements.forms import TermsForm, filled
from wijkapp.agreements.register import WORDS
from wijkapp.agreements.rules import Terms
from wijkapp.kit import forms, time
from wijkapp.kit.forms import Choice, Code, Label, Prose
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account


class AnswerForm(forms.Form):
    """One answer. Empty takes it away."""

    seen = HiddenField()
    words = Prose(_("Antwoord"), [at_most(WORDS)])


class DraftTermsForm(TermsForm):
    """What the app is going to do in all wijken of an agreement; a mail group is of one wijk."""

    seen = None  # type: ignore[assignment]  # so WTForms leaves a field out
    shared_mail = None  # type: ignore[assignment]

    @classmethod
    def drafted(cls, terms: Terms, starts: date | None, *, mail: bool) -> "DraftTermsForm":
        """The form as these terms fill it in. mail: has every wijk a mail group to send to?"""
        given = {"mail": terms.tells_group and mail, "valid_from": starts or time.today()}
        return cls(data=filled(terms) | given)


class SignForm(forms.Form):
    """Which text was on the screen, and by what somebody proves that it is them."""

    seen = Code(validators=[at_most(64)])
    code = Code(_("Code uit je authenticator-app"), [at_most(40)])
    credential = Code(validators=[at_most(20_000)])


class SignerForm(forms.Form):
    """Who signs for the own organisation."""

    account = Choice(_("Wie tekent?"), [CHOOSE])
    job_title = Label(_("Functie"), [DataRequired(_("Vul de functie in.")), at_most(80)])

    def offer(self, colleagues: Iterable[Account]) -> "SignerForm":
        """Show these colleagues to choose from; who is alone is chosen."""
        named = [SelectChoice(str(one.id), one.name) for one in colleagues]
        self.account.choices = named if len(named) == 1 else [SelectChoice("", _("Kies een collega")), *named]
        return self
