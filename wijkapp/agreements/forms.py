"""What a wijkregisseur fills in: each clause of the agreement, and from which day it holds."""

from datetime import date, timedelta
from typing import Any

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    BooleanField,
    HiddenField,
    SelectChoice,
)

from wijkapp.agreements.rules import Escalation, EscalationStep, Terms, Urgency
from wijkapp.agreements.wording import ROUNDS
from wijkapp.directory.rules import Distance
from wijkapp.kit import time
from wijkapp.kit.forms import Day, Email, Form, Hour, Needed, RadioChoice, Whole
from wijkapp.kit.words import lazy as _

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
W, N, R = Distance.WIJK, Distance.NEIGHBOUR, Distance.REGION

LADDERS: dict[str, tuple[frozenset[Distance], ...]] = {
    "near_first": (frozenset({W, N}), frozenset({W, N, R})),
    "wijk_first": (frozenset({W}), frozenset({W, N}), frozenset({W, N, R})),
    "near_only": (frozenset({W, N}),),
    "all_at_once": (frozenset({W, N, R}),),
}
"""The reach ladders one can choose, by the name the form sends."""


class TermsForm(Form):
    """All clauses of one wijk."""

    seen = HiddenField()
    today = Whole(_("Vandaag nodig"), least=5, most=24 * 60)  # minutes
    day = Whole(_("Binnen 24 uur"), least=1, most=168)  # hours
    three_workdays = Whole(_("Binnen 3 werkdagen"), least=1, most=168)
    planned = Whole(_("Op datum"), least=1, most=168)
    rounds = RadioChoice(
        _("Wie wordt gevraagd?"), choices=[SelectChoice(name, words) for name, words in ROUNDS.items()]
    )
    wanted_chance = Whole(_("Kans op aanbod"), least=50, most=99)  # per cent
    widen_when_short = BooleanField(_("Te weinig kans? Dan meteen de volgende ronde"))
    quiet_from = Hour(_("Stil vanaf"), [Needed(_("Kies een tijd."))])
    quiet_until = Hour(_("Stil tot"), [Needed(_("Kies een tijd."))])
    coordinator_after = Whole(_("Wijkregisseur, na"), least=0, most=336)  # hours
    mail = BooleanField(_("Mail aan de mailgroep van de wijk"))
    mail_after = Whole(_("Mailgroep, na"), least=0, most=336)
    shared_mail = Email(_("Adres van de mailgroep"))
    gives_up = BooleanField(_("Zonder aanbod wordt een zorgvraag niet plaatsbaar"))
    unfillable_after = Whole(_("Niet plaatsbaar, na"), least=1, most=336)
    take_back_within = Whole(_("Aanbod terugnemen"), least=0, most=60)  # minutes
    fresh_for = Whole(_("Een cijfer telt volledig"), least=1, most=336)  # hours
    stale_after = Whole(_("Een cijfer wordt onbekend"), least=2, most=336)
    weekend_counts = BooleanField(_("Weekend en feestdagen tellen mee"))
    hold_while_offered = BooleanField(_("Een aangeboden plek staat op ‘in gesprek’"))
    remind_capacity = BooleanField(_("Teams krijgen een herinnering"))
    messages_kept = Whole(_("Berichten blijven"), least=1, most=30)  # days
    public_figures = BooleanField(_("Vrije plekken staan op de openbare pagina"))
    valid_from = Day(_("Geldt vanaf"), [Needed(_("Kies een dag."))])

    @classmethod
    def of(cls, terms: Terms, shared_mail: str | None, seen: str) -> "TermsForm":
        """The form as these terms fill it in; what was sent stays as it was typed."""
        mail = {"shared_mail": shared_mail or "", "mail": terms.tells_group and bool(shared_mail)}
        return cls(data=filled(terms) | mail | {"seen": seen})

    @property
    def terms(self) -> Terms:
        """The terms that were filled in; `check` went before."""
        assert self.quiet_from.data is not None  # noqa: S101
        assert self.quiet_until.data is not None  # noqa: S101
        return Terms(
            answer_within={
                Urgency.TODAY: self.today.data * MINUTE,
                Urgency.DAY: self.day.data * HOUR,
                Urgency.THREE_WORKDAYS: self.three_workdays.data * HOUR,
                Urgency.PLANNED: self.planned.data * HOUR,
            },
            rounds=LADDERS[self.rounds.data],
            wanted_chance=self.wanted_chance.data / 100,
            widen_when_short=self.widen_when_short.data,
            quiet=(self.quiet_from.data, self.quiet_until.data),
            escalation=self._escalation,
            take_back_within=self.take_back_within.data * MINUTE,
            fresh_for=self.fresh_for.data * HOUR,
            stale_after=self.stale_after.data * HOUR,
            weekend_counts=self.weekend_counts.data,
            hold_while_offered=self.hold_while_offered.data,
            remind_capacity=self.remind_capacity.data,
            messages_kept=timedelta(days=self.messages_kept.data),
            public_figures=self.public_figures.data,
        )

    @property
    def first_day(self) -> date:
        assert self.valid_from.data is not None  # noqa: S101 - check() saw to it
        return self.valid_from.data

    @property
    def _escalation(self) -> tuple[EscalationStep, ...]:
        steps = [EscalationStep(Escalation.COORDINATOR, self.coordinator_after.data * HOUR)]
        if self.mail.data:
            steps.append(EscalationStep(Escalation.SHARED_MAIL, self.mail_after.data * HOUR))
        if self.gives_up.data:
            steps.append(EscalationStep(Escalation.UNFILLABLE, self.unfillable_after.data * HOUR))
        return tuple(sorted(steps, key=lambda step: step.after))  # in the order above at the same hour


def filled(terms: Terms) -> dict[str, Any]:
    """What the fields of the form hold when these terms are in force."""
    after = {step.who: step.after // HOUR for step in terms.escalation}
    within = terms.answer_within
    return {
        "today": within[Urgency.TODAY] // MINUTE,
        "day": within[Urgency.DAY] // HOUR,
        "three_workdays": within[Urgency.THREE_WORKDAYS] // HOUR,
        "planned": within[Urgency.PLANNED] // HOUR,
        "rounds": next((name for name, ladder in LADDERS.items() if ladder == terms.rounds), None),
        "wanted_chance": round(terms.wanted_chance * 100),
        "widen_when_short": terms.widen_when_short,
        "quiet_from": terms.quiet[0],
        "quiet_until": terms.quiet[1],
        "coordinator_after": after.get(Escalation.COORDINATOR, 0),
        "mail_after": after.get(Escalation.SHARED_MAIL, 0),
        "gives_up": Escalation.UNFILLABLE in after,
        "unfillable_after": after.get(Escalation.UNFILLABLE, 24),
        "take_back_within": terms.take_back_within // MINUTE,
        "fresh_for": terms.fresh_for // HOUR,
        "stale_after": terms.stale_after // HOUR,
        "weekend_counts": terms.weekend_counts,
        "hold_while_offered": terms.hold_while_offered,
        "remind_capacity": terms.remind_capacity,
        "messages_kept": terms.messages_kept.days,
        "public_figures": terms.public_figures,
        "valid_from": time.today(),
    }
