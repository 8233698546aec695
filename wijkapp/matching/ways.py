"""Ways of asking for care, to compare: our waves, everybody at once, and one by one as on the phone today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from hashlib import blake2b
from random import Random
from uuid import UUID

from wijkapp.agreements.hours import ringing_time, rings_at, term_ends
from wijkapp.agreements.rules import Escalation, Urgency
from wijkapp.kit.time import AMSTERDAM, local
from wijkapp.matching.answering import Habit, WeekPart, habit_of, week_part
from wijkapp.matching.ladder import Move, Standing, next_look, what_now
from wijkapp.matching.made_up import ANSWERS_IN, Provider, Settings, make
from wijkapp.matching.ranking import Ranked
from wijkapp.matching.simulation import Case, Outcome, Run, Way
from wijkapp.matching.waves import FITS, Chance, next_wave

GIVES_UP = timedelta(hours=24)  # after the last term, as the agreement has it by default


@dataclass
class Everybody:
    """Rings everybody in reach at once: the whole region, or round by round.

    by_round  as the agreement has the rounds; without it the whole region at once
    """

    by_round: bool = False

    @property
    def name(self) -> str:
        return "iedereen per ronde" if self.by_round else "iedereen tegelijk"

    def begin(self, run: Run, case: Case) -> None:
        """Ring as soon as people may be rung."""
        start = rings_at(run.now, run.terms, case.asked.urgency)
        run.at(start, lambda: self._ring(run, case, 1 if self.by_round else len(run.terms.rounds)))

    def answered(self, run: Run, case: Case) -> None:
        """Everybody has been rung already."""

    def _ring(self, run: Run, case: Case, turn: int) -> None:
        if case.suitable_at is not None:
            return
        for one in run.in_reach(case, turn):
            if one.asked:
                run.ring(case, one)
        over = term_ends(run.now, run.terms, case.asked.urgency)
        if turn < len(run.terms.rounds):
            run.at(over, lambda: self._ring(run, case, turn + 1))
        else:
            run.at(over + GIVES_UP, lambda: give_up(run, case))


def give_up(run: Run, case: Case) -> None:
    """Nobody could; it is no longer asked."""
    if case.suitable_at is None and not case.ended:
        run.end(case)


@dataclass
class _Asking:
    """Where one request stands in our waves."""

    ranked: list[Ranked]
    round: int
    round_at: datetime
    answer_by: datetime
    ladder: int = 0
    chance: float = 0.0  # of a suitable offer in time, when it was last worked out
    look: int = 0


class Waves:
    """As the app does it: the clock looks at `ladder.what_now`, a wave rings what `waves.next_wave` says."""

    name = "onze golven"

    def __init__(self) -> None:
        self._asking: dict[Case, _Asking] = {}
        self._habits: dict[tuple[UUID, str, WeekPart], tuple[datetime, Habit]] = {}

    def begin(self, run: Run, case: Case) -> None:
        """The first wave of the first round, as soon as people may be rung."""
        start = rings_at(run.now, run.terms, case.asked.urgency)
        run.at(start, lambda: self._start(run, case, 1))

    def answered(self, run: Run, case: Case) -> None:
        """Somebody said no, or offered too little: the chance is worked out again at once."""
        if case in self._asking and case.suitable_at is None:
            if rings_at(run.now, run.terms, case.asked.urgency) == run.now:
                self._wave(run, case)
            self._climb(run, case)

    def _start(self, run: Run, case: Case, turn: int) -> None:
        over = term_ends(run.now, run.terms, case.asked.urgency)
        self._asking[case] = _Asking(run.in_reach(case, turn), turn, run.now, over)
        self._wave(run, case)
        self._climb(run, case)

    def _climb(self, run: Run, case: Case) -> None:
        """What is due now; then the clock comes back when something is due again."""
        while not case.ended and case.suitable_at is None:
            asking = self._asking[case]
            move = what_now(self._standing(run, case), run.now)
            if move is Move.NEXT_ROUND:
                self._start(run, case, asking.round + 1)
                return
            if move is Move.LOOK:
                self._wave(run, case)
            if move not in {Move.RING_ALL, Move.END_TERM, Move.STEP}:
                break
            self._do(run, case, move)
        self._plan(run, case)

    def _do(self, run: Run, case: Case, move: Move) -> None:
        asking = self._asking[case]
        if move is Move.RING_ALL:
            for one in asking.ranked:
                if one.asked:
                    run.ring(case, one)
        elif move is Move.END_TERM:
            asking.answer_by = run.now
        else:
            step = run.terms.escalation[asking.ladder]
            asking.ladder += 1
            if step.who is Escalation.UNFILLABLE:
                give_up(run, case)

    def _plan(self, run: Run, case: Case) -> None:
        asking = self._asking[case]
        asking.look += 1  # of what was planned before, nothing is due any more
        moment = next_look(self._standing(run, case), run.now)
        if moment is not None and not case.ended and case.suitable_at is None:
            run.at(moment, partial(self._on_time, run, case, asking, asking.look))

    def _on_time(self, run: Run, case: Case, asking: _Asking, look: int) -> None:
        if self._asking[case] is asking and asking.look == look:
            self._climb(run, case)

    def _standing(self, run: Run, case: Case) -> Standing:
        asking = self._asking[case]
        return Standing(
            terms=run.terms,
            urgency=case.asked.urgency,
            round=asking.round,
            round_at=asking.round_at,
            answer_by=asking.answer_by,
            ladder=asking.ladder,
            covered=case.suitable_at is not None,
            may_come=any(one not in case.answered for one in case.rung),
            waits=any(one.asked and one.candidate.organisation_id not in case.rung for one in asking.ranked),
            short=asking.chance < run.terms.wanted_chance,
        )

    def _wave(self, run: Run, case: Case) -> None:
        asking = self._asking[case]
        by_id = {one.candidate.organisation_id: one for one in asking.ranked if one.asked}
        left = ringing_time(run.now, asking.answer_by, run.terms, case.asked.urgency)
        wave = next_wave(
            [self._chance(run, case, one) for one in by_id.values()],
            wanted=run.terms.wanted_chance,
            minutes_left=left.total_seconds() / 60,
        )
        asking.chance = wave.chance
        for organisation_id in wave.ring:
            run.ring(case, by_id[organisation_id])

    def _chance(self, run: Run, case: Case, one: Ranked) -> Chance:
        organisation_id = one.candidate.organisation_id
        rung_at = case.rung.get(organisation_id)
        silent = None
        if rung_at is not None:
            span = ringing_time(rung_at, run.now, run.terms, case.asked.urgency)
            silent = span.total_seconds() / 60
        return Chance(
            organisation_id=organisation_id,
            rank=one.rank,
            habit=self._habit(run, organisation_id, case),
            fits=FITS.get(one.reasons[0], 1.0),
            silent_for=silent,
            answered=organisation_id in case.answered,
        )

    def _habit(self, run: Run, organisation_id: UUID, case: Case) -> Habit:
        """Worked out anew once a day: that is often enough, and makes a run short."""
        key = organisation_id, case.asked.urgency.value, week_part(local(run.now))
        known = self._habits.get(key)
        if known is None or run.now - known[0] > timedelta(days=1):
            habit = habit_of(run.history[organisation_id], case.asked.urgency, key[2])
            known = self._habits[key] = run.now, habit
        return known[1]


@dataclass
class OneByOne:
    """As on the phone today: known providers first, nobody knows who has room, until somebody says yes.

    picks_up    chance that a call in working hours is answered
    knows       chance that who answers knows at once; else somebody calls back
    minutes     a call, one that nobody answers, and between two calls
    passes      how often the whole list is called; pause before it is called again
    """

    picks_up: float = 0.6
    knows: float = 0.6
    call: timedelta = timedelta(minutes=6)
    no_answer: timedelta = timedelta(minutes=2)
    between: timedelta = timedelta(minutes=3)
    passes: int = 3
    pause: timedelta = timedelta(minutes=60)
    name: str = "een voor een bellen"

    def begin(self, run: Run, case: Case) -> None:
        """The first call, as soon as somebody is at the desk."""
        start = _working(case, run.now)
        run.at(start, lambda: self._call(run, case, self._list(run, case), 0, 1))

    def answered(self, run: Run, case: Case) -> None:
        """The caller goes on by the list."""

    def _list(self, run: Run, case: Case) -> list[Ranked]:
        """Who gives this care, near ones first; no figures, so nobody is known to be full."""
        everybody = run.in_reach(case, len(run.terms.rounds))
        able = [one for one in everybody if case.asked.need.products <= one.candidate.products]
        near = list(run.terms.rounds[0])
        return sorted(able, key=lambda one: (one.candidate.distance not in near, _known(case, one)))

    def _call(self, run: Run, case: Case, to_call: list[Ranked], index: int, turn: int) -> None:
        if case.suitable_at is not None or case.ended:
            return
        if index == len(to_call):
            self._again(run, case, to_call, turn)
            return
        one = to_call[index]
        provider = run.region.providers[one.candidate.organisation_id]
        took = self.no_answer
        if provider.id not in case.answered:
            took = self._try(run, case, one, provider, turn)
        run.at(
            _working(case, run.now + took + self.between),
            lambda: self._call(run, case, to_call, index + 1, turn),
        )

    def _try(self, run: Run, case: Case, one: Ranked, provider: Provider, turn: int) -> timedelta:
        case.calls += 1
        dice = Random(case.asked.id.int ^ provider.id.int ^ turn)  # noqa: S311 - a simulation
        if dice.random() >= self.picks_up * ANSWERS_IN[week_part(local(run.now))]:
            return self.no_answer
        willing = dice.random() < run.region.settings.willing
        knows = dice.random() < self.knows
        after: timedelta | None = self.call
        if not knows:
            after = provider.answers_after(case.asked.urgency, run.now, dice)
        if after is not None:
            team = one.candidate.team_id
            run.at(run.now + after, lambda: run.answer(case, provider, team, willing=willing))
        return self.call

    def _again(self, run: Run, case: Case, to_call: list[Ranked], turn: int) -> None:
        if turn == self.passes:
            run.at(run.now + GIVES_UP, lambda: give_up(run, case))
            return
        again = _working(case, run.now + self.pause)
        run.at(again, lambda: self._call(run, case, to_call, 0, turn + 1))


def _known(case: Case, one: Ranked) -> bytes:
    """Everybody calls first whom they know; that is another one in each wijk."""
    return blake2b(bytes([case.asked.wijk]) + one.candidate.organisation_id.bytes, digest_size=8).digest()


OFFICE = time(8), time(18)


def _working(case: Case, moment: datetime) -> datetime:
    """This moment, or when somebody sits at the desk again who can call; what is urgent is called on."""
    if case.asked.urgency is Urgency.TODAY:
        return moment
    here = local(moment)
    while here.weekday() > 4 or not OFFICE[0] <= here.time() < OFFICE[1]:
        day = (
            here.date() if here.time() < OFFICE[0] and here.weekday() < 5 else here.date() + timedelta(days=1)
        )
        here = datetime.combine(day, OFFICE[0], AMSTERDAM)
    return here.astimezone(UTC)


def compared(settings: Settings) -> Iterator[Outcome]:
    """What each way of asking does in the same region, ours last."""
    ways: tuple[Way, ...] = (Everybody(), Everybody(by_round=True), OneByOne(), Waves())
    for way in ways:
        yield Run(make(settings), way).go()
