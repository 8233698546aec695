"""What is filled in about an agreement. Words go past the guard like all words."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import cast
from uuid import UUID

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    BooleanField,
    HiddenField,
    SelectChoice,
)
from wtforms.validators import Optional

from wijkapp.agreements import proof_words
from wijkapp.agreements import register_wording as wording
from wijkapp.agreements.checks import NO, YES, Question
from wijkapp.agreements.fields import A_DAY, CHOOSE, FILL_IN, at_most, colleagues, listed
from wijkapp.agreements.models import Agreement
from wijkapp.agreements.register import (
    REMARK,
    TITLE,
    WORDS,
    CostModel,
    Decision,
    Form,
    ItemStatus,
    Kind,
    PartyRole,
    Path,
    Phase,
)
from wijkapp.agreements.service.judge import IN_MILLIONS, MILLION, Answers, RiskFacts
from wijkapp.agreements.service.points import ListPage, Said
from wijkapp.agreements.service.proofs import Pointer
from wijkapp.agreements.service.register import Facts
from wijkapp.agreements.service.route import Decided
from wijkapp.directory.models import Wijk
from wijkapp.kit import forms
from wijkapp.kit.forms import Chips, Choice, Day, Line, Prose, RadioChoice, Whole, plain
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Organisation


class BeginForm(forms.Form):
    """A new agreement: what must be known to begin."""

    title = Prose(_("Naam van de afspraak"), [FILL_IN, at_most(TITLE)])
    kind = RadioChoice(_("Waarover gaat het?"), [CHOOSE], choices=listed(wording.KINDS))
    path = RadioChoice(_("Welke route?"), [CHOOSE], choices=listed(wording.PATHS), default=Path.LIGHT.value)
    purpose = Prose(_("Wat willen jullie bereiken?"), [at_most(WORDS)])
    wijken = Chips(_("In welke wijken?"))

    def offer(self, wijken: Iterable[Wijk]) -> "BeginForm":
        """The wijken to choose from."""
        self.wijken.choices = [SelectChoice(wijk.code, wijk.name) for wijk in wijken]
        return self

    @property
    def facts(self) -> Facts:
        return Facts(
            title=plain(self.title.data),
            kind=Kind(self.kind.data),
            path=Path(self.path.data),
            form=Form.WORKING,
            purpose=self.purpose.data or "",
            wijken=tuple(self.wijken.data or ()),
        )


class AgreementForm(forms.Form):
    """What the register says of an agreement."""

    seen = HiddenField()
    title = Prose(_("Naam van de afspraak"), [FILL_IN, at_most(TITLE)])
    purpose = Prose(_("Wat willen jullie bereiken?"), [at_most(WORDS)])
    wijken = Chips(_("In welke wijken?"))
    form = Choice(_("Vorm"), [CHOOSE], choices=listed(wording.FORMS))
    cost_model = Choice(_("Wie betaalt eerst?"), [CHOOSE], choices=listed(wording.COSTS))
    valid_from = Day(_("Geldt vanaf"))
    valid_until = Day(_("Geldt tot en met"))
    notice_months = Whole(_("Opzegtermijn in maanden"), least=0, most=60, validators=[Optional()])
    complaints = Prose(_("Waar kan een cliënt met een klacht heen?"), [at_most(REMARK)])
    joining = Prose(_("Wanneer kan een ander aansluiten?"), [at_most(WORDS)])
    joining_contact = Prose(_("Bij wie meld je je, en bij wie maak je bezwaar?"), [at_most(REMARK)])

    offer = BeginForm.offer

    @classmethod
    def of(cls, agreement: Agreement) -> "AgreementForm":
        """As it stands; what was sent stays as it was typed."""
        same = ("title", "purpose", "valid_from", "valid_until", "notice_months", "complaints", "joining")
        return cls(
            data={name: getattr(agreement, name) for name in (*same, "joining_contact")}
            | {
                "form": agreement.form.value,
                "cost_model": agreement.cost_model.value,
                "wijken": [wijk.code for wijk in agreement.wijken],
            }
        )

    def facts_of(self, agreement: Agreement) -> Facts:
        return Facts(
            title=plain(self.title.data),
            kind=agreement.kind,
            path=agreement.path,
            form=Form(self.form.data),
            purpose=self.purpose.data or "",
            wijken=tuple(self.wijken.data or ()),
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            notice_months=self.notice_months.data,
            complaints=self.complaints.data or "",
            joining=self.joining.data or "",
            joining_contact=self.joining_contact.data or "",
            cost_model=CostModel(self.cost_model.data),
        )


class TickForm(forms.Form):
    """Is it done? An empty `done` opens it again."""

    done = HiddenField()


class PointForm(forms.Form):
    """How far one point is."""

    seen = HiddenField()
    status = RadioChoice(_("Hoe staat het?"), [CHOOSE], choices=listed(wording.STATUSES))
    evidence = Prose(_("Waar is dat te zien, of waarom hoeft het niet?"), [at_most(WORDS)])
    shows = Choice(_("Welk document of bewijs laat het zien?"), default="")
    owner = Choice(_("Wie doet dit?"), default="")
    due_on = Day(_("Klaar vóór"))
    done_on = Day(_("Klaar sinds"))

    def offer(self, page: ListPage) -> "PointForm":
        """Who can do it, and what can show it."""
        self.owner.choices = [SelectChoice("", _("Niemand")), *colleagues(page.people)]
        listed = [SelectChoice(str(one.pointer), proof_words.shown(one)) for one in page.can_show]
        self.shows.choices = [SelectChoice("", _("Geen")), *listed]
        return self

    @property
    def said(self) -> Said:
        return Said(
            status=ItemStatus(self.status.data),
            evidence=self.evidence.data or "",
            shows=Pointer.of(self.shows.data) if self.shows.data else None,
            owner_id=UUID(self.owner.data) if self.owner.data else None,
            due_on=self.due_on.data,
            done_on=self.done_on.data,
        )


class GateForm(forms.Form):
    """What was decided at a go/no-go."""

    decision = RadioChoice(_("Wat is besloten?"), [CHOOSE], choices=listed(wording.DECISIONS))
    to = Choice(_("Terug naar"), default="")
    decided_on = Day(_("Op welke dag?"), [A_DAY])
    decided_by = Prose(_("Wie besloten dit?"), [FILL_IN, at_most(REMARK)])
    conditions = Prose(_("Onder welke voorwaarden?"), [at_most(WORDS)])
    override = Prose(_("Er staat nog iets open. Waarom kan het toch?"), [at_most(REMARK)])

    def offer(self, decisions: Collection[Decision], back: Collection[Phase], path: Path) -> "GateForm":
        """What may be decided here, and where back to."""
        self.decision.choices = listed(wording.DECISIONS, decisions)
        named = [SelectChoice(one.value, wording.phase(one, path)) for one in back]
        self.to.choices = [SelectChoice("", _("Geen")), *named]
        return self

    @property
    def decided(self) -> Decided:
        return Decided(
            decision=Decision(self.decision.data),
            decided_on=cast(date, self.decided_on.data),
            decided_by=self.decided_by.data,
            conditions=self.conditions.data or "",
            override=self.override.data or "",
            to=Phase(self.to.data) if self.to.data else None,
        )


class BackForm(forms.Form):
    """Back to an earlier phase."""

    phase = Choice(_("Terug naar"), [CHOOSE], choices=listed(wording.PHASES))
    reason = Prose(_("Waarom?"), [FILL_IN, at_most(REMARK)])


class PartyForm(forms.Form):
    """One more party."""

    organisation = Choice(_("Organisatie"), [CHOOSE])
    role = Choice(_("Rol"), [CHOOSE], choices=listed(wording.ROLES), default=PartyRole.MEMBER.value)

    def offer(self, organisations: Iterable[Organisation]) -> "PartyForm":
        """Who can take part."""
        named = [SelectChoice(str(one.id), one.name) for one in organisations]
        self.organisation.choices = [SelectChoice("", _("Kies een organisatie")), *named]
        return self


class SignatoryForm(forms.Form):
    """Who signs."""

    name = Line(_("Naam"), [FILL_IN, at_most(120)])
    job_title = Line(_("Functie"), [FILL_IN, at_most(80)])


class SignedForm(forms.Form):
    """When it was signed."""

    day = Day(_("Getekend op"), [A_DAY])


class ApplyForm(forms.Form):
    """Ask to take part."""

    why = Prose(_("Waarom willen jullie meedoen?"), [at_most(REMARK)])


class ApplicationForm(forms.Form):
    """Yes or no to who asked."""

    welcome = RadioChoice(
        _("Wat is besloten?"),
        [CHOOSE],
        choices=[SelectChoice(YES, _("Welkom")), SelectChoice(NO, _("Nee"))],
    )
    unmet = Chips(_("Aan welk criterium voldoet het niet?"))
    reasons = Prose(_("Waarom?"), [FILL_IN, at_most(WORDS)])

    def offer(self, criteria: Iterable[str]) -> "ApplicationForm":
        """The criteria as they stood, by number."""
        self.unmet.choices = [SelectChoice(str(n), words) for n, words in enumerate(criteria, 1)]
        return self


class AppealForm(forms.Form):
    """Not agreed with a no."""

    appeal = Prose(_("Waarom zijn jullie het er niet mee eens?"), [FILL_IN, at_most(WORDS)])


class RiskForm(forms.Form):
    """A risk for people whose data are used."""

    what = Prose(_("Wat kan er misgaan?"), [FILL_IN, at_most(REMARK)])
    measure = Prose(_("Wat doen jullie ertegen?"), [at_most(REMARK)])
    chance = Whole(_("Kans, 1 tot 5"), least=1, most=5)
    impact = Whole(_("Gevolg, 1 tot 5"), least=1, most=5)
    chance_left = Whole(_("Kans die overblijft"), least=1, most=5)
    impact_left = Whole(_("Gevolg dat overblijft"), least=1, most=5)
    more_possible = BooleanField(_("Er kan nog meer tegen worden gedaan"))

    @property
    def facts(self) -> RiskFacts:
        return RiskFacts(
            what=self.what.data,
            measure=self.measure.data or "",
            chance=self.chance.data,
            impact=self.impact.data,
            chance_left=self.chance_left.data,
            impact_left=self.impact_left.data,
            more_possible=self.more_possible.data,
        )


UNKNOWN = "open"
ANSWERS = ((YES, _("Ja")), (NO, _("Nee")), (UNKNOWN, _("Nog open")))


class CheckForm(forms.Form):
    """The facts and the conclusion of a check; its questions are added by `asking`."""

    competitors = BooleanField(_("De partijen zijn concurrenten van elkaar"), default=True)
    share = Whole(_("Marktaandeel in procenten"), least=0, most=100, validators=[Optional()])
    persons = Whole(
        _("Mensen die zorg geven bij de grootste"), least=0, most=999_999, validators=[Optional()]
    )
    joint_world = Whole(_("Omzet samen, in miljoenen"), least=0, most=999_999, validators=[Optional()])
    second_in_nl = Whole(
        _("Omzet in Nederland van de op één na grootste, in miljoenen"),
        least=0,
        most=999_999,
        validators=[Optional()],
    )
    filed_on = Day(_("Gemeld op"))
    facts = Prose(_("Welke feiten laten dat zien?"), [at_most(WORDS)])
    conclusion = Prose(_("Conclusie"), [at_most(WORDS)])

    def answers(self, questions: Iterable[Question]) -> Answers:
        """As the service wants them; euros are asked for in millions."""
        said = {one.code: self[f"q_{one.code}"].data for one in questions}
        numbers: dict[str, int | None] = {"share": self.share.data, "persons": self.persons.data}
        for name in IN_MILLIONS:
            millions = self[name].data
            numbers[name] = None if millions is None else millions * MILLION
        return Answers(
            said={code: answer for code, answer in said.items() if answer in (YES, NO)},
            numbers=numbers,
            competitors=self.competitors.data,
            facts=self.facts.data or "",
            conclusion=self.conclusion.data or "",
            filed_on=self.filed_on.data,
        )


@cache
def asking(questions: tuple[Question, ...]) -> type[CheckForm]:
    """The form of a check that asks these."""
    fields = {
        f"q_{one.code}": RadioChoice(
            one.words, choices=[SelectChoice(value, word) for value, word in ANSWERS], default=UNKNOWN
        )
        for one in questions
    }
    return cast(type[CheckForm], type("AskingForm", (CheckForm,), fields | {"__module__": __name__}))
