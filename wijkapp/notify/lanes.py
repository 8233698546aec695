"""Messages under way: a lane per push service and one for mail, so that a slow one holds up no other."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

log = structlog.get_logger()

WIDTH = 24
"""Messages under way at once in one lane. Under `serve` these are greenlets, which cost next to nothing."""


class Lanes:
    """Runs jobs side by side, a bounded number per lane; makes a lane when it is first needed."""

    def __init__(self) -> None:
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._lock = threading.Lock()

    def submit(self, name: str, job: Callable[[], object]) -> None:
        """Do this as soon as there is room in the lane. What it raises is logged."""
        with self._lock:
            if name not in self._lanes:
                self._lanes[name] = ThreadPoolExecutor(WIDTH, thread_name_prefix=f"lane {name}")
            lane = self._lanes[name]
        lane.submit(_logged, job)

    def close(self) -> None:
        """Take nothing more; what is under way ends by itself."""
        for lane in self._lanes.values():
            lane.shutdown(wait=False, cancel_futures=True)


def _logged(job: Callable[[], object]) -> None:
    try:
        job()
    except Exception:
        log.exception("a delivery broke off")
