"""The rules as the planner reads them: whole minutes and quick, thousands of times a second.

Written apart from the checker on purpose: the checker judges what comes out of here.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, floor
from zoneinfo import ZoneInfo

from wijkapp.agreements.rule_sets import newest
from wijkapp.rota.problem import Interval, Kind, Person, Problem

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = 1440
WEEK = 7 * DAY
AT_MOST = {"shift_hours", "night_hours", "stand_by_hours", "night_work"}  # the other figures are a least
BUSY = -1  # in place of the index of a duty: a shift at somebody's own organisation


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """A duty (by index) or a busy stretch, in minutes since 1970, with all that the rules ask of it."""

    start: int
    end: int
    duty: int
    work: bool
    dark: bool
    night: bool
    days: tuple[int, ...]  # dates it touches, as ordinals
    weekends: tuple[int, ...]  # ordinals of the Monday of their week
    sundays: tuple[int, ...]
    hours: tuple[tuple[int, int], ...]  # Monday of the week, minutes in it


@dataclass(frozen=True, slots=True)
class Fault:
    """Shifts that may not be together. rule: why. A night between them may mend it (`mendable`)."""

    rule: str
    shifts: tuple[Shift, ...]
    mendable: bool = False


def minute(moment: datetime) -> int:
    return (moment - EPOCH) // MINUTE


class Law:
    """The rules of one problem."""

    def __init__(self, problem: Problem) -> None:
        rules = newest().changed(problem.rules)
        self.figure = {name: rules.number(name) for name in rules.rules}
        self.on = {name: rules.on(name) for name in rules.rules}
        self.weeks = {name: rules.weeks(name) for name in rules.rules}
        self.minutes = {name: _whole(name, 60 * value) for name, value in self.figure.items()}
        ends = [one for duty in problem.duties for one in (duty.start, duty.end)]
        ends += [at for one in problem.people for busy in one.busy for at in (busy.start, busy.end)]
        self._make_days(min(ends, default=EPOCH), max(ends, default=EPOCH), problem.zone)
        self.near = (max(self.weeks[name] for name in self.weeks if name != "sundays_off") + 2) * WEEK
        self.after = {True: self.minutes["daily_rest"], False: self.minutes["daily_rest"]}
        self.after[True] = max(self.after[True], self.minutes["rest_after_night"])
        self.pair_reach = max(
            [*self.after.values(), self.minutes["on_call_before_night"], self.minutes["on_call_after_night"]]
        )
        self.duties = [self.shift(one.interval, n, one.kind) for n, one in enumerate(problem.duties)]
        spans = [one for person in problem.people for one in person.busy]
        spans += [one.interval for one in problem.duties]
        self.longest = max(((one.end - one.start) // MINUTE for one in spans), default=0)
        self.kinds = [one.kind for one in problem.duties]

    def _make_days(self, first: datetime, last: datetime, zone: ZoneInfo) -> None:
        """When each day starts, and its night: from a day before anything happens to a day after."""
        self.first_day = first.astimezone(zone).date().toordinal() - 1
        days = range(self.first_day, last.astimezone(zone).date().toordinal() + 3)
        since, late, till = (self.figure[name] for name in ("night_from", "night_late", "night_to"))
        before = since > till  # a night from 22 to 6 begins on the day before
        clocks = ((since, before), (late, before and late >= since), (till, False))
        self.midnights = [minute(_clock(date.fromordinal(day), 0, zone)) for day in days]
        self.nights = [
            tuple(minute(_clock(date.fromordinal(day - early), hour, zone)) for hour, early in clocks)
            for day in days
        ]

    def shift(self, when: Interval, duty: int, kind: Kind) -> Shift:
        start, end = minute(when.start), minute(when.end)
        first = bisect_right(self.midnights, start) - 1
        last = bisect_right(self.midnights, end - 1) - 1
        nights = self.nights[first : last + 2]  # the night to come too: it may have begun
        dark = sum(max(0, min(end, till) - max(start, since)) for since, _late, till in nights)
        late = any(start < till and late < end for _since, late, till in nights)
        hours: dict[int, int] = {}
        for place in range(first, last + 1):
            part = min(end, self.midnights[place + 1]) - max(start, self.midnights[place])
            monday = _monday(place + self.first_day)
            hours[monday] = hours.get(monday, 0) + part
        days = tuple(range(first + self.first_day, last + 1 + self.first_day))
        is_dark = dark > self.minutes["night_work"]
        return Shift(
            start,
            end,
            duty,
            kind.works,
            is_dark,
            is_dark and late and kind.works,
            days,
            tuple(dict.fromkeys(_monday(day) for day in days if day - _monday(day) >= 5)),
            tuple(_monday(day) for day in days if day - _monday(day) == 6) if kind.works else (),
            tuple(hours.items()),
        )

    def busy(self, person: Person) -> list[Shift]:
        return [self.shift(one, BUSY, Kind.WORK) for one in person.busy]

    # --- one duty, and two

    def alone(self, person: Person, duty: int, level: int, unavailable: Sequence[tuple[int, int]]) -> str:
        """Why this duty can never be this person's; empty when it can."""
        shift = self.duties[duty]
        if self.on["level"] and level > person.level:
            return "level"
        if any(since < shift.end and shift.start < till for since, till in unavailable):
            return "unavailable"
        if self.on["exempt_nights"] and person.exempt_nights and shift.dark:
            return "exempt_nights"
        return self.too_long(duty)

    def too_long(self, duty: int) -> str:
        """The rule on the length of a duty that this one breaks; empty when none."""
        shift = self.duties[duty]
        rule = "stand_by_hours"
        if self.kinds[duty] is Kind.WORK:
            rule = "night_hours" if shift.night and self.on["night_hours"] else "shift_hours"
        return rule if self.on[rule] and shift.end - shift.start > self.minutes[rule] else ""

    def pair(self, one: Shift, other: Shift) -> str:
        """The rule against having both; empty when one may."""
        if other.start < one.start:
            one, other = other, one
        rest = other.start - one.end
        if rest < 0:
            return "overlap"
        if rest >= self.pair_reach:
            return ""
        if one.work and other.work:
            if rest < self.after[one.night]:
                longer = one.night and self.minutes["rest_after_night"] >= self.minutes["daily_rest"]
                return "rest_after_night" if longer else "daily_rest"
        elif one.night and rest < self.minutes["on_call_after_night"]:
            return "on_call_after_night"
        elif other.night and rest < self.minutes["on_call_before_night"]:
            return "on_call_before_night"
        return ""

    def clash(self, held: Sequence[Shift], new: Shift) -> str:
        """The rule against having this next to one of these (in order); empty when there is none."""
        first = bisect_right(held, new.start - self.pair_reach - self.longest, key=_start)
        for one in held[first:]:
            if one.start - new.end >= self.pair_reach:
                break
            rule = self.pair(one, new)
            if rule:
                return rule
        return ""

    # --- all that somebody has

    def fits(self, held: Sequence[Shift], new: Shift) -> bool:
        """May somebody who has these (in order, lawful) have this one too?"""
        return self.why_not(held, new) is None

    def why_not(self, held: Sequence[Shift], new: Shift) -> Fault | None:
        """The first reason against it."""
        rule = self.clash(held, new)
        if rule:
            return Fault(rule, (new,))
        close = [one for one in held if abs(one.start - new.start) < self.near]
        merged = sorted([*close, new], key=_start)
        found = (fault for fault in self.stretches(merged) if new in fault.shifts)
        fault = next(found, None)
        if fault is None and new.sundays:
            everything = sorted([*held, new], key=_start)
            fault = next((one for one in self._sundays(everything) if new in one.shifts), None)
        return fault

    def faults(self, shifts: Iterable[Shift]) -> Iterator[Fault]:
        """Everything that is wrong with having all these; what is wrong without our duties is not told."""
        ordered = sorted(shifts, key=_start)
        for index, one in enumerate(ordered):
            for other in ordered[index + 1 :]:
                if other.start - one.end >= self.pair_reach:
                    break
                rule = self.pair(one, other)
                if rule and (one.duty != BUSY or other.duty != BUSY):
                    yield Fault(rule, (one, other))
        yield from self.stretches_of(ordered)

    def stretches_of(self, shifts: Iterable[Shift]) -> Iterator[Fault]:
        """The same, of what takes more than two."""
        ordered = sorted(shifts, key=_start)
        yield from self.stretches(ordered)
        yield from self._sundays(ordered)

    def menders(self, fault: Fault) -> tuple[int, ...]:
        """Nights that lengthen the series, and so may mend a fault about the rest after it."""
        if not fault.mendable:
            return ()
        *_series, last, soon = fault.shifts
        return tuple(
            duty for duty, one in enumerate(self.duties) if one.night and last.start < one.start < soon.start
        )

    def stretches(self, ordered: Sequence[Shift]) -> Iterator[Fault]:
        work = [one for one in ordered if one.work]
        nights = [one for one in work if one.night]
        if len(nights) >= self.figure["nights_in_row"]:
            yield from self._after_nights(work, nights)
        if self.on["nights"] and len(nights) > self.figure["nights"]:
            yield from self._many_nights(nights)
        yield from self._weekly(work)
        yield from self._runs(work)
        yield from self._hours(work, nights)
        weekends = [(monday, one) for one in ordered for monday in one.weekends]
        yield from self._free_weeks("weekends_off", weekends)
        if len(work) < len(ordered):
            yield from self._on_call(ordered)

    def _after_nights(self, work: Sequence[Shift], nights: Sequence[Shift]) -> Iterator[Fault]:
        pause, need = self.minutes["night_pause"], self.minutes["rest_after_nights"]
        series: list[Shift] = []
        for place, night in enumerate(nights):
            if series and night.start - series[-1].end >= pause:
                series = []
            series.append(night)
            after = nights[place + 1] if place + 1 < len(nights) else None
            if (after and after.start - night.end < pause) or len(series) < self.figure["nights_in_row"]:
                continue
            for one in work:
                if night.end <= one.start < night.end + need:
                    yield from _ours("rest_after_nights", [*series, one], mendable=True)
                    break

    def _many_nights(self, nights: Sequence[Shift]) -> Iterator[Fault]:
        most, span = int(self.figure["nights"]), self.weeks["nights"] * WEEK
        for first, last in zip(nights, nights[most:], strict=False):
            if last.start - first.start < span:
                yield from _ours("nights", [one for one in nights if first.start <= one.start <= last.start])

    def _weekly(self, work: Sequence[Shift]) -> Iterator[Fault]:
        span, need = round(DAY * self.figure["weekly_rest_days"]), self.minutes["weekly_rest"]
        if not span:
            return
        for index, anchor in enumerate(work):
            until, free_from, longest = anchor.start + span, anchor.end, 0
            inside = [anchor]
            for other in work[index + 1 :]:
                if other.start >= until:
                    break
                longest = max(longest, other.start - free_from)
                free_from = max(free_from, other.end)
                inside.append(other)
                if longest >= need:
                    break
            if max(longest, until - free_from) < need:
                yield from _ours("weekly_rest", inside)

    def _runs(self, work: Sequence[Shift]) -> Iterator[Fault]:
        if not self.on["longest_run"] or len(work) <= self.figure["longest_run"]:
            return
        pause, run, until = self.minutes["weekly_rest"], list[Shift](), 0
        for one in [*work, None]:
            if one is None or (run and one.start - until >= pause):
                if len(run) > self.figure["longest_run"] and any(each.night for each in run):
                    yield from _ours("longest_run", run)
                run = []
            if one is not None:
                run.append(one)
                until = max(until, one.end)

    def _hours(self, work: Sequence[Shift], nights: Sequence[Shift]) -> Iterator[Fault]:
        done: dict[int, int] = {}
        for one in work:
            for monday, minutes in one.hours:
                done[monday] = done.get(monday, 0) + minutes
        total = sum(done.values())
        for rule in ("week_hours", "average_short", "average_long", "average_nights"):
            weeks = self.weeks[rule]
            most = self.figure[rule] * 60 * weeks
            if not self.on[rule] or total <= most:
                continue
            for first in sorted(done):
                span = range(first, first + 7 * weeks)
                many = sum(one.days[0] in span for one in nights) >= self.figure["many_nights"]
                if rule == "average_nights" and not many:
                    continue
                if sum(minutes for monday, minutes in done.items() if monday in span) > most:
                    inside = [one for one in work if any(monday in span for monday, _part in one.hours)]
                    yield from _ours(rule, inside)

    def _sundays(self, ordered: Sequence[Shift]) -> Iterator[Fault]:
        touched = [(monday, one) for one in ordered for monday in one.sundays]
        yield from self._free_weeks("sundays_off", touched)

    def _free_weeks(self, rule: str, touched: Sequence[tuple[int, Shift]]) -> Iterator[Fault]:
        most = self.weeks[rule] - self.figure[rule]
        if not self.on[rule] or len(touched) <= most:
            return
        weeks = sorted({monday for monday, _one in touched})
        for first in weeks:
            span = range(first, first + 7 * self.weeks[rule])
            if sum(monday in span for monday in weeks) > most:
                inside = dict.fromkeys(one for monday, one in touched if monday in span)
                yield from _ours(rule, list(inside))

    def _on_call(self, ordered: Sequence[Shift]) -> Iterator[Fault]:
        on_call = [one for one in ordered if not one.work]
        days = sorted({day for one in on_call for day in one.days})
        for first in days if self.on["on_call_days"] else ():
            span = range(first, first + 7 * self.weeks["on_call_days"])
            if sum(day in span for day in days) > self.figure["on_call_days"]:
                inside = [one for one in on_call if any(day in span for day in one.days)]
                yield from _ours("on_call_days", inside)
        length = self.minutes["on_call_free_hours"]
        for anchor in on_call if self.on["on_call_free"] and length else ():
            until = anchor.start + self.weeks["on_call_free"] * WEEK
            inside = [one for one in ordered if one.start < until and anchor.start < one.end]
            free, free_from = 0, anchor.start
            for one in inside:
                free += max(0, (one.start - free_from) // length)
                free_from = max(free_from, one.end)
            free += max(0, (until - free_from) // length)
            if free < self.figure["on_call_free"]:
                yield from _ours("on_call_free", inside)


def _ours(rule: str, shifts: Sequence[Shift], *, mendable: bool = False) -> Iterator[Fault]:
    """A fault, when a duty of ours is part of it."""
    if any(one.duty != BUSY for one in shifts):
        yield Fault(rule, tuple(shifts), mendable)


def _whole(name: str, minutes: float) -> int:
    """In whole minutes, as everything else: what is less than the least, or more than the most, stays so."""
    return (floor if name in AT_MOST else ceil)(round(minutes, 6))


def _start(shift: Shift) -> int:
    return shift.start


def _monday(day: int) -> int:
    return day - (day - 1) % 7


def _clock(day: date, hour: float, zone: ZoneInfo) -> datetime:
    clock = time(int(hour) % 24, round(hour % 1 * 60) % 60)
    return datetime.combine(day + timedelta(days=hour >= 24), clock, tzinfo=zone).astimezone(UTC)
