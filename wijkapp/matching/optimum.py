"""Who could take which waiting request so that most are placed. Pure: values in, values out.

For the weekly talk of a region, not for the running of requests: a proposal over whole requests that people
accept one by one. The number placed is proven to be the most that the published figures allow. Among
proposals that place as many, urgent and long waiting requests go first, and nearer teams before farther ones.
Never by price, size or turnover. The same input gives the same proposal.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

MOST_NODES = 200
"""How far the solver branches; it hardly ever has to. Counted in steps, so a slow machine finds the same."""

ALMOST = 0.01
FARTHEST = 3  # detours beyond this count the same
MOST_PRIORITY = 3

Week = tuple[int, ...]
Key = tuple[UUID, str]
"""A team and a product: what has one figure."""


@dataclass(frozen=True, slots=True)
class Room:
    """What one team has free for one product.

    week  free minutes a week per daypart slot, 28; None: dayparts not filled in, so any will do
    """

    team_id: UUID
    product: str
    places: int
    week: Week | None


@dataclass(frozen=True, slots=True)
class Taker:
    """A team that may take a request: it gives this care, and has people who can.

    detour  0 in the wijk of the request, 1 in the one next to it, 2 further away
    """

    team_id: UUID
    detour: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request nobody took yet.

    products  it needs a place for each; the hours are counted with the first
    week      minutes a week per daypart slot, 28
    takers    best first, as they are ranked
    priority  0..MOST_PRIORITY, higher for what is urgent or waits long; only decides between equals
    """

    request_id: UUID
    products: tuple[str, ...]
    week: Week
    takers: tuple[Taker, ...]
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which team could take which request.

    at_most  how many can be placed at the very most; proven when so many are
    """

    taken: dict[UUID, UUID]
    at_most: int

    @property
    def proven(self) -> bool:
        return len(self.taken) >= self.at_most


_Pair = tuple[Waiting, Taker]


def first_come(waiting: Iterable[Waiting], rooms: Iterable[Room]) -> dict[UUID, UUID]:
    """What asking one request after the other gives: each goes to its best ranked team that has room then.

    waiting  in the order in which they came
    """
    left = {(room.team_id, room.product): (room.places, room.week) for room in rooms}
    taken = {}
    for one in waiting:
        team_id = next((each.team_id for each in one.takers if _fits(one, each.team_id, left)), None)
        if team_id is not None:
            taken[one.request_id] = team_id
            _fill(one, team_id, left)
    return taken


def _fits(one: Waiting, team_id: UUID, left: Mapping[Key, tuple[int, Week | None]]) -> bool:
    figures = [left.get((team_id, product), (0, None)) for product in one.products]
    week = figures[0][1]
    return all(places > 0 for places, _week in figures) and (
        week is None or all(need <= have for need, have in zip(one.week, week, strict=True))
    )


def _fill(one: Waiting, team_id: UUID, left: dict[Key, tuple[int, Week | None]]) -> None:
    for product in one.products:
        places, week = left[team_id, product]
        if product == one.products[0] and week is not None:
            week = tuple(have - need for have, need in zip(week, one.week, strict=True))
        left[team_id, product] = places - 1, week


def most_placed(waiting: Sequence[Waiting], rooms: Sequence[Room], *, shuffle: bytes = b"") -> Proposal:
    """The proposal that places most requests.

    shuffle  any value of the occasion, as the day: decides between equals, the same way each time
    """
    left = {(room.team_id, room.product): (room.places, room.week) for room in rooms}
    pairs = [(one, taker) for one in waiting for taker in one.takers if _fits(one, taker.team_id, left)]
    if not pairs:
        return Proposal({}, 0)
    # In an order that favours nobody: the solver may take the first of two that are equal.
    pairs.sort(key=lambda pair: _neutral(shuffle, *pair))
    return _solve(pairs, left)


def _neutral(shuffle: bytes, one: Waiting, taker: Taker) -> bytes:
    return blake2b(shuffle + one.request_id.bytes + taker.team_id.bytes, digest_size=8).digest()


def _solve(pairs: Sequence[_Pair], left: Mapping[Key, tuple[int, Week | None]]) -> Proposal:
    """First with parts of requests: that is quick, and says how many can be placed at the very most.

    Mostly the pairs that are worth something in it hold a proposal of whole requests that places as many.
    """
    parts = _Model("GLOP", pairs, left)
    parts.solve()
    at_most = parts.at_most()
    worth = [pair for pair, worth in zip(pairs, parts.worth(), strict=True) if worth]
    whole = _Model("SCIP", worth, left)
    whole.solve()
    if len(whole.taken()) < at_most:
        whole = _Model("SCIP", pairs, left)
        whole.solve()
        at_most = min(at_most, whole.at_most())
    return Proposal(whole.taken(), at_most)


class _Model:
    """The question as the solver sees it: a number from 0 to 1 for each pair of a request and a team."""

    def __init__(
        self, solver: str, pairs: Sequence[_Pair], left: Mapping[Key, tuple[int, Week | None]]
    ) -> None:
        # Loaded when somebody asks for a proposal: it takes time and memory that nobody else needs.
        from ortools.linear_solver import pywraplp

        self.pairs = pairs
        self.requests = len({one.request_id for one, _taker in pairs})
        # One more placed outweighs all preferences together, so the number comes first.
        self.placed = (FARTHEST + MOST_PRIORITY) * self.requests + 1
        self.solver = pywraplp.Solver.CreateSolver(solver)
        self.exactly = pywraplp.MPSolverParameters()
        # Not within a ten-thousandth of the best, which is where it stops by itself.
        self.exactly.SetDoubleParam(self.exactly.RELATIVE_MIP_GAP, 0.0)
        whole = solver != "GLOP"
        self.chosen = [self.solver.BoolVar("") if whole else self.solver.NumVar(0, 1, "") for _pair in pairs]
        for limit in _limits(pairs, left):
            row = self.solver.Constraint(-self.solver.infinity(), limit.most)
            for index, amount in limit.amounts:
                row.SetCoefficient(self.chosen[index], amount)
        goal = self.solver.Objective()
        for variable, (one, taker) in zip(self.chosen, pairs, strict=True):
            goal.SetCoefficient(variable, self.placed + one.priority - min(taker.detour, FARTHEST))
        goal.SetMaximization()
        if whole:
            self.solver.SetSolverSpecificParametersAsString(f"limits/nodes = {MOST_NODES}")

    def solve(self) -> None:
        self.solver.Solve(self.exactly)

    def at_most(self) -> int:
        """How many can be placed at the very most."""
        # One that is placed is worth at least this much, so no more of them go in the bound.
        bound = (
            self.solver.Objective().BestBound() if self.solver.IsMip() else self.solver.Objective().Value()
        )
        return min(int(bound / (self.placed - FARTHEST) + 1e-6), self.requests)

    def worth(self) -> list[bool]:
        """Which pairs could be in a best answer with parts of requests."""
        return [variable.reduced_cost() > -ALMOST for variable in self.chosen]

    def taken(self) -> dict[UUID, UUID]:
        return {
            one.request_id: taker.team_id
            for variable, (one, taker) in zip(self.chosen, self.pairs, strict=True)
            if variable.solution_value() > 0.5
        }


@dataclass(frozen=True, slots=True)
class _Limit:
    """Of these pairs (by index) no more may be taken together. amounts: what each takes of it."""

    most: int
    amounts: tuple[tuple[int, int], ...]


def _limits(pairs: Sequence[_Pair], left: Mapping[Key, tuple[int, Week | None]]) -> Iterator[_Limit]:
    """A request goes to one team, a team has so many places, and so many minutes in each daypart."""
    by_request: dict[UUID, list[int]] = {}
    by_figure: dict[Key, list[int]] = {}
    for index, (one, taker) in enumerate(pairs):
        by_request.setdefault(one.request_id, []).append(index)
        for product in one.products:
            by_figure.setdefault((taker.team_id, product), []).append(index)
    for indexes in by_request.values():
        yield _Limit(1, tuple((index, 1) for index in indexes))
    for key, indexes in by_figure.items():
        places, week = left[key]
        if len(indexes) > places:
            yield _Limit(places, tuple((index, 1) for index in indexes))
        if week is not None:
            weeks = [
                (index, pairs[index][0].week) for index in indexes if pairs[index][0].products[0] == key[1]
            ]
            yield from _dayparts(weeks, week, places)


def _dayparts(weeks: Sequence[tuple[int, Week]], week: Week, places: int) -> Iterable[_Limit]:
    """The dayparts in which those who may come could need more than there is; each different one once."""
    found: dict[_Limit, None] = {}  # keeps an order; that of a set differs from run to run
    for slot, most in enumerate(week):
        amounts = tuple((index, need[slot]) for index, need in weeks if need[slot])
        if sum(sorted((amount for _index, amount in amounts), reverse=True)[:places]) > most:
            found[_Limit(most, amounts)] = None
    return found
