"""A question for the exact solver: of these people's duties, what is the fairest division?

Rules about pairs of duties are in the model from the start. Rules about longer stretches are added when an
answer breaks one: "not all of these together" (a Cut), for everybody it holds for. What is proven with some
of the rules left out is proven.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from wijkapp.rota.law import WEEK, Fault, Shift
from wijkapp.rota.roster import Roster, Table
from wijkapp.rota.windows import Touched, add_windows

Pair = tuple[int, int]  # duty, person
MANY = 0.4  # duties a week for one person
GOALS = 6  # open, organisations, people, holidays, together, wishes


@dataclass(frozen=True, slots=True)
class Cut:
    """Nobody may have all of these duties, unless one of `unless` too. person: None is everybody.

    duties    of those that are alike the first; it holds for all of them
    mendable  a night between the last two makes it lawful, wherever it is worked
    """

    duties: frozenset[int]
    unless: tuple[int, ...]
    person: int | None
    mendable: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A number that depends on who gets what: a fixed part, and so much for every pair that is chosen."""

    fixed: int
    terms: tuple[tuple[Pair, int], ...]

    def value(self, chosen: Mapping[int, int]) -> int:
        return self.fixed + sum(much for (duty, person), much in self.terms if chosen.get(duty) == person)


class Question:
    """The model. Everything outside it stays as it is in the roster.

    people    all they have that may move is in the question
    may_open  duties may stay open; otherwise all must be given out
    exactly   everybody in it must be exactly on target; of holidays at most `days_off` from it
    """

    def __init__(
        self,
        roster: Roster,
        people: Iterable[int],
        cuts: Iterable[Cut] = (),
        *,
        may_open: bool = False,
        exactly: bool = False,
        days_off: int = 0,
    ) -> None:
        # Loaded when somebody plans: it takes time and memory that nobody else needs.
        from ortools.sat.python import cp_model

        self.model = cp_model.CpModel()
        self.roster, self.table = roster, roster.table
        self.people, self.may_open = sorted(people), may_open
        gaps = roster.gaps if may_open else []
        self.inside = {duty for person in self.people for duty in roster.own[person]} | set(gaps)
        self.duties = sorted(self.inside)
        self.x: dict[Pair, Any] = {}
        self.open: dict[int, Any] = {}
        self.sizes: list[tuple[Any, Line]] = []  # a deviation, and what it is of
        self.largest: list[tuple[Any, list[Any], int]] = []
        self._cover(may_open)
        self._pairs()
        self.touched = self._windows()
        self.goals = self._goals(0 if exactly else None, days_off if exactly else None)
        self.used: set[Cut] = set()
        for cut in cuts:
            self.add(cut)

    # --- what must be

    def _cover(self, may_open: bool) -> None:
        for duty in self.duties:
            able = self.table.able_sets[duty]
            row = []
            for person in self.people:
                if person in able:
                    self.x[duty, person] = self.model.new_bool_var("")
                    row.append(self.x[duty, person])
            if may_open:
                self.open[duty] = self.model.new_bool_var("")
                row.append(self.open[duty])
            self.model.add_exactly_one(row)

    def _pairs(self) -> None:
        for clique in cliques(self.table, self.duties):
            for person in self.people:
                row = [self.x[duty, person] for duty in clique if (duty, person) in self.x]
                if len(row) > 1:
                    self.model.add_at_most_one(row)

    def _windows(self) -> list[Touched]:
        """Only when people have much to do: otherwise these rules seldom bind, and cuts are cheaper."""
        starts = [self.table.law.duties[duty].start for duty in self.duties]
        weeks = 1 + (max(starts, default=0) - min(starts, default=0)) // WEEK
        if len(self.duties) < MANY * weeks * len(self.people):
            return []
        return add_windows(self.model, self.table, self.people, self.x)

    def add(self, cut: Cut) -> bool:
        """Take this in; says whether it was new here."""
        alike = [self.table.alike[duty] for duty in sorted(cut.duties)]
        if cut in self.used or any(self.inside.isdisjoint(duties) for duties in alike):
            return False
        self.used.add(cut)
        for person in self.people:
            rows = [[self.x[duty, person] for duty in duties if (duty, person) in self.x] for duties in alike]
            if all(rows) and is_for(cut, self.table, person):
                mend = [self.x[duty, person] for duty in cut.unless if (duty, person) in self.x]
                self.model.add(sum(x for row in rows for x in row) <= len(rows) - 1 + sum(mend))
        return True

    # --- what should be

    def _goals(self, off_target: int | None, days_off: int | None) -> list[Any]:
        """What is to be made small, the most important first; as in Tally.score."""
        tally, aims = self.roster.tally, self.table.aims
        weights = {pair: aims.weights[pair[0]] for pair in self.x if aims.weights[pair[0]]}
        days = {pair: 1 for pair in self.x if tally.is_holiday[pair[0]]}
        by_person: dict[int, list[Pair]] = {person: [] for person in self.people}
        for pair in self.x:
            by_person[pair[1]].append(pair)
        load = {p: self._line(tally.load[p], p, pairs, weights) for p, pairs in by_person.items()}
        rest = {p: self._line(tally.holidays[p], p, pairs, days) for p, pairs in by_person.items()}
        off = [self._size(line, off_target) for line in load.values()]
        away = [self._size(line, days_off) for line in rest.values()]
        others = [p for p in range(len(tally.load)) if p not in load]
        left = [abs(tally.load[p]) for p in others]
        organisations = self._largest(*self._organisations(load))
        people = self._largest(off, left)
        holidays = self._largest(away, [abs(tally.holidays[p]) for p in others])
        together = sum(left) + sum(off)
        return [self._gaps(), organisations, people, holidays, together, self._wishes()]

    def _line(self, now: int, person: int, pairs: list[Pair], much: Mapping[Pair, int]) -> Line:
        """What this person has beyond target, with all that may move counted by pair."""
        mine = sum(much.get((duty, person), 0) for duty in self.roster.own[person])
        return Line(now - mine, tuple((pair, much[pair]) for pair in pairs if pair in much))

    def _organisations(self, load: Mapping[int, Line]) -> tuple[list[Any], list[int]]:
        tally, home = self.roster.tally, self.table.aims.organisation_of
        touched = sorted({home[person] for person in load})
        sizes = []
        for place in touched:
            staff = [person for person in load if home[person] == place]
            elsewhere = tally.organisation[place] - sum(tally.load[person] for person in staff)
            fixed = elsewhere + sum(load[person].fixed for person in staff)
            terms = tuple(term for person in staff for term in load[person].terms)
            sizes.append(self._size(Line(fixed, terms), None))
        others = [abs(value) for place, value in enumerate(tally.organisation) if place not in touched]
        return sizes, others

    def _size(self, line: Line, limit: int | None) -> Any:
        most = limit if limit is not None else abs(line.fixed) + sum(much for _pair, much in line.terms)
        size = self.model.new_int_var(0, most, "")
        expression = self._expression(line)
        self.model.add(size >= expression)
        self.model.add(size >= -expression)
        self.sizes.append((size, line))
        return size

    def _expression(self, line: Line) -> Any:
        from ortools.sat.python import cp_model

        pairs, much = [self.x[pair] for pair, _much in line.terms], [much for _pair, much in line.terms]
        return cp_model.LinearExpr.weighted_sum(pairs, much) + line.fixed

    def _largest(self, sizes: list[Any], others: list[int]) -> Any:
        least = max(others, default=0)
        most = max([least, *(abs(line.fixed) + sum(m for _p, m in line.terms) for _s, line in self.sizes)])
        found = self.model.new_int_var(least, most, "")
        for size in sizes:
            self.model.add(found >= size)
        self.largest.append((found, sizes, least))
        return found

    def _gaps(self) -> Any:
        return sum(self.open.values()) + sum(duty not in self.inside for duty in self.roster.gaps)

    def _wishes(self) -> Any:
        avoid = self.roster.tally.avoid
        mine = sum(len(self.roster.own[person] & avoid[person]) for person in self.people)
        unwished = [x for (duty, person), x in self.x.items() if duty in avoid[person]]
        return sum(unwished) + self.roster.tally.unwished - mine

    # --- from and to a rota

    def now(self) -> dict[int, int]:
        return {duty: person for duty in self.duties if (person := self.roster.who[duty]) is not None}

    def hint(self, chosen: Mapping[int, int]) -> None:
        """Tell the solver a whole answer, with everything that follows from it; a part of one is no help."""
        self.model.clear_hints()
        for (duty, person), x in self.x.items():
            self.model.add_hint(x, chosen.get(duty) == person)
        for duty, x in self.open.items():
            self.model.add_hint(x, duty not in chosen)
        for variable, pairs in self.touched:
            self.model.add_hint(variable, any(chosen.get(duty) == person for duty, person in pairs))
        values = {size.index: abs(line.value(chosen)) for size, line in self.sizes}
        for size, _line in self.sizes:
            self.model.add_hint(size, values[size.index])
        for found, sizes, least in self.largest:
            self.model.add_hint(found, max([least, *(values[size.index] for size in sizes)]))

    def score(self, chosen: Mapping[int, int]) -> tuple[int, ...]:
        """What is left to wish for with this answer."""
        before = self.now()
        try:
            self._change(before, chosen)
            return self.roster.score
        finally:
            self._change(chosen, before)

    def _change(self, before: Mapping[int, int], after: Mapping[int, int]) -> None:
        for duty, person in before.items():
            if after.get(duty) != person:
                self.roster.take(duty)
        for duty, person in after.items():
            if before.get(duty) != person:
                self.roster.put(duty, person)

    def take_over(self, chosen: Mapping[int, int]) -> None:
        """Make it so."""
        self._change(self.now(), chosen)

    def broken(self, chosen: Mapping[int, int]) -> list[Cut]:
        """What is unlawful in this answer, as cuts."""
        by_person: dict[int, list[int]] = {}
        for duty, person in chosen.items():
            by_person.setdefault(person, []).append(duty)
        return [
            cut
            for person, duties in sorted(by_person.items())
            for cut in cuts_of(self.table, person, sorted(duties))
        ]


def cliques(table: Table, duties: Sequence[int]) -> Iterator[list[int]]:
    """Sets of duties of which nobody may have two; together they hold every pair that goes wrong."""
    law = table.law
    order = sorted(duties, key=lambda duty: (law.duties[duty].start, duty))
    against: dict[int, list[int]] = {}
    for place, one in enumerate(order):
        against[one] = []
        for other in order[place + 1 :]:
            if law.duties[other].start - law.duties[one].start > law.longest + law.pair_reach:
                break
            if law.pair(law.duties[one], law.duties[other]):
                against[one].append(other)
    told: set[Pair] = set()
    for one in order:
        for other in against[one]:
            if (one, other) in told:
                continue
            clique = [one, other]
            for more in against[one]:
                if more not in clique and all(_clash(against, each, more) for each in clique[1:]):
                    clique.append(more)
            told |= {(a, b) for a in clique for b in clique}
            yield clique


def _clash(against: Mapping[int, list[int]], one: int, other: int) -> bool:
    return other in against[one] or one in against[other]


def is_for(cut: Cut, table: Table, person: int) -> bool:
    """Does it hold for this person? Not when a night they have anyway is between the others."""
    if cut.person is None and cut.mendable:
        starts = sorted(table.law.duties[duty].start for duty in cut.duties)
        return not any(one.night and starts[-2] < one.start < starts[-1] for one in table.fixed[person])
    return cut.person in (None, person)


def cuts_of(table: Table, person: int, duties: Sequence[int]) -> Iterator[Cut]:
    """Of these duties of one person: small sets that may not be together."""
    law, fixed = table.law, table.fixed[person]
    mine = {duty: law.duties[duty] for duty in duties}
    told: set[int] = set()
    for fault in law.faults([*fixed, *mine.values()]):
        core = [one.duty for one in fault.shifts if one.duty in mine]
        if not core or told & _named(table, core):
            continue
        if fault.mendable:
            cut = _after_nights(table, person, fault, mine)
        else:
            cut = _smallest(table, person, {duty: mine[duty] for duty in core})
        told |= cut.duties
        yield cut


def _smallest(table: Table, person: int, mine: Mapping[int, Shift]) -> Cut:
    """As few of these as are still wrong together."""
    everybody = _unlawful(table, [], list(mine.values()))
    beside: list[Shift] = [] if everybody else table.fixed[person]
    core = list(mine)
    for duty in mine:
        if _unlawful(table, beside, [mine[other] for other in core if other != duty]):
            core.remove(duty)
    return Cut(_named(table, core), (), None if everybody else person)


def _named(table: Table, core: Iterable[int]) -> frozenset[int]:
    return frozenset(table.alike[duty][0] for duty in core)


def _unlawful(table: Table, fixed: Sequence[Shift], shifts: Sequence[Shift]) -> bool:
    """What a night between could mend does not count: with fewer of these it may be wrong just for that."""
    ours = {id(one) for one in shifts}
    faults = table.law.faults([*fixed, *shifts])
    return any(not fault.mendable and any(id(one) in ours for one in fault.shifts) for fault in faults)


def _after_nights(table: Table, person: int, fault: Fault, mine: Mapping[int, Shift]) -> Cut:
    """The last nights of a series, as many as make one, with what follows too soon; a night between mends."""
    law = table.law
    *series, soon = fault.shifts
    last = [*series[-max(1, ceil(law.figure["nights_in_row"])) :], soon]
    core = [one.duty for one in last if one.duty in mine]
    everybody = len(core) == len(last)
    if not core:  # it is wrong elsewhere, and this night makes it ours
        core = [one.duty for one in series if one.duty in mine][-1:]
    return Cut(_named(table, core), law.menders(fault), None if everybody else person, mendable=True)
