"""Is this rota lawful? Reads the rules in hours, person by person; knows nothing of how the planner does it.

A violation counts when a duty of this rota is part of it: what people do elsewhere is not ours.
All arithmetic is in UTC, so a night lasts 7 or 9 hours when the clock changes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wijkapp.agreements.rule_sets import RuleSet, newest
from wijkapp.kit.words import mark
from wijkapp.rota import wording
from wijkapp.rota.calendar import Calendar
from wijkapp.rota.problem import Duty, Interval, Kind, Person, Problem, Rota

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
SINGULAR = {
    "overlap": mark("Arbeidstijdenwet art. 5:3"),
    "unavailable": mark("opgave van de collega of de eigen organisatie"),
    "cover": mark("afspraak van de regio"),
    "keep": mark("vastgezet in het rooster"),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong, for whom and when.

    rule     its name in the rule set; source: in Dutch, pages translate it
    moments  the first and the last it is about; zone: on which clock they are told
    duties   their ids
    figures  found, limit, weeks: what its sentence tells
    """

    rule: str
    source: str
    people: tuple[str, ...]
    moments: tuple[datetime, datetime]
    duties: tuple[str, ...]
    figures: Mapping[str, float]
    zone: ZoneInfo

    @property
    def text(self) -> str:
        """What is wrong as a sentence, with ids of people: for whoever reads now, Dutch in the commands."""
        first, last = (moment.astimezone(self.zone) for moment in self.moments)
        return wording.violation(self.rule, "".join(self.people), first, last, self.figures)

    def to_json(self) -> dict[str, Any]:
        moments = [moment.isoformat() for moment in self.moments]
        return {
            "rule": self.rule,
            "source": self.source,
            "people": list(self.people),
            "moments": moments,
            "duties": list(self.duties),
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Shift:
    """One stretch of somebody's time: a duty, or (duty is None) a shift at their own organisation."""

    start: datetime
    end: datetime
    duty: Duty | None
    works: bool
    dark: bool  # more than an hour of it is in the night
    night: bool  # and it is work, that ends late

    @property
    def hours(self) -> float:
        return (self.end - self.start) / HOUR


def check_rota(problem: Problem, rota: Rota) -> list[Violation]:
    """Everything in this rota that may not be; empty when it is lawful."""
    rules = newest().changed(problem.rules)
    found = list(_gaps(problem, rota))
    by_person: dict[str, list[Duty]] = {}
    for duty, name in rota.assignments.items():
        by_person.setdefault(name, []).append(problem.duty[duty])
    for person in problem.people:
        if by_person.get(person.id):
            found += check_person(problem, rules, person, by_person[person.id])
    return sorted(found, key=lambda one: (one.moments, one.people, one.rule))


def check_person(
    problem: Problem, rules: RuleSet, person: Person, duties: Iterable[Duty]
) -> Iterator[Violation]:
    """What is wrong with these duties for this person."""
    case = Case(problem, rules, person, duties)
    for rule in RULES:
        yield from rule(case)


def _gaps(problem: Problem, rota: Rota) -> Iterator[Violation]:
    said = {one.duty for one in rota.open}
    for duty in problem.duties:
        has = rota.assignments.get(duty.id)
        kept = problem.keep.get(duty.id)
        rule = "cover" if has is None and duty.id not in said else "keep" if kept not in (None, has) else None
        if rule:
            people = (kept,) if rule == "keep" and kept else ()
            moments = (duty.start, duty.end)
            yield Violation(rule, SINGULAR[rule], people, moments, (duty.id,), {}, problem.zone)


class Case:
    """One person's time, in order: their duties and what they do elsewhere."""

    def __init__(self, problem: Problem, rules: RuleSet, person: Person, duties: Iterable[Duty]) -> None:
        self.problem, self.rules, self.person = problem, rules, person
        self.calendar = Calendar(problem.zone, rules)
        own = [self._shift(duty.interval, duty, duty.kind) for duty in duties]
        elsewhere = [self._shift(one, None, Kind.WORK) for one in person.busy]
        self.all = sorted(own + elsewhere, key=lambda shift: (shift.start, shift.end, shift.duty is None))
        self.duties = [shift for shift in self.all if shift.duty]
        self.work = [shift for shift in self.all if shift.works]
        self.nights = [shift for shift in self.work if shift.night]
        self.on_call = [shift for shift in self.all if not shift.works]

    def _shift(self, when: Interval, duty: Duty | None, kind: Kind) -> Shift:
        dark = self.calendar.is_dark(when.start, when.end)
        night = dark and kind.works and self.calendar.ends_late(when.start, when.end)
        return Shift(when.start, when.end, duty, kind.works, dark, night)

    def wrong(
        self, rule: str, shifts: Sequence[Shift], first: datetime, last: datetime, **figures: float
    ) -> Iterator[Violation]:
        """A violation, when one of these shifts is a duty of this rota."""
        duties = tuple(shift.duty.id for shift in shifts if shift.duty)
        if not duties:
            return
        if rule in self.rules.rules:
            figures = {"limit": self.rules.number(rule), "weeks": self.rules.weeks(rule)} | figures
        source = SINGULAR.get(rule) or self.rules.rules[rule].source
        people = (self.person.id,)
        yield Violation(rule, source, people, (first, last), duties, figures, self.problem.zone)

    def windows(self, shifts: Sequence[Shift], length: timedelta) -> Iterator[tuple[datetime, list[Shift]]]:
        """For each of these shifts: when it starts, and those that start within so long from then."""
        for index, anchor in enumerate(shifts):
            until = anchor.start + length
            inside = []
            for shift in shifts[index:]:
                if shift.start >= until:
                    break
                inside.append(shift)
            yield anchor.start, inside


def _overlap(case: Case) -> Iterator[Violation]:
    for index, one in enumerate(case.all):
        for other in case.all[index + 1 :]:
            if other.start >= one.end:
                break
            yield from case.wrong("overlap", (one, other), one.start, other.start)


def _unavailable(case: Case) -> Iterator[Violation]:
    for shift in case.duties:
        if any(one.start < shift.end and shift.start < one.end for one in case.person.unavailable):
            yield from case.wrong("unavailable", (shift,), shift.start, shift.end)


def _level(case: Case) -> Iterator[Violation]:
    for shift in case.duties:
        if case.rules.on("level") and shift.duty and shift.duty.level > case.person.level:
            figures = {"found": case.person.level, "limit": shift.duty.level}
            yield from case.wrong("level", (shift,), shift.start, shift.end, **figures)


def _exempt(case: Case) -> Iterator[Violation]:
    if case.rules.on("exempt_nights") and case.person.exempt_nights:
        for shift in case.duties:
            if shift.dark:
                yield from case.wrong("exempt_nights", (shift,), shift.start, shift.end)


def _length(case: Case) -> Iterator[Violation]:
    for shift in case.duties:
        rule = "stand_by_hours"
        if shift.duty and shift.duty.kind is Kind.WORK:
            rule = "night_hours" if shift.night and case.rules.on("night_hours") else "shift_hours"
        if case.rules.on(rule) and shift.hours > case.rules.number(rule):
            yield from case.wrong(rule, (shift,), shift.start, shift.end, found=shift.hours)


def _rest(case: Case) -> Iterator[Violation]:
    """Between any two, not only neighbours: what lies between them may be a mistake too."""
    longest = max(case.rules.hours("daily_rest"), case.rules.hours("rest_after_night"))
    for index, one in enumerate(case.work):
        rule = "daily_rest"
        if one.night and case.rules.hours("rest_after_night") >= case.rules.hours("daily_rest"):
            rule = "rest_after_night"
        for other in case.work[index + 1 :]:
            rest = other.start - one.end
            if rest >= longest:
                break
            if timedelta(0) <= rest < case.rules.hours(rule):
                yield from case.wrong(rule, (one, other), one.start, other.start, found=rest / HOUR)


def _series(case: Case) -> Iterator[list[Shift]]:
    """Nights that follow each other."""
    pause, series = case.rules.hours("night_pause"), list[Shift]()
    for night in case.nights:
        if series and night.start - series[-1].end >= pause:
            yield series
            series = []
        series.append(night)
    if series:
        yield series


def _rest_after_nights(case: Case) -> Iterator[Violation]:
    need = case.rules.hours("rest_after_nights")
    for series in _series(case):
        if len(series) < case.rules.number("nights_in_row"):
            continue
        end = series[-1].end
        for shift in case.work:
            if end <= shift.start < end + need:
                found = (shift.start - end) / HOUR
                yield from case.wrong(
                    "rest_after_nights", (*series, shift), series[0].start, shift.start, found=found
                )
                break


def _weekly_rest(case: Case) -> Iterator[Violation]:
    need, span = case.rules.hours("weekly_rest"), timedelta(days=case.rules.number("weekly_rest_days"))
    for start, inside in case.windows(case.work, span) if span else ():
        end = start + span
        # Somebody may still be at work at the start: what began earlier and has not ended.
        before = [shift for shift in case.work if shift.start < start < shift.end]
        longest, free_from = timedelta(0), max((shift.end for shift in before), default=start)
        for shift in inside:
            longest = max(longest, shift.start - free_from)
            free_from = max(free_from, shift.end)
        longest = max(longest, end - free_from)
        if longest < need:
            yield from case.wrong("weekly_rest", before + inside, start, end, found=longest / HOUR)


def _longest_run(case: Case) -> Iterator[Violation]:
    pause, runs = case.rules.hours("weekly_rest"), list[list[Shift]]()
    until = None
    for shift in case.work:
        if until is None or shift.start - until >= pause:
            runs.append([])
        runs[-1].append(shift)
        until = shift.end if until is None else max(until, shift.end)
    for run in runs:
        too_long = case.rules.on("longest_run") and len(run) > case.rules.number("longest_run")
        if too_long and any(shift.night for shift in run):
            yield from case.wrong("longest_run", run, run[0].start, run[-1].end, found=len(run))


def _nights(case: Case) -> Iterator[Violation]:
    for start, inside in case.windows(case.nights, case.rules.weeks("nights") * WEEK):
        if case.rules.on("nights") and len(inside) > case.rules.number("nights"):
            yield from case.wrong("nights", inside, start, inside[-1].end, found=len(inside))


def _weeks_of_hours(case: Case, weeks: int) -> Iterator[tuple[datetime, list[Shift], float]]:
    """From every calendar week in which work falls: so many weeks, the work in them, and its hours."""
    mondays = {monday for shift in case.work for monday in case.calendar.weeks(shift.start, shift.end)}
    for monday in sorted(mondays):
        start = case.calendar.day_starts(monday)
        end = case.calendar.day_starts(monday + weeks * WEEK)
        inside = [shift for shift in case.work if shift.start < end and start < shift.end]
        hours = sum((min(shift.end, end) - max(shift.start, start)) / HOUR for shift in inside)
        yield start, inside, hours


def _hours(case: Case) -> Iterator[Violation]:
    for rule in ("week_hours", "average_short", "average_long", "average_nights"):
        weeks = case.rules.weeks(rule)
        if not case.rules.on(rule):
            continue
        for start, inside, hours in _weeks_of_hours(case, weeks):
            nights = sum(shift.night and shift.start >= start for shift in inside)
            if rule == "average_nights" and nights < case.rules.number("many_nights"):
                continue
            if hours / weeks > case.rules.number(rule):
                yield from case.wrong(rule, inside, start, inside[-1].end, found=hours / weeks)


def _days_off(
    case: Case, rule: str, shifts: Sequence[Shift], days: Callable[[datetime, datetime], Iterable[date]]
) -> Iterator[Violation]:
    """Of so many weekends (or Sundays) in a row enough are free."""
    if not case.rules.on(rule):
        return
    weeks = case.rules.weeks(rule)
    touched: dict[date, list[Shift]] = {}
    for shift in shifts:
        for day in days(shift.start, shift.end):
            touched.setdefault(day, []).append(shift)
    for first in sorted(touched):
        inside = [day for day in sorted(touched) if first <= day < first + weeks * WEEK]
        if weeks - len(inside) < case.rules.number(rule):
            own = list({id(shift): shift for day in inside for shift in touched[day]}.values())
            yield from case.wrong(rule, own, own[0].start, own[-1].end, found=weeks - len(inside))


def _weekends(case: Case) -> Iterator[Violation]:
    yield from _days_off(case, "weekends_off", case.all, case.calendar.weekends)
    yield from _days_off(case, "sundays_off", case.work, case.calendar.sundays)


def _on_call_days(case: Case) -> Iterator[Violation]:
    rule = "on_call_days"
    touched: dict[date, list[Shift]] = {}
    for shift in case.on_call:
        for day in case.calendar.days(shift.start, shift.end):
            touched.setdefault(day, []).append(shift)
    for first in sorted(touched):
        inside = [day for day in touched if first <= day < first + case.rules.weeks(rule) * WEEK]
        if case.rules.on(rule) and len(inside) > case.rules.number(rule):
            own = list({id(shift): shift for day in inside for shift in touched[day]}.values())
            yield from case.wrong(rule, own, own[0].start, own[-1].end, found=len(inside))


def _on_call_free(case: Case) -> Iterator[Violation]:
    rule, span = "on_call_free", case.rules.hours("on_call_free_hours")
    for anchor in case.on_call if span else ():
        start, end = anchor.start, anchor.start + case.rules.weeks(rule) * WEEK
        inside = [shift for shift in case.all if shift.start < end and start < shift.end]
        free, free_from = 0, start
        for shift in inside:
            free += max(0, (shift.start - free_from) // span)
            free_from = max(free_from, shift.end)
        free += max(0, (end - free_from) // span)
        if case.rules.on(rule) and free < case.rules.number(rule):
            yield from case.wrong(rule, inside, start, end, found=free)


def _on_call_near_night(case: Case) -> Iterator[Violation]:
    before, after = case.rules.hours("on_call_before_night"), case.rules.hours("on_call_after_night")
    for night in case.nights:
        for shift in case.on_call:
            if before and shift.start < night.start and night.start - before < shift.end:
                yield from case.wrong("on_call_before_night", (shift, night), shift.start, night.start)
            if after and shift.end > night.end and shift.start < night.end + after:
                yield from case.wrong("on_call_after_night", (night, shift), night.start, shift.start)


RULES: tuple[Callable[[Case], Iterator[Violation]], ...] = (
    _overlap,
    _unavailable,
    _level,
    _exempt,
    _length,
    _rest,
    _rest_after_nights,
    _weekly_rest,
    _longest_run,
    _nights,
    _hours,
    _weekends,
    _on_call_days,
    _on_call_free,
    _on_call_near_night,
)
