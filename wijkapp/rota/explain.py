"""Why a duty stays open: the smallest set of rules, absences and other duties that makes it impossible.

Everything that could be in the way is an assumption of the solver. It names assumptions that together are
impossible; then each that can be missed is left out, so that every one that is told is needed.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from wijkapp.agreements.rule_sets import newest
from wijkapp.rota import wording
from wijkapp.rota.exact import Budget
from wijkapp.rota.law import DAY
from wijkapp.rota.problem import Reason
from wijkapp.rota.roster import Roster

NEAR = 8 * DAY  # duties that may be in the way, in minutes; what people have beyond that stays as it is
MOST_TRIES = 40
WORK_A_TRY = 0.5
Fact = tuple[str, str]  # what it is, and of whom or of which rule or duty


def why_open(roster: Roster, duty: int, budget: Budget, *, quick: bool = False) -> tuple[Reason, ...]:
    """quick: only when it is clear at once, because of who the people are."""
    table = roster.table
    refused, too_long = table.refused[duty], roster.law.too_long(duty)
    if too_long:
        facts: list[Fact] = [("rule", too_long)]
    elif not table.able[duty]:
        people = table.problem.people
        facts = [(rule, people[person].id) for person, rule in refused.items()]
    else:
        found = None if quick else Impossible(roster, duty, budget).smallest()
        if found is None:
            return (Reason("unproven", {}),)
        facts = found
    return tuple(_reasons(roster, duty, facts))


def _reasons(roster: Roster, duty: int, facts: Sequence[Fact]) -> Iterator[Reason]:
    problem, rules = roster.table.problem, newest().changed(roster.table.problem.rules)
    groups: dict[str, list[str]] = {}
    for kind, name in facts:
        groups.setdefault(kind, []).append(name)
    for kind, names in groups.items():
        if kind in ("unavailable", "level", "exempt_nights"):
            yield Reason(kind, {"people": names, "level": problem.duties[duty].level})
        elif kind == "rule":
            for name in names:
                rule = rules.rules.get(name)
                if rule:
                    figure = float(rule.value or 0)
                    words = {"title": rule.title, "figure": figure, "unit": rule.unit, "source": rule.source}
                    yield Reason("rule", words)
        elif kind == "duty":
            starts = [problem.duty[name].start.astimezone(problem.zone).isoformat() for name in names]
            yield Reason("duty", {"duties": starts})
        else:
            rule = rules.rules.get(kind)
            title = rule.title if rule else wording.TOGETHER
            yield Reason("elsewhere", {"people": names, "title": title})
    if not facts:
        yield Reason("nobody", {})


class Impossible:
    """The question whether this duty can be filled next to those around it, with all that is in the way."""

    def __init__(self, roster: Roster, duty: int, budget: Budget) -> None:
        from ortools.sat.python import cp_model

        self.cp, self.model = cp_model, cp_model.CpModel()
        self.roster, self.table, self.law, self.duty = roster, roster.table, roster.law, duty
        self.budget = budget
        start = self.law.duties[duty].start
        movable = [d for d, who in enumerate(roster.who) if who is not None and d not in self.table.kept]
        self.near = [duty, *(d for d in movable if abs(self.law.duties[d].start - start) < NEAR)]
        self.facts: dict[Fact, Any] = {}
        self.x: dict[tuple[int, int], Any] = {}
        self.beside = [
            [one for one in held if one.duty not in roster.own[person] or one.duty not in self.near]
            for person, held in enumerate(roster.held)
        ]
        self._cover()
        self._pairs()

    def _fact(self, kind: str, name: str) -> Any:
        if (kind, name) not in self.facts:
            self.facts[kind, name] = self.model.new_bool_var("")
        return self.facts[kind, name]

    def _cover(self) -> None:
        problem = self.table.problem
        for duty in self.near:
            row = []
            for n, person in enumerate(problem.people):
                why = self.table.refused[duty].get(n)
                why = why or self.law.clash(self.beside[n], self.law.duties[duty])
                if why and duty != self.duty and why != "unavailable":
                    continue
                self.x[duty, n] = self.model.new_bool_var("")
                row.append(self.x[duty, n])
                if why:
                    self.model.add_implication(self._fact(why, person.id), ~self.x[duty, n])
            self.model.add_at_most_one(row)
            cover = self.model.add_bool_or(row) if row else self.model.add_bool_or([])
            if duty != self.duty:
                cover.only_enforce_if(self._fact("duty", problem.duties[duty].id))

    def _pairs(self) -> None:
        for place, one in enumerate(self.near):
            for other in self.near[place + 1 :]:
                rule = self.law.pair(self.law.duties[one], self.law.duties[other])
                if rule:
                    self._never([one, other], range(len(self.beside)), rule)

    def _never(
        self, duties: Sequence[int], people: Sequence[int], rule: str, unless: Sequence[int] = ()
    ) -> None:
        rules = [~self._fact("rule", rule)] if rule != "overlap" else []
        for person in people:
            if all((duty, person) in self.x for duty in duties):
                mend = [self.x[duty, person] for duty in unless if (duty, person) in self.x]
                self.model.add_bool_or([~self.x[duty, person] for duty in duties] + rules + mend)

    def smallest(self) -> list[Fact] | None:
        """None when it is not proven that it cannot be."""
        core = self._core(list(self.facts))
        if core is None:
            return None
        for fact in [fact for fact in core if fact[0] == "duty"] + [f for f in core if f[0] != "duty"]:
            if fact not in core:
                continue
            less = self._core([other for other in core if other != fact])
            if less is not None:
                core = less
        return core

    def _core(self, facts: list[Fact]) -> list[Fact] | None:
        """Of these facts some that together make it impossible; None when it can be done."""
        for _attempt in range(MOST_TRIES):
            solver = self.cp.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.random_seed = self.budget.seed
            solver.parameters.max_deterministic_time = WORK_A_TRY
            self.model.clear_assumptions()
            self.model.add_assumptions([self.facts[fact] for fact in facts])
            status = solver.solve(self.model)
            self.budget.used += solver.deterministic_time
            if status == self.cp.INFEASIBLE:
                named = set(solver.sufficient_assumptions_for_infeasibility())
                return [fact for fact in facts if self.facts[fact].index in named]
            if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
                return None
            before = set(self.facts)
            if not self._refuse([pair for pair, x in self.x.items() if solver.boolean_value(x)], facts):
                return None
            # Rules that turned up just now count too, unless they were left out on purpose.
            facts = facts + [fact for fact in self.facts if fact not in before]
        return None

    def _refuse(self, chosen: Sequence[tuple[int, int]], facts: Sequence[Fact]) -> bool:
        """Take in the rules over longer stretches that this answer breaks; says whether there were any."""
        wrong = False
        known = set(self.facts)
        for person, beside in enumerate(self.beside):
            mine = [self.law.duties[duty] for duty, who in chosen if who == person]
            for fault in self.law.stretches_of([*beside, *mine]) if mine else ():
                own = [one.duty for one in fault.shifts if (one.duty, person) in self.x and one in mine]
                fact = ("rule", fault.rule)
                if own and (fact in facts or fact not in known):
                    self._never(own, [person], fault.rule, self.law.menders(fault))
                    wrong = True
        return wrong
