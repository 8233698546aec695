"""Moments of the week in words, for a part of a request: ochtend ma t/m vr. For templates."""

from collections.abc import Mapping, Sequence

from wijkapp.capacity.rules import DAYPARTS
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import lazy, listed, mark, ngettext
from wijkapp.matching import parts
from wijkapp.matching.models import CareRequest, Offer
from wijkapp.matching.reasons import UNFILLABLE
from wijkapp.matching.rules import FollowKind, UnfillableReason

DAYS = (mark("ma"), mark("di"), mark("wo"), mark("do"), mark("vr"), mark("za"), mark("zo"))
FROM = (mark("na 7 uur"), mark("na 12 uur"), mark("na 17 uur"), mark("na 23 uur"))
"""When each daypart begins, as people say it."""


def moments(visits: Sequence[int]) -> str:
    """When somebody comes: ochtend ma t/m vr, avond elke dag."""
    said = []
    for row, part in enumerate(DAYPARTS):
        counts = visits[row :: parts.PARTS]
        for often in sorted(set(counts) - {0}):
            on = [day for day, count in enumerate(counts) if count == often]
            words = {"part": _(part), "days": days(on), "n": often}
            said.append(
                _("%(part)s %(days)s", **words) if often == 1 else _("%(part)s %(days)s %(n)s×", **words)
            )
    return ", ".join(said)


def days(on: Sequence[int]) -> str:
    """ma t/m vr; za en zo; elke dag."""
    if len(on) == len(DAYS):
        return _("elke dag")
    runs: list[list[int]] = []
    for day in on:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = []
    for run in runs:
        if len(run) > 2:
            said.append(_("%(first)s t/m %(last)s", first=_(DAYS[run[0]]), last=_(DAYS[run[-1]])))
        else:
            said += [_(DAYS[day]) for day in run]
    return listed(said)


def of_offer(asked: CareRequest, offer: Offer) -> str:
    """On which of the moments that were asked this offer comes."""
    return moments(parts.visits_in(asked, offer.week))


def of_week(asked: CareRequest, week: Sequence[int]) -> str:
    """The same for minutes per slot, such as a share of a combination."""
    return moments(parts.visits_in(asked, week))


def instead(asked: CareRequest, offer: Offer) -> str:
    """What a counter-offer moves: ochtend wordt avond (na 17 uur)."""
    return moved(parts.moves_of(asked.moments, offer.counter))


def moved(moves: Mapping[int, int]) -> str:
    return ", ".join(
        _("%(part)s wordt %(other)s (%(hour)s)", part=_(DAYPARTS[a]), other=_(DAYPARTS[b]), hour=_(FROM[b]))
        for a, b in sorted(moves.items())
    )


def left(asked: CareRequest, week: Sequence[int]) -> tuple[int, ...]:
    """The visits that stay open when only this is done."""
    return parts.visits_left(asked, [week])


def number(visits: Sequence[int]) -> str:
    """How many visits a week."""
    return ngettext("%(num)s moment per week", "%(num)s momenten per week", sum(visits))


def unfillable(reason: UnfillableReason) -> str:
    """Why nobody could take it."""
    return str(UNFILLABLE[reason])


BEFORE = {
    FollowKind.AGAIN: lazy("Eerder gevraagd"),
    FollowKind.REST: lazy("Dit is de rest van een zorgvraag"),
    FollowKind.SPLIT: lazy("Dit is gesplitst van een zorgvraag"),
    FollowKind.MORE: lazy("Dit komt boven op een zorgvraag"),
    FollowKind.TAKEOVER: lazy("Dit neemt een zorgvraag over"),
    FollowKind.BACKUP: lazy("Dit is achterwacht voor een zorgvraag"),
}
AFTER = {
    FollowKind.AGAIN: lazy("Later opnieuw gevraagd"),
    FollowKind.REST: lazy("De rest is apart gevraagd"),
    FollowKind.SPLIT: lazy("Een deel is apart gevraagd"),
    FollowKind.MORE: lazy("Er is meer zorg gevraagd"),
    FollowKind.TAKEOVER: lazy("Er is overname gevraagd"),
    FollowKind.BACKUP: lazy("Er is achterwacht gevraagd"),
}


def before(kind: FollowKind) -> str:
    """What this request is to the one it follows."""
    return str(BEFORE[kind])


def after(kind: FollowKind) -> str:
    """What a later request is to this one."""
    return str(AFTER[kind])


ASKING = {
    FollowKind.AGAIN: lazy("Je vraagt dit opnieuw. Wat je eerder invulde, staat er al."),
    FollowKind.REST: lazy("Je vraagt de rest. Wat al geregeld is, staat er niet meer bij."),
    FollowKind.SPLIT: lazy("Je vraagt een deel apart."),
    FollowKind.MORE: lazy("Je vraagt meer zorg. Vul alleen in wat erbij komt."),
    FollowKind.TAKEOVER: lazy(
        "Je vraagt overname op naam van jouw organisatie. Tot die rond is, blijven jullie komen."
    ),
    FollowKind.BACKUP: lazy("Je vraagt achterwacht: iemand die het voor een tijdje van jou overneemt."),
}


def asking(kind: str) -> str:
    """What the form says above it when a request follows another one."""
    return str(ASKING[FollowKind(kind)])
