"""Work that takes long, beside the others: pages and the live line go on meanwhile."""

from collections.abc import Callable
from typing import TypeVar

from gevent import get_hub, monkey

Result = TypeVar("Result")


def aside(work: Callable[[], Result]) -> Result:
    """What this gives, worked out in a real thread where greenlets serve everybody. No database in it."""
    if monkey.is_module_patched("threading"):
        return get_hub().threadpool.apply(work)
    return work()
