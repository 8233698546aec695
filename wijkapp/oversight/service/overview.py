"""The figures of a region and each of its wijken over a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.matching.service.triage import shares
from wijkapp.oversight import rules
from wijkapp.oversight.rules import Aids, Figures, Indicators, Period
from wijkapp.oversight.service import facts
from wijkapp.oversight.service.seen import seen
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Overview:
    """What the wijkregisseur sees first: the region, and its wijken by name."""

    name: str
    period: Period
    first_day: date
    region: Indicators
    wijken: Sequence[tuple[Wijk, Indicators]]


def overview(actor: Account, period: Period) -> Overview:
    """The figures of the regions that the actor oversees. Raises NotAllowed."""
    moment, first = time.now(), rules.first_day(period, time.today())
    since = time.day_starts(first)
    with reading() as db:
        here = seen(db, actor)
        asked = facts.asked(db, here.wijken, since, moment)
        chosen = facts.chosen(db, here.wijken, since)
        published = facts.figures(db, here.wijken, moment)
        aids = {
            wijk_id: Aids(one.asked, one.partly + one.enough)
            for wijk_id, one in shares(db, list(here.wijken), since, moment).items()
        }
    of_wijken = [
        (
            wijk,
            rules.indicators(
                [one for one in asked if one.wijk_id == wijk_id],
                [provider for where, provider in chosen if where == wijk_id],
                moment,
                published.get(wijk_id, Figures()),
                aids.get(wijk_id, Aids()),
            ),
        )
        for wijk_id, wijk in here.wijken.items()
    ]
    region = rules.indicators(
        asked,
        [provider for _wijk, provider in chosen],
        moment,
        sum(published.values(), Figures()),
        sum(aids.values(), Aids()),
    )
    return Overview(here.name, period, first, region, of_wijken)
