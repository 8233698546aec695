"""What the two sides read on the page of a request, from the question to the end of care."""

from collections.abc import Callable

import pytest

from tests.matching.make import chosen, offered, posted
from tests.web import Visitor
from wijkapp.matching import service
from wijkapp.matching.rules import WithdrawReason
from wijkapp.people.models import Account

pytestmark = pytest.mark.database("sqlite")  # words do not depend on the database

ANOTHER = "koos een ander aanbod"


@pytest.fixture
def reads(visitor: Callable[..., Visitor]) -> Callable[..., str]:
    def page(who: Account, request_id: object) -> str:
        answer = visitor(who).get(f"/zorgvragen/{request_id}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    return page


def test_after_the_care_both_sides_read_that_it_is_finished(make, town, reads):
    ours, other = make.provider(town.here), make.provider(town.here)
    request_id = posted(town.referrer)
    offered(other.nurse, request_id)
    chosen(town.referrer, offered(ours.nurse, request_id))
    for step in (service.hand_over, service.start_care, service.close_care):
        step(ours.nurse, request_id)

    assert "De zorg is afgerond" in reads(ours.nurse, request_id)
    assert ANOTHER not in reads(ours.nurse, request_id)
    assert ANOTHER in reads(other.nurse, request_id)
    assert "afgerond" in reads(town.referrer, request_id)


def test_who_was_chosen_reads_that_a_placed_request_was_withdrawn(make, town, reads):
    ours = make.provider(town.here)
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(ours.nurse, request_id))
    service.withdraw(town.referrer, request_id, WithdrawReason.ADMITTED)

    assert "ingetrokken" in reads(ours.nurse, request_id)
    assert ANOTHER not in reads(ours.nurse, request_id)


def test_who_did_not_answer_reads_that_it_is_placed(make, town, reads):
    ours, silent = make.provider(town.here), make.provider(town.here)
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(ours.nurse, request_id))

    assert "al geplaatst" in reads(silent.nurse, request_id)
    assert "koos voor jullie" in reads(ours.nurse, request_id)
