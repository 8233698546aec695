"""The forms of answering and choosing: buttons where it can, a part or other times where it must."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from wtforms import BooleanField, Field, HiddenField, SelectChoice, ValidationError  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import TextInput

from wijkapp.capacity.rules import DAYPARTS, SLOTS
from wijkapp.kit import time
from wijkapp.kit.forms import Day, Form, Hours, Prose, RadioChoice
from wijkapp.kit.words import lazy as _
from wijkapp.matching import parts
from wijkapp.matching.reasons import CHOOSERS, DECLINES, RETURNS, WITHDRAWALS
from wijkapp.matching.rules import (
    FARTHEST_START,
    MOST_VISITS,
    REMARK,
    Chooser,
    DeclineReason,
    ReturnReason,
    WithdrawReason,
)
from wijkapp.matching.service.answer import Able
from wijkapp.matching.service.choose import How

NOW_FULL = "no_room_now_full"
"""The button for who has no room though its figure says so: one tap for both."""


def own_words(label: Any) -> Prose:
    """Something that has no field of its own; may stay empty."""
    return Prose(
        label, [Length(max=REMARK, message=_("Houd het korter: hooguit %(most)s tekens.", most=REMARK))]
    )


class SomeMoments(Field):
    """Visits per daypart slot, sent as `<name>-<slot>`; None when the page had no such fields."""

    widget = TextInput()
    data: tuple[int, ...] | None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.data = None
        if not formdata or not any(name.startswith(f"{self.name}-") for name in formdata):
            return
        typed = [(formdata.get(f"{self.name}-{slot}") or "0").strip() for slot in range(SLOTS)]
        if all(len(text) < 3 and text.isdecimal() and int(text) <= MOST_VISITS for text in typed):
            self.data = tuple(int(text) for text in typed)
        else:
            message = _("Kies per dagdeel een aantal van 0 tot en met %(most)s.", most=MOST_VISITS)
            self.process_errors.append(str(message))


class Moves(Field):
    """Which dayparts move to which: sent as `<name>-<daypart>`, empty where nothing moves."""

    widget = TextInput()
    data: dict[int, int]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.data = {}
        for part in range(len(DAYPARTS)):
            typed = (formdata.get(f"{self.name}-{part}") or "").strip() if formdata else ""
            if typed in {str(other) for other in range(len(DAYPARTS))}:
                self.data[part] = int(typed)
            elif typed:
                self.process_errors.append(str(_("Kies een dagdeel uit de lijst.")))


class OfferForm(Form):
    """A provider's offer. Without anything filled in: all of it, as asked."""

    all = BooleanField()  # the button that needs no more
    start_on = Day(_("Wij kunnen starten op"), [Optional()])
    moments = SomeMoments(_("Welke momenten kunnen jullie?"))
    moves = Moves(_("Wel als het op een ander dagdeel mag"))
    hours = Hours(_("Uren per week"), [Optional()])
    comes_already = BooleanField(_("Wij komen al bij deze cliënt"))
    remark = own_words(_("Wil je er iets bij zeggen?"))

    def validate_start_on(self, field: Day) -> None:
        if field.data and field.data < time.today():
            raise ValidationError(_("Deze dag is al voorbij."))

    @property
    def able(self) -> Able:
        """What was filled in. Only after `validate()`."""
        if self.all.data:
            return Able()
        return Able(
            start_on=self.start_on.data,
            minutes_per_week=self.hours.data,
            visits=self.moments.data,
            counter=parts.counter_of(self.moves.data),
            comes_already=bool(self.comes_already.data),
            remark=self.remark.data or None,
        )


class DeclineForm(Form):
    """A provider cannot, for one of these reasons; each is a button."""

    reason = RadioChoice(
        _("Waarom niet?"),
        [InputRequired(_("Kies een reden."))],
        choices=[
            *(SelectChoice(key.value, label) for key, label in DECLINES.items()),
            SelectChoice(NOW_FULL, _("Geen plek: zet ons op vol")),
        ],
    )
    remark = own_words(_("Wil je er iets bij zeggen?"))

    @property
    def code(self) -> DeclineReason:
        return DeclineReason.NO_ROOM if self.now_full else DeclineReason(self.reason.data)

    @property
    def now_full(self) -> bool:
        """It had published a place that is not there."""
        return self.reason.data == NOW_FULL


class ChooseForm(Form):
    """Who made the choice, and what happens to what is left over."""

    chosen_by = RadioChoice(
        _("Wie heeft gekozen?"),
        [InputRequired(_("Kies wie de keuze maakte."))],
        choices=[SelectChoice(key.value, label) for key, label in CHOOSERS.items()],
    )
    ask_rest = BooleanField(_("Vraag de andere momenten meteen opnieuw"))
    seen = HiddenField()  # the moment the page was made

    @property
    def how(self) -> How:
        """What comes with the choice. A moment that is none says nothing."""
        try:
            seen_at = datetime.fromisoformat(self.seen.data or "").astimezone(UTC)
        except (ValueError, OverflowError):
            seen_at = None
        return How(ask_rest=bool(self.ask_rest.data), seen_at=seen_at)

    @property
    def code(self) -> Chooser:
        return Chooser(self.chosen_by.data)


class Ids(Field):
    """Things by their id, sent as often as there are."""

    widget = TextInput()
    data: list[UUID]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.data = []
        for typed in formdata.getlist(self.name) if formdata else ():
            try:
                self.data.append(UUID(typed))
            except ValueError:
                self.process_errors = [str(_("Kies een voorstel van het scherm."))]


class OneId(Field):
    """One thing by its id; None when the page did not say which."""

    widget = TextInput()
    data: UUID | None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.data = None
        typed = (formdata.get(self.name) or "") if formdata else ""
        if typed:
            try:
                self.data = UUID(typed)
            except ValueError:
                self.process_errors = [str(_("Kies een aanbieder van het scherm."))]


class TogetherForm(ChooseForm):
    """The same for a few offers together."""

    offers = Ids(_("Welke aanbieders samen?"))

    def validate_offers(self, field: Ids) -> None:
        if not field.data:
            raise ValidationError(_("Kies een voorstel van het scherm."))


class WithdrawForm(Form):
    """Why the request is off the table."""

    reason = RadioChoice(
        _("Waarom trek je de zorgvraag in?"),
        [InputRequired(_("Kies een reden."))],
        choices=[SelectChoice(key.value, label) for key, label in WITHDRAWALS.items()],
    )

    @property
    def code(self) -> WithdrawReason:
        return WithdrawReason(self.reason.data)


class ReturnForm(Form):
    """Why a placement falls through, and which one when there are more."""

    placement = OneId()

    reason = RadioChoice(
        _("Waarom gaat het niet door?"),
        [InputRequired(_("Kies een reden."))],
        choices=[SelectChoice(key.value, label) for key, label in RETURNS.items()],
    )

    @property
    def code(self) -> ReturnReason:
        return ReturnReason(self.reason.data)


class StartForm(Form):
    """Another first day."""

    start_on = Day(_("Nieuwe startdatum"), [InputRequired(_("Kies een dag."))])

    def validate_start_on(self, field: Day) -> None:
        today = time.today()
        if field.data and not today <= field.data <= today + FARTHEST_START:
            raise ValidationError(_("Kies een dag vanaf vandaag en binnen een half jaar."))

    @property
    def day(self) -> date:
        """Only after `validate()`."""
        return self.start_on.data or time.today()


class SplitForm(Form):
    """Which moments go into a request of their own."""

    moments = SomeMoments(_("Welke momenten vraag je apart?"))

    def validate_moments(self, field: SomeMoments) -> None:
        if not field.data or not any(field.data):
            raise ValidationError(_("Kies een deel van de momenten: niet alles, en niet niets."))
