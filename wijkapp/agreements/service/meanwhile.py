"""Two people with the same form open: who comes second reads what the first kept, before typing over it."""

from collections.abc import Iterable

from wijkapp.agreements import sealed
from wijkapp.agreements.models import Agreement, Item
from wijkapp.agreements.register import SAID
from wijkapp.agreements.service.proofs import pointer_of
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import lazy as _


class TypedOver(Refused):
    """Somebody else kept something else since this page was opened."""

    sentence = _("Iemand anders veranderde dit intussen. Kijk wat er nu staat, en bewaar daarna opnieuw.")


def stamp(values: Iterable[object]) -> str:
    """Tells what stands there apart from anything else."""
    return sealed.hashed([str(one) for one in values])


def said_of(agreement: Agreement) -> str:
    """The stamp of what the register says of it."""
    wijken = sorted(wijk.code for wijk in agreement.wijken)
    return stamp([*(getattr(agreement, name) for name in SAID), *wijken])


def how_far(item: Item) -> str:
    """The stamp of how far a point is."""
    held = (item.status, item.evidence, pointer_of(item), item.owner_id, item.due_on, item.done_on)
    return stamp(held)


def unless_changed(seen: str, now: str) -> None:
    """seen: the stamp on the page that was filled in; empty: whatever stands. Raises TypedOver."""
    if seen and seen != now:
        raise TypedOver
