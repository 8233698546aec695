"""People who do something at the very same moment, on a real database."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from wijkapp.kit.errors import Refused


def all_at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all of these at the same moment; what each gave, or how it was refused. Other errors surface."""
    together = Barrier(len(acts))

    def do(act: Callable[[], object]) -> object:
        together.wait()
        try:
            return act()
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


def refusals(said: Sequence[object]) -> Counter[type]:
    """How often each refusal was given."""
    return Counter(type(one) for one in said if isinstance(one, Refused))
