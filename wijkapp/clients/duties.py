"""Who had a duty when. The room that keeps the rota knows; this room cannot ask it, so it is told."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from wijkapp.clients.odd_rules import OnDuty

Stretch = tuple[datetime, datetime]
"""From, until: in UTC."""

Duties = Callable[[Collection[UUID], datetime, datetime], Mapping[UUID, Sequence[Stretch]]]


def _no_rota(
    _accounts: Collection[UUID], _first: datetime, _last: datetime
) -> Mapping[UUID, Sequence[Stretch]]:
    return {}


_duties: Duties = _no_rota


def known_by(duties: Duties) -> None:
    """Ask this from here on, in this process, for the duties of some accounts between two moments."""
    global _duties
    _duties = duties


def on_duty(accounts: Collection[UUID], first: datetime, last: datetime) -> OnDuty:
    """Was this one of them on duty at that moment, between first and last?"""
    known = _duties(accounts, first, last) if accounts else {}

    def was(account_id: UUID, moment: datetime) -> bool:
        return any(begins <= moment < ends for begins, ends in known.get(account_id, ()))

    return was
