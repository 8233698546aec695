"""Ringing the phones of a wave. Whoever is not rung yet waits, sees the request, and may answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.agreements.hours import ringing_time, rings_at, term_ends
from wijkapp.agreements.rules import Terms, Urgency
from wijkapp.capacity import service as capacity
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team
from wijkapp.kit import outbox, time
from wijkapp.matching.answering import NOTHING_KNOWN, Habit
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.matching.ranking import WAITING, Ranked, Reason
from wijkapp.matching.rules import Answer
from wijkapp.matching.service.habits import habits_of
from wijkapp.matching.service.steps import terms_of_request
from wijkapp.matching.waves import FITS, Chance, Wave, next_wave

AT_A_TIME = 8
"""Providers of which the history is read; mostly the best ranked few are chance enough."""

UNANSWERED = frozenset({Answer.SILENT, Answer.SEEN})


@dataclass(frozen=True)
class _Round:
    """What ringing needs to know of the running term."""

    terms: Terms
    urgency: Urgency
    answer_by: datetime
    moment: datetime

    def minutes(self, start: datetime, end: datetime) -> float:
        return ringing_time(start, end, self.terms, self.urgency).total_seconds() / 60


@dataclass(frozen=True)
class _Phone:
    """A provider that may be rung, or was. fit: how well what it published suits the request."""

    organisation_id: UUID
    rank: int
    fit: Reason
    rung_at: datetime | None = None

    def chance(self, habit: Habit, term: _Round) -> Chance:
        silent_for = None if self.rung_at is None else term.minutes(self.rung_at, term.moment)
        return Chance(self.organisation_id, self.rank, habit, FITS.get(self.fit, 0.5), silent_for)


def ring(db: Session, request: CareRequest, moment: datetime, *, everybody: bool = False) -> int:
    """Ring as many phones as the chance of an offer in time asks for. Gives how many providers that is.

    everybody  of this round who was not rung yet

    The caller holds the request: nobody else rings for it at the same moment.
    """
    term = _Round(terms_of_request(db, request), request.urgency, request.answer_by, moment)
    if rings_at(moment, term.terms, term.urgency) > moment:
        return 0  # the clock comes back when the quiet hours are over
    invitations = _in_play(db, request.id)
    while wave := _wave(db, term, invitations, everybody):
        people = _people(db, [invitations[one] for one in wave.ring])
        unheard = [one for one, accounts in people.items() if not accounts]
        if not unheard:
            _record(db, request, [(invitations[one], people[one]) for one in wave.ring], moment)
            return len(wave.ring)
        for one in unheard:  # its contact person left since the round began
            _wait(invitations.pop(one), Reason.NOBODY_TO_REACH)
    return 0


def chance_left(db: Session, request: CareRequest, moment: datetime) -> float:
    """Chance of a suitable offer before the term is over, of those who were rung."""
    term = _Round(terms_of_request(db, request), request.urgency, request.answer_by, moment)
    rung = [_phone(one) for one in _in_play(db, request.id).values() if one.asked_at is not None]
    return _plan(db, term, rung, []).chance


def first_wave(db: Session, found: Sequence[Ranked], terms: Terms, urgency: Urgency, moment: datetime) -> int:
    """How many providers would be rung at once for a request of which the term begins now."""
    term = _Round(terms, urgency, term_ends(moment, terms, urgency), moment)
    phones = [_Phone(one.candidate.organisation_id, one.rank, one.reasons[0]) for one in found if one.asked]
    return len(_plan(db, term, [], phones).ring)


def _in_play(db: Session, request_id: UUID) -> dict[UUID, Invitation]:
    """Of whom an offer may still come: rung and not answered, or waiting for its turn."""
    found = db.scalars(
        select(Invitation).where(Invitation.care_request_id == request_id, Invitation.answer.in_(UNANSWERED))
    )
    return {one.organisation_id: one for one in found if one.asked_at is not None or waits(one.reasons)}


def waits(reasons: Sequence[str]) -> bool:
    """Does a provider with these reasons wait for its turn? When not, they say why it is not rung at all."""
    return reasons[0] in WAITING


def someone_waits(db: Session, request_id: UUID) -> bool:
    """Is there a provider of the running round that was not rung yet?"""
    return any(one.asked_at is None for one in _in_play(db, request_id).values())


def _wave(db: Session, term: _Round, invitations: Mapping[UUID, Invitation], everybody: bool) -> Wave | None:
    phones = [_phone(one) for one in invitations.values()]
    waiting = sorted((one for one in phones if one.rung_at is None), key=lambda phone: phone.rank)
    if everybody:
        wave = Wave(tuple(one.organisation_id for one in waiting), 0.0, {})
    else:
        wave = _plan(db, term, [one for one in phones if one.rung_at], waiting)
    return wave if wave.ring else None


def _phone(one: Invitation) -> _Phone:
    fit = next((Reason(code) for code in one.reasons if code not in WAITING), Reason.NO_FIGURE)
    return _Phone(one.organisation_id, one.rank, fit, one.rung_at if one.asked_at else None)


def _plan(db: Session, term: _Round, rung: Sequence[_Phone], waiting: Sequence[_Phone]) -> Wave:
    minutes_left = term.minutes(term.moment, term.answer_by)
    chances = _chances(db, term, rung)
    for start in range(0, len(waiting), AT_A_TIME):
        chances += _chances(db, term, waiting[start : start + AT_A_TIME])
        wave = next_wave(chances, wanted=term.terms.wanted_chance, minutes_left=minutes_left)
        if wave.chance >= term.terms.wanted_chance:
            return wave
    return next_wave(chances, wanted=term.terms.wanted_chance, minutes_left=minutes_left)


def _chances(db: Session, term: _Round, phones: Sequence[_Phone]) -> list[Chance]:
    known = habits_of(db, [one.organisation_id for one in phones], term.urgency, term.moment)
    return [one.chance(known.get(one.organisation_id, NOTHING_KNOWN), term) for one in phones]


def _people(db: Session, invitations: Sequence[Invitation]) -> dict[UUID, list[UUID]]:
    """Whom to tell at each of these, as it is today for the wijk of the team that is asked."""
    teams = select(Team.id, Team.wijk_id).where(Team.id.in_([one.team_id for one in invitations]))
    wijk_of = {row.id: row.wijk_id for row in db.execute(teams)}
    places = {one.organisation_id: (one.organisation_id, wijk_of[one.team_id]) for one in invitations}
    found = directory.contacts_by_place(db, places.values(), time.today())
    return {id: [contact.account.id for contact in found[place]] for id, place in places.items()}


def _record(
    db: Session, request: CareRequest, rung: Sequence[tuple[Invitation, list[UUID]]], moment: datetime
) -> None:
    request.wave += 1
    for invitation, _people_there in rung:
        invitation.asked_at = invitation.rung_at = moment
        invitation.wave = request.wave
        invitation.reasons = tuple(code for code in invitation.reasons if code not in WAITING)
    _let_the_others_wait(db, request)
    teams = {invitation.team_id: request.products for invitation, _there in rung}
    capacity.asked(db, request.id, teams)
    event = "matching.asked_today" if request.urgency is Urgency.TODAY else "matching.asked"
    outbox.record(db, event, about=request.id, to=[one for _one, people in rung for one in people])


def _let_the_others_wait(db: Session, request: CareRequest) -> None:
    """Whoever waited for the quiet hours to end, and is not in the first wave after them."""
    for invitation in _in_play(db, request.id).values():
        if invitation.reasons[0] == Reason.QUIET:
            _wait(invitation, Reason.NEXT_WAVE)


def _wait(invitation: Invitation, why: Reason) -> None:
    invitation.reasons = (why.value, *(code for code in invitation.reasons if code not in WAITING))


def rung_again(db: Session, request_id: UUID, moment: datetime) -> None:
    """Everybody who was asked before and did not say no has just heard that it is open again."""
    db.execute(
        update(Invitation)
        .where(
            Invitation.care_request_id == request_id,
            Invitation.asked_at.is_not(None),
            Invitation.answer != Answer.DECLINED,
        )
        .values(rung_at=moment, answered_at=None)
    )
