"""The paper of one night: who has the coming duties, with numbers, for when nothing else works. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wijkapp.rota.on_duty import OnDuty, Turn, beginning, chain

LOOKS_AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Part:
    """Some hours and whom to ring in them, in order."""

    name: str
    starts_at: datetime
    ends_at: datetime
    runs: bool
    ring: tuple[OnDuty, ...]

    @property
    def is_gap(self) -> bool:
        return any(one.is_gap for one in self.ring if one.is_main)


def parts(turns: Iterable[Turn], moment: datetime) -> tuple[Part, ...]:
    """What runs at this moment, and then everything that begins within a day."""
    near = [one for one in turns if one.ends_at > moment and one.starts_at < moment + LOOKS_AHEAD]
    running = chain(near, moment)
    later = sorted({one.starts_at for one in near if one.starts_at > moment})
    found = [_part(running, True)] if running else []
    return (*found, *(_part(beginning(near, start), False) for start in later))


def _part(ring: tuple[OnDuty, ...], runs: bool) -> Part:
    names = dict.fromkeys(one.turn.name for one in ring)
    return Part(
        name=", ".join(names),
        starts_at=min(one.turn.starts_at for one in ring),
        ends_at=max(one.turn.ends_at for one in ring),
        runs=runs,
        ring=ring,
    )
