"""What the clock does here. What is due stands in columns, each step is claimed, so a repeat is harmless."""

from collections.abc import Callable, Collection
from functools import partial
from typing import TypeVar

import structlog

from wijkapp.kit import catalogues, time
from wijkapp.kit.db import reading, transaction
from wijkapp.rota import paper
from wijkapp.rota.service import absence, handover, leaving, night_sheet, reach, steps, swap_clock, talk
from wijkapp.rota.service.sheet import Sheet

log = structlog.get_logger()

What = TypeVar("What")

MOST = 100  # per tick; the rest is still due at the next one


def check_in_due() -> int:
    """Remind whoever is next on duty, and ring others for whoever did not come. Returns how many steps."""
    moment = time.now()
    with reading() as db:
        due = steps.due(db, moment, MOST)
    return sum(_each("a step of a duty failed", due, lambda hold: steps.take_step(hold, moment)))


def reach_due() -> int:
    """Ask whoever has a duty soon whether our messages arrive; tell who plans when not. Returns how many."""
    moment = time.now()
    with reading() as db:
        asked = reach.to_ask(db, moment, MOST)
        silent = reach.unheard(db, moment, MOST)
    return sum(
        (
            *_each("somebody could not be tested", asked, lambda one: reach.ask(*one, moment)),
            *_each("nobody was told of a silence", silent, lambda one: reach.tell_of_silence(*one, moment)),
        )
    )


def ask_again() -> int:
    """Ask again who did not answer about a duty, and end what nobody took in time. Returns how many steps."""
    moment = time.now()
    with reading() as db:
        waiting = swap_clock.due(db, moment, MOST)
    return sum(_each("a swap could not be followed up", waiting, swap_clock.ask_again))


def leavers_due() -> int:
    """Whoever takes part no longer has no duties any more: they become gaps. Returns of how many people."""
    moment = time.now()
    with reading() as db:
        gone = leaving.due(db, moment, MOST)
    return sum(_each("a duty stayed with who left", gone, lambda one: leaving.open_up(one, moment)))


def handovers_due() -> int:
    """Tell of handovers that nobody confirmed in time, and close what was said long enough ago."""
    moment = time.now()
    with reading() as db:
        unread = handover.unread(db, moment, MOST)
        over = talk.to_close(db, moment, MOST)
    if over:
        with transaction() as db:
            talk.close(db, over, moment)
    told = _each("nobody was told", unread, lambda duty: handover.tell_of_unread(duty, moment))
    return sum(told)


def sheets_due() -> int:
    """Mail the paper of tonight to the coordinators of each region. Returns how many regions."""
    moment = time.now()
    with reading() as db:
        regions = night_sheet.due(db, moment)
    send = partial(night_sheet.send, moment=moment, pdf=_paper)
    return sum(_each("a night sheet did not go", regions, send))


def _paper(page: Sheet, language: str) -> bytes:
    with catalogues.speaking(language):
        return paper.pdf(page)


def forget() -> int:
    """Let handovers go, and when somebody could not, of long ago. Returns how many."""
    return handover.forget(time.now()) + absence.forget(time.now())


def _each(failed: str, those: Collection[What], do: Callable[[What], bool]) -> list[bool]:
    """Do it for each of those. Others must not wait for one that fails; it is due at the next tick."""
    done = []
    for one in those:
        try:
            done.append(do(one))
        except Exception:
            log.exception(failed, what=str(one))
    return done
