"""Which duties somebody could be put in, by the planner's quick rules; the checker judges when it is done."""

from collections.abc import Collection

from wijkapp.rota.law import Law, minute
from wijkapp.rota.problem import Problem, Rota


def places_for(problem: Problem, rota: Rota, person: str, among: Collection[str]) -> set[str]:
    """Ids of the duties this person may lawfully have beside what they have in this rota."""
    law, someone = Law(problem), problem.person[person]
    shifts = {one.id: shift for one, shift in zip(problem.duties, law.duties, strict=True)}
    away = [(minute(one.start), minute(one.end)) for one in someone.unavailable]
    own = {name for name, who in rota.assignments.items() if who == person}
    held = sorted([*(shifts[name] for name in own), *law.busy(someone)], key=lambda one: one.start)
    return {
        duty.id
        for duty in problem.duties
        if duty.id in among
        and duty.id not in own
        and not law.alone(someone, shifts[duty.id].duty, duty.level, away)
        and law.fits(held, shifts[duty.id])
    }
