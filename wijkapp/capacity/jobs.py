"""What the clock does here: remind teams of figures that fade."""

import structlog

from wijkapp.capacity.service import remind
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction

log = structlog.get_logger()

MOST = 100  # per tick; the rest is still due at the next one


def remind_due() -> int:
    """Ask every team whose usual moment has come, and that has a figure that fades. Returns how many."""
    with reading() as db:
        unknown = remind.without_rhythm(db)
        teams = remind.due(db, time.now(), MOST)
    if unknown:
        with transaction() as db:
            remind.begin_rhythm(db, unknown)
    asked = 0
    for team_id in teams:
        try:
            asked += remind.remind(team_id)
        except Exception:
            # The others must not wait for one that fails; it is still due at the next tick.
            log.exception("a team could not be reminded", team=str(team_id))
    return asked
