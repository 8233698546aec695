"""What is filled in around an agreement: bodies, evaluation, the ladder, the end."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from wtforms import HiddenField, SelectChoice  # type: ignore[attr-defined]  # newer than the types

from wijkapp.agreements import register_wording as wording
from wijkapp.agreements.fields import A_DAY, CHOOSE, FILL_IN, at_most, colleagues, listed
from wijkapp.agreements.models import Body, Seat
from wijkapp.agreements.register import REMARK, WORDS, BodyKind, Hears, SeatLevel
from wijkapp.agreements.service.plans import PlansPage, Sits
from wijkapp.kit import forms
from wijkapp.kit.forms import Choice, Day, Line, Prose, Whole
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account


class BodyForm(forms.Form):
    """A body of an agreement."""

    kind = Choice(_("Welk overleg?"), [CHOOSE], choices=listed(wording.BODIES))
    mandate = Prose(_("Wat mag dit overleg beslissen?"), [at_most(REMARK)])
    meets = Prose(_("Hoe vaak komt het bij elkaar?"), [at_most(REMARK)])

    @property
    def body(self) -> BodyKind:
        return BodyKind(self.kind.data)


class SeatForm(forms.Form):
    """A seat in a body: of a colleague with an account, or of somebody by name."""

    account = Choice(_("Wie?"), default="")
    level = Choice(_("Niveau"), [CHOOSE], choices=listed(wording.LEVELS))
    organisation = Choice(_("Namens"), default="")
    name = Line(_("Naam"), [at_most(120)])

    def offer(self, page: PlansPage) -> "SeatForm":
        """Who can sit, and for whom."""
        self.account.choices = [SelectChoice("", _("Iemand zonder account")), *colleagues(page.people)]
        named = [SelectChoice(str(one.id), one.name) for one in page.parties]
        self.organisation.choices = [SelectChoice("", _("Kies een organisatie")), *named]
        return self

    @property
    def sits(self) -> Sits:
        account, organisation = self.account.data, self.organisation.data
        return Sits(
            level=SeatLevel(self.level.data),
            account_id=UUID(account) if account else None,
            organisation_id=UUID(organisation) if organisation else None,
            name=self.name.data,
        )


class WhoseForm(forms.Form):
    """Whose seat it is, when it was entered by name. Who has the same name is chosen already."""

    account = Choice(_("Wie is dit?"), [CHOOSE])

    def offer(self, people: Sequence[Account]) -> "WhoseForm":
        named = [SelectChoice(str(one.id), one.name) for one in people]
        self.account.choices = [SelectChoice("", _("Kies een collega")), *named]
        return self


def whose_form(taken: Seat, people: Sequence[Account]) -> WhoseForm:
    """The form for a seat that can be of these people."""
    same = [str(one.id) for one in people if one.name.casefold() == taken.name.casefold()]
    return WhoseForm(formdata=None, data={"account": same[0] if same else ""}).offer(people)


class EvaluationForm(forms.Form):
    """A day to look whether it works."""

    due_on = Day(_("Op welke dag?"), [A_DAY])


class EvaluatedForm(forms.Form):
    """What came out of it."""

    conclusion = Prose(_("Wat kwam eruit?"), [FILL_IN, at_most(WORDS)])


class EscalationForm(forms.Form):
    """A step when it does not work."""

    after_days = Whole(_("Na hoeveel dagen?"), least=0, most=365)
    who = Choice(_("Wie hoort het?"), [CHOOSE])
    step = Prose(_("Wat gebeurt er?"), [FILL_IN, at_most(REMARK)])

    def offer(self, bodies: Iterable[Body]) -> "EscalationForm":
        """Who can hear of it: the bodies there are, beside whom every agreement has."""
        named = [SelectChoice(str(one.id), wording.body(one)) for one in bodies]
        self.who.choices = [*listed(wording.HEARS), *named]
        return self

    @property
    def hears(self) -> tuple[Hears, UUID | None]:
        """Who hears; and which body, when it is one."""
        if self.who.data in list(Hears):
            return Hears(self.who.data), None
        return Hears.BODY, UUID(self.who.data)


class ExitForm(forms.Form):
    """How it would end."""

    seen = HiddenField()
    exit_plan = Prose(_("Hoe zouden jullie stoppen?"), [at_most(WORDS)])
