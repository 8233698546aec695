"""What a region agrees about evenings, nights and weekends, with the defaults where nothing was agreed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import time, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from wijkapp.kit.words import lazy as _
from wijkapp.kit.words import mark


class Days(StrEnum):
    """On which days a block is there."""

    ALL = "all"
    FREE = "free"  # Saturday, Sunday and holidays


class KeyOf(StrEnum):
    """What the numbers in the key are."""

    FTE = "fte"
    CLIENTS = "clients"
    SHARE = "share"


class LiberationDay(StrEnum):
    """When 5 May counts as a holiday; a region chooses."""

    NEVER = "never"
    LUSTRUM = "lustrum"  # every five years: 2025, 2030
    ALWAYS = "always"


@dataclass(frozen=True)
class DutyBlock:
    """A stretch of the clock that somebody has duty in.

    starts, ends  on a clock in Amsterdam; an end that is not later is on the next day
    kind          work, bereikbaarheid, consignatie or aanwezigheid, as in `rota.problem.Kind`
    level         lowest level of whoever does it, 2..6
    seats         how many people at once
    points        of a plain day; a holiday counts `holiday_times` as much
    backup        is there a back-up, on call from home (`backup_points`)?
    """

    code: str
    name: str
    starts: time
    ends: time
    days: Days = Days.ALL
    kind: str = "work"
    level: int = 3
    seats: int = 1
    points: Fraction = Fraction(1)
    backup: bool = True
    backup_points: Fraction = Fraction(1, 4)


DEFAULT_BLOCKS = (
    DutyBlock("evening", mark("avond"), time(17), time(23)),
    DutyBlock("night", mark("nacht"), time(23), time(7), points=Fraction(3, 2)),
    DutyBlock("day", mark("dag"), time(7), time(17), days=Days.FREE),
)


@dataclass(frozen=True)
class RotaTerms:
    """What holds in one region at one moment.

    blocks           the duties of a day
    holiday_times    a duty on a holiday counts so many times
    liberation_day   is 5 May a holiday: never, lustrum or always
    key              per organisation its part of the work; empty: everybody the same
    key_of           what those numbers are
    rules            figures for work and rest the region set itself, by name; None switches one off
    publish_ahead    a rota is published so long before its first day
    check_in_within  not there so long after the start: the back-up is rung
    backup_within    no answer from the back-up so long after that: the coordinator is rung
    on_site_within   norm: so long after the phone rang somebody is with the client
    undo_within      how long taking over can be undone
    confirm_within   a handover not confirmed so long after the end is told to the coordinator
    swap_approval    does a planner have to agree with a swap?
    ask_again_every  how often those who were asked for a swap hear it again
    """

    blocks: tuple[DutyBlock, ...] = DEFAULT_BLOCKS
    holiday_times: Fraction = Fraction(2)
    liberation_day: str = "lustrum"
    key: Mapping[UUID, Fraction] = field(default_factory=dict)
    key_of: KeyOf = KeyOf.FTE
    rules: Mapping[str, float | bool | None] = field(default_factory=dict)
    publish_ahead: timedelta = timedelta(days=28)
    check_in_within: timedelta = timedelta(minutes=15)
    backup_within: timedelta = timedelta(minutes=10)
    on_site_within: timedelta = timedelta(minutes=30)
    undo_within: timedelta = timedelta(minutes=10)
    confirm_within: timedelta = timedelta(minutes=60)
    swap_approval: bool = False
    ask_again_every: timedelta = timedelta(hours=24)

    def block(self, code: str) -> DutyBlock | None:
        """The block with this code; None when it is no longer agreed."""
        return next((one for one in self.blocks if one.code == code), None)

    def agrees_with(self, other: object) -> bool:
        """Is all that parties sign the same? The figures for work and rest are no matter of theirs."""
        return isinstance(other, RotaTerms) and replace(self, rules=other.rules) == other


DEFAULTS = RotaTerms()


def to_plain(terms: RotaTerms) -> dict[str, Any]:
    """The terms by the name of each clause, as JSON can hold them."""
    return {one.name: _WRITE.get(one.name, _itself)(getattr(terms, one.name)) for one in fields(RotaTerms)}


def to_json(terms: RotaTerms) -> str:
    """The terms as they are stored with a version."""
    return json.dumps(to_plain(terms), separators=(",", ":"), sort_keys=True)


@lru_cache(maxsize=100)
def from_json(text: str) -> RotaTerms:
    """The terms that were stored. What did not exist yet when they were agreed is as the defaults say."""
    plain: Mapping[str, Any] = json.loads(text)
    known = {one.name for one in fields(RotaTerms)}
    return RotaTerms(
        **{name: _READ.get(name, _itself)(value) for name, value in plain.items() if name in known}
    )


def _itself(value: Any) -> Any:
    return value


def _seconds(value: timedelta) -> int:
    return int(value.total_seconds())


def _span(value: float) -> timedelta:
    return timedelta(seconds=value)


def _plain_block(block: DutyBlock) -> dict[str, Any]:
    return asdict(block) | {
        "starts": block.starts.isoformat("minutes"),
        "ends": block.ends.isoformat("minutes"),
        "points": str(block.points),
        "backup_points": str(block.backup_points),
    }


def _block(plain: Mapping[str, Any]) -> DutyBlock:
    return DutyBlock(
        **{
            **plain,
            "starts": time.fromisoformat(plain["starts"]),
            "ends": time.fromisoformat(plain["ends"]),
            "days": Days(plain["days"]),
            "points": Fraction(plain["points"]),
            "backup_points": Fraction(plain["backup_points"]),
        }
    )


_SPANS = (
    "publish_ahead",
    "check_in_within",
    "backup_within",
    "on_site_within",
    "undo_within",
    "confirm_within",
    "ask_again_every",
)

_WRITE: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_SPANS, _seconds),
    "blocks": lambda value: [_plain_block(one) for one in value],
    "holiday_times": str,
    "key": lambda value: {str(organisation): str(part) for organisation, part in value.items()},
}
_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_SPANS, _span),
    "blocks": lambda value: tuple(_block(one) for one in value),
    "holiday_times": Fraction,
    "key": lambda value: {UUID(organisation): Fraction(part) for organisation, part in value.items()},
    "key_of": KeyOf,
}


def wrong_in(terms: RotaTerms) -> dict[str, Any]:
    """What cannot be agreed, per clause, in Dutch; empty when all is well."""
    wrong: dict[str, Any] = {}
    codes = [block.code for block in terms.blocks]
    if not terms.blocks:
        wrong["blocks"] = _("Spreek minstens één dienst af.")
    if len(set(codes)) < len(codes):
        wrong["blocks"] = _("Twee diensten hebben dezelfde code.")
    if terms.key and not any(part > 0 for part in terms.key.values()):
        wrong["key"] = _("Geef minstens één organisatie een deel.")
    if any(part < 0 for part in terms.key.values()):
        wrong["key"] = _("Een deel kan niet minder zijn dan niets.")
    if terms.holiday_times < 1:
        wrong["holiday_times"] = _("Een feestdag telt minstens zo zwaar als een gewone dag.")
    return wrong
