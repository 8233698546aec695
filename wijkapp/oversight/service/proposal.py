"""Who could take which waiting request, for the weekly talk of a region; accepted one by one.

Accepting asks that provider once more. It never offers in its name, and the client chooses as always.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rules import Urgency
from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import Freshness, freshness
from wijkapp.capacity.service import Figure
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team, Wijk
from wijkapp.directory.rules import Distance
from wijkapp.kit import time
from wijkapp.kit.aside import aside
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.matching.optimum import Proposal, Room, Taker, Waiting, first_come, most_placed
from wijkapp.matching.ranking import Candidate, excluded
from wijkapp.matching.rules import Answer, RequestStatus
from wijkapp.matching.service import again
from wijkapp.matching.service.post import need_of_request
from wijkapp.matching.service.words import Names, names
from wijkapp.oversight.models import AskedAgain
from wijkapp.oversight.service.seen import Seen, overseen, seen
from wijkapp.people.models import Account

MOST = 500  # requests; no region has so many at once

EVERYWHERE = frozenset(Distance)
DETOUR = {Distance.WIJK: 0, Distance.NEIGHBOUR: 1, Distance.REGION: 2}


class SaidAlready(Refused):
    """This provider offered or declined meanwhile."""

    sentence = _("Deze aanbieder heeft al geantwoord op deze zorgvraag.")


@dataclass(frozen=True)
class Line:
    """One request that could be placed, and where. again_at: when the wijkregisseur had it asked again."""

    request: CareRequest
    team: Team
    again_at: datetime | None


@dataclass(frozen=True)
class Page:
    """The proposal. left: what waits and has no place in it; first_come: what asking in turn would place."""

    name: str
    names: Names
    lines: Sequence[Line]
    left: Sequence[CareRequest]
    first_come: int
    proven: bool

    @property
    def waiting(self) -> int:
        return len(self.lines) + len(self.left)


@dataclass(frozen=True)
class _Question:
    """All that is asked of the engine, as it was at one moment."""

    requests: Sequence[CareRequest]
    teams: Mapping[UUID, Team]
    waiting: Sequence[Waiting]
    rooms: Sequence[Room]


def proposal(actor: Account) -> Page:
    """Who could take what now, so that most are placed. Raises NotAllowed."""
    moment = time.now()
    with reading() as db:
        here = seen(db, actor)
        question = _question(db, here, moment)
        again_at = _asked_again(db, [one.id for one in question.requests])
        words = names(db)
    # The day decides between equals: in one talk everybody sees the same proposal.
    day = str(time.today()).encode()
    found = aside(lambda: most_placed(question.waiting, question.rooms, shuffle=day))
    return _page(here, words, question, found, again_at)


def _page(
    here: Seen,
    words: Names,
    question: _Question,
    found: Proposal,
    again_at: Mapping[tuple[UUID, UUID], datetime],
) -> Page:
    lines = [
        Line(request, team, again_at.get((request.id, team.organisation_id)))
        for request in question.requests
        if request.id in found.taken and (team := question.teams[found.taken[request.id]])
    ]
    return Page(
        name=here.name,
        names=words,
        lines=lines,
        left=[one for one in question.requests if one.id not in found.taken],
        first_come=len(first_come(question.waiting, question.rooms)),
        proven=found.proven,
    )


def _question(db: Session, here: Seen, moment: datetime) -> _Question:
    requests = db.scalars(
        select(CareRequest)
        .options(joinedload(CareRequest.wijk), joinedload(CareRequest.organisation))
        .where(CareRequest.wijk_id.in_(here.wijken), CareRequest.status == RequestStatus.OPEN)
        .order_by(CareRequest.posted_at, CareRequest.id)
        .limit(MOST)
    ).all()
    teams = {team.id: team for team in directory.teams_in(db, list(here.wijken))}
    figures = _trusted(db, teams, moment)
    said = _said(db, [one.id for one in requests])
    around = {
        wijk_id: directory.around(db, here.wijken[wijk_id]) for wijk_id in {r.wijk_id for r in requests}
    }
    candidates = [_candidate(team) for team in teams.values()]
    waiting = [
        Waiting(
            request_id=one.id,
            products=one.products,
            week=need_of_request(one).week,
            takers=tuple(_takers(one, candidates, figures, around[one.wijk_id], said, time.today())),
            priority=_priority(one, moment),
        )
        for one in requests
    ]
    rooms = [
        Room(one.team_id, one.product, one.places, one.week if any(one.week) else None)
        for one in figures.values()
    ]
    return _Question(requests, teams, waiting, rooms)


def _trusted(db: Session, teams: Mapping[UUID, Team], moment: datetime) -> dict[tuple[UUID, str], Figure]:
    """The figures that hold a place and are not too old to believe."""
    terms = agreements.terms_of(db, {team.wijk_id for team in teams.values()}, moment)
    return {
        (one.team_id, one.product): one
        for one in capacity.figures(db, list(teams))
        if one.places
        and not one.full
        and freshness(one.confirmed_at, moment, terms[teams[one.team_id].wijk_id]) is not Freshness.STALE
    }


def _said(db: Session, request_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Request and provider of each answer that was given: who said no is not proposed."""
    rows = db.execute(
        select(Invitation.care_request_id, Invitation.organisation_id).where(
            Invitation.care_request_id.in_(request_ids),
            Invitation.answer.in_((Answer.DECLINED, Answer.OFFERED)),
        )
    )
    return {(row[0], row[1]) for row in rows}


def _candidate(team: Team) -> Candidate:
    return Candidate(
        team_id=team.id,
        organisation_id=team.organisation_id,
        wijk_id=team.wijk_id,
        distance=Distance.REGION,
        products=frozenset(team.products),
        skills=frozenset(team.skills),
        level=team.highest_level,
        languages=frozenset(team.languages),
        contracts=frozenset(team.contracts),
    )


def _takers(
    request: CareRequest,
    candidates: Sequence[Candidate],
    figures: Mapping[tuple[UUID, str], Figure],
    near: Mapping[UUID, Distance],
    said: Collection[tuple[UUID, UUID]],
    today: date,
) -> Iterator[Taker]:
    """The teams that could take this request, nearest first."""
    need = need_of_request(request)
    starts = max(request.start_on, today)
    fitting = [
        one
        for one in candidates
        if one.wijk_id in near
        and excluded(need, one, EVERYWHERE) is None
        and (request.id, one.organisation_id) not in said
        and all(
            (figure := figures.get((one.team_id, product))) is not None and figure.from_date <= starts
            for product in request.products
        )
    ]
    for one in sorted(fitting, key=lambda one: (DETOUR[near[one.wijk_id]], one.team_id)):
        yield Taker(one.team_id, DETOUR[near[one.wijk_id]])


def _priority(request: CareRequest, moment: datetime) -> int:
    """0..3: urgent ones and those that wait long go first among equals."""
    waited = moment - request.posted_at
    urgent = request.urgency in {Urgency.TODAY, Urgency.DAY}
    return urgent + (waited > timedelta(days=1)) + (waited > timedelta(days=3))


def _asked_again(db: Session, request_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], datetime]:
    rows = db.scalars(select(AskedAgain).where(AskedAgain.care_request_id.in_(request_ids)))
    return {(one.care_request_id, one.organisation_id): one.at for one in rows}


def accept(actor: Account, request_id: UUID, team_id: UUID) -> None:
    """This line of the proposal: the provider is asked once more, with a note. Once, however often one taps.

    Raises NotFound for a team that cannot give this care here, SaidAlready, or why it is not asked any more.
    """
    moment = time.now()
    with transaction() as db:
        request = overseen(db, actor, request_id)
        team = db.get(Team, team_id)
        near = directory.around(db, db.get_one(Wijk, request.wijk_id))
        if team is None or not team.active or team.wijk_id not in near:
            raise NotFound
        if excluded(need_of_request(request), _candidate(team), EVERYWHERE) is not None:
            raise NotFound
        key = {"care_request_id": request.id, "organisation_id": team.organisation_id}
        if db.scalar(select(AskedAgain.id).filter_by(**key)) is not None:
            return
        if not again.ask_again(db, request, team, moment):
            raise SaidAlready
        db.add(AskedAgain(**key, team_id=team.id, by_id=actor.id, at=moment))
