"""A second reading of the rules, minute by minute: slow, and nothing in common with the checker.

Says which rules are broken for one person, as a set of names. Walks over every minute and looks at the clock.
"""

from datetime import datetime, timedelta
from itertools import combinations

from wijkapp.agreements.rule_sets import newest
from wijkapp.rota.problem import Duty, Kind, Person, Problem

MINUTE = timedelta(minutes=1)
ON_CALL = (Kind.REACHABLE, Kind.ON_CALL)


class Minutes:
    """Somebody's time as a row of minutes, each with what falls in it."""

    def __init__(self, problem: Problem, person: Person, duties: list[Duty]) -> None:
        self.rules = newest().changed(problem.rules)
        self.person = person
        self.what = [(d.start, d.end, d.kind in ON_CALL, d) for d in duties]
        self.what += [(one.start, one.end, False, None) for one in person.busy]
        self.what.sort(key=lambda one: one[:2])
        self.first = min(start for start, *_ in self.what) - timedelta(hours=1)
        last = max(end for _start, end, *_ in self.what) + timedelta(days=29)
        count = int((last - self.first) / MINUTE)
        moments = [self.first + n * MINUTE for n in range(count)]
        self.clock = [moment.astimezone(problem.zone) for moment in moments]
        self.here: list[list[int]] = [[] for _moment in moments]
        for number, (start, end, *_rest) in enumerate(self.what):
            for minute in range(self.at(start), self.at(end)):
                self.here[minute].append(number)
        self.works = [not on_call for _start, _end, on_call, _duty in self.what]
        self.dark = [self._minutes(n, "night_from", "night_to") > 60 * self.n("night_work") for n in self.all]
        self.night = [
            self.works[n] and self.dark[n] and self._minutes(n, "night_late", "night_to") > 0
            for n in self.all
        ]

    @property
    def all(self) -> range:
        return range(len(self.what))

    def n(self, name: str) -> float:
        return self.rules.number(name)

    def at(self, moment: datetime) -> int:
        return int((moment - self.first) / MINUTE)

    def span(self, number: int) -> range:
        start, end, *_rest = self.what[number]
        return range(self.at(start), self.at(end))

    def ours(self, numbers) -> bool:
        return any(self.what[number][3] for number in numbers)

    def _minutes(self, number: int, low: str, high: str) -> int:
        since, till = self.n(low), self.n(high)
        over = since > till and self.n("night_from") > till  # from 22 to 6
        hours = [self.clock[m].hour for m in self.span(number)]
        return sum(hour >= since or hour < till if over else since <= hour < till for hour in hours)

    def idle(self, first: int, last: int) -> bool:
        return not any(self.works[n] for m in range(first, last) for n in self.here[m])


def broken(problem: Problem, person: Person, duties: list[Duty]) -> set[str]:
    """The names of the rules that these duties break for this person."""
    row = Minutes(problem, person, duties)
    return {name for name, rule in RULES.items() if rule(row)}


def overlap(row: Minutes) -> bool:
    return any(len(here) > 1 and row.ours(here) for here in row.here)


def unavailable(row: Minutes) -> bool:
    taken = {m for one in row.person.unavailable for m in range(row.at(one.start), row.at(one.end))}
    return any(row.what[n][3] and taken & set(row.span(n)) for n in row.all)


def level(row: Minutes) -> bool:
    return any(one[3] and one[3].level > row.person.level for one in row.what)


def exempt_nights(row: Minutes) -> bool:
    return row.person.exempt_nights and any(row.dark[n] and row.what[n][3] for n in row.all)


def length(kind: str):
    def rule(row: Minutes) -> bool:
        for n in row.all:
            made = row.what[n][3]
            if made is None:
                continue
            name = "stand_by_hours" if made.kind is not Kind.WORK else "shift_hours"
            name = "night_hours" if name == "shift_hours" and row.night[n] else name
            if name == kind and row.rules.on(name) and len(row.span(n)) > 60 * row.n(name):
                return True
        return False

    return rule


def rest(after_night: bool):
    def rule(row: Minutes) -> bool:
        for one, other in combinations([n for n in row.all if row.works[n]], 2):
            between = row.span(other).start - row.span(one).stop
            longer = row.night[one] and row.n("rest_after_night") >= row.n("daily_rest")
            need = row.n("rest_after_night") if longer else row.n("daily_rest")
            if longer == after_night and 0 <= between < 60 * need and row.ours((one, other)):
                return True
        return False

    return rule


def rest_after_nights(row: Minutes) -> bool:
    nights = [n for n in row.all if row.night[n]]
    for place, night in enumerate(nights):
        series = [night]
        for before in reversed(nights[:place]):
            if row.span(series[0]).start - row.span(before).stop >= 60 * row.n("night_pause"):
                break
            series.insert(0, before)
        end = row.span(night).stop
        after = nights[place + 1 : place + 2]
        if after and row.span(after[0]).start - end < 60 * row.n("night_pause"):
            continue  # it goes on
        if len(series) < row.n("nights_in_row"):
            continue
        soon = range(end, end + int(60 * row.n("rest_after_nights")))
        for n in row.all:
            if row.works[n] and row.span(n).start in soon and row.ours([*series, n]):
                return True
    return False


def weekly_rest(row: Minutes) -> bool:
    for anchor in row.all:
        start = row.span(anchor).start
        longest = now = 0
        seen = set()
        for minute in range(start, start + int(1440 * row.n("weekly_rest_days"))):
            busy = {n for n in row.here[minute] if row.works[n]}
            now = 0 if busy else now + 1
            longest = max(longest, now)
            seen |= busy
        short = row.n("weekly_rest_days") and longest < 60 * row.n("weekly_rest")
        if row.works[anchor] and short and row.ours(seen):
            return True
    return False


def longest_run(row: Minutes) -> bool:
    if not row.rules.on("longest_run"):
        return False
    run: set[int] = set()
    quiet = 0
    for here in row.here:
        busy = {n for n in here if row.works[n]}
        if busy and quiet >= 60 * row.n("weekly_rest") and not busy & run:
            run = set()
        quiet = 0 if busy else quiet + 1
        run |= busy
        if len(run) > row.n("longest_run") and any(row.night[n] for n in run) and row.ours(run):
            return True
    return False


def nights(row: Minutes) -> bool:
    starts = [(row.span(n).start, n) for n in row.all if row.night[n]]
    for first, _n in starts:
        inside = [n for start, n in starts if first <= start < first + 1440 * 7 * row.rules.weeks("nights")]
        if row.rules.on("nights") and len(inside) > row.n("nights") and row.ours(inside):
            return True
    return False


def _monday(row: Minutes, minute: int) -> int:
    day = row.clock[minute].date()
    return day.toordinal() - day.weekday()


def hours(name: str):
    def rule(row: Minutes) -> bool:
        worked: dict[int, list[int]] = {}
        for minute, here in enumerate(row.here):
            if any(row.works[n] for n in here):
                worked.setdefault(_monday(row, minute), []).extend(n for n in here if row.works[n])
        for first in worked:
            weeks = range(first, first + 7 * row.rules.weeks(name))
            inside = [n for monday, numbers in worked.items() if monday in weeks for n in numbers]
            dark = [n for n in row.all if row.night[n] and _monday(row, row.span(n).start) in weeks]
            if name == "average_nights" and len(dark) < row.n("many_nights"):
                continue
            too_many = len(inside) > 60 * row.n(name) * row.rules.weeks(name)
            if row.rules.on(name) and too_many and row.ours(inside):
                return True
        return False

    return rule


def days_off(name: str, weekdays: set[int], work_only: bool):
    def rule(row: Minutes) -> bool:
        touched: dict[int, set[int]] = {}
        for minute, here in enumerate(row.here):
            seen = {n for n in here if row.works[n] or not work_only}
            if seen and row.clock[minute].weekday() in weekdays:
                touched.setdefault(_monday(row, minute), set()).update(seen)
        for first in touched:
            span = range(first, first + 7 * row.rules.weeks(name))
            inside = [monday for monday in touched if monday in span]
            who = set().union(*(touched[monday] for monday in inside))
            short = row.rules.weeks(name) - len(inside) < row.n(name)
            if row.rules.on(name) and short and row.ours(who):
                return True
        return False

    return rule


def on_call_days(row: Minutes) -> bool:
    days = set()
    for minute, here in enumerate(row.here):
        if any(not row.works[n] for n in here):
            days.add(row.clock[minute].date().toordinal())
    return row.rules.on("on_call_days") and any(
        len([day for day in days if first <= day < first + 28]) > row.n("on_call_days") for first in days
    )


def on_call_free(row: Minutes) -> bool:
    if not row.rules.on("on_call_free") or not row.n("on_call_free_hours"):
        return False
    for n in row.all:
        if row.works[n]:
            continue
        free = now = 0
        for minute in range(row.span(n).start, row.span(n).start + 28 * 1440):
            now = 0 if row.here[minute] else now + 1
            if now == 60 * row.n("on_call_free_hours"):
                free, now = free + 1, 0
        if free < row.n("on_call_free"):
            return True
    return False


def near_night(before: bool):
    def rule(row: Minutes) -> bool:
        for n in row.all:
            night = row.span(n)
            if not row.night[n]:
                continue
            near = range(night.start - int(60 * row.n("on_call_before_night")), night.start)
            if not before:
                near = range(night.stop, night.stop + int(60 * row.n("on_call_after_night")))
            for m in near:
                if 0 <= m < len(row.here) and any(not row.works[other] for other in row.here[m]):
                    return True
        return False

    return rule


RULES = {
    "overlap": overlap,
    "unavailable": unavailable,
    "level": level,
    "exempt_nights": exempt_nights,
    **{name: length(name) for name in ("shift_hours", "night_hours", "stand_by_hours")},
    "daily_rest": rest(after_night=False),
    "rest_after_night": rest(after_night=True),
    "rest_after_nights": rest_after_nights,
    "weekly_rest": weekly_rest,
    "longest_run": longest_run,
    "nights": nights,
    **{name: hours(name) for name in ("week_hours", "average_short", "average_long", "average_nights")},
    "weekends_off": days_off("weekends_off", {5, 6}, work_only=False),
    "sundays_off": days_off("sundays_off", {6}, work_only=True),
    "on_call_days": on_call_days,
    "on_call_free": on_call_free,
    "on_call_before_night": near_night(before=True),
    "on_call_after_night": near_night(before=False),
}
