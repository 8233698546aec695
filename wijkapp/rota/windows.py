"""Rules over weeks that bind often, as rows of the model: weekends, Sundays, days on call, nights."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from wijkapp.rota.law import Law, Shift
from wijkapp.rota.roster import Table

Pair = tuple[int, int]
Touched = tuple[Any, tuple[Pair, ...]]  # a yes or no, and the pairs of a duty and a person that make it yes


def _days_on_call(shift: Shift) -> tuple[int, ...]:
    return () if shift.work else shift.days


def _weekends(shift: Shift) -> tuple[int, ...]:
    return shift.weekends


def _sundays(shift: Shift) -> tuple[int, ...]:
    return shift.sundays


def _limits(law: Law) -> Iterator[tuple[Callable[[Shift], tuple[int, ...]], int, int]]:
    """What is counted, in how many days, and how many there may be."""
    for rule, units in (("weekends_off", _weekends), ("sundays_off", _sundays)):
        if law.on[rule]:
            yield units, 7 * law.weeks[rule], int(law.weeks[rule] - law.figure[rule])
    if law.on["on_call_days"]:
        yield _days_on_call, 7 * law.weeks["on_call_days"], int(law.figure["on_call_days"])


def add_windows(model: Any, table: Table, people: Sequence[int], x: Mapping[Pair, Any]) -> list[Touched]:
    """Put them in; gives back what was made, for a hint."""
    law, made = table.law, list[Touched]()
    by_person: dict[int, list[int]] = {person: [] for person in people}
    for duty, person in x:
        by_person[person].append(duty)
    for person, duties in by_person.items():
        for units, span, most in _limits(law):
            made += _count(model, table, person, duties, x, (units, span, most))
        _nights(model, law, person, duties, x)
    return made


def _count(
    model: Any,
    table: Table,
    person: int,
    duties: Sequence[int],
    x: Mapping[Pair, Any],
    limit: tuple[Callable[[Shift], tuple[int, ...]], int, int],
) -> list[Touched]:
    """Of these units (weekends, days) somebody has at most so many in any stretch."""
    units, span, most = limit
    fixed = {unit for shift in table.fixed[person] for unit in units(shift)}
    by_unit: dict[int, list[Pair]] = {}
    for duty in duties:
        for unit in units(table.law.duties[duty]):
            if unit not in fixed:
                by_unit.setdefault(unit, []).append((duty, person))
    if len(by_unit) + len(fixed) <= most:
        return []
    touched = {unit: (model.new_bool_var(""), tuple(pairs)) for unit, pairs in sorted(by_unit.items())}
    for variable, pairs in touched.values():
        for pair in pairs:
            model.add_implication(x[pair], variable)
    for first in sorted({*by_unit, *fixed}):
        inside = [touched[unit][0] for unit in touched if first <= unit < first + span]
        anyway = sum(first <= unit < first + span for unit in fixed)
        if inside and len(inside) + anyway > most:
            # Somebody who has more already may get nothing more there.
            model.add(sum(inside) <= max(0, most - anyway))
    return list(touched.values())


def _nights(model: Any, law: Law, person: int, duties: Sequence[int], x: Mapping[Pair, Any]) -> None:
    """At most so many nights in any sixteen weeks; what somebody has elsewhere is seen in the answers."""
    span = 7 * 1440 * law.weeks["nights"]
    nights = sorted((law.duties[duty].start, duty) for duty in duties if law.duties[duty].night)
    if not law.on["nights"] or len(nights) <= law.figure["nights"]:
        return
    last: set[int] = set()
    for first, _duty in nights:
        inside = {duty for start, duty in nights if first <= start < first + span}
        if len(inside) > law.figure["nights"] and not inside <= last:
            model.add(sum(x[duty, person] for duty in sorted(inside)) <= int(law.figure["nights"]))
            last = inside
