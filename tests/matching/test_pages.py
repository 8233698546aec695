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


# --- offering and choosing on the page, without scripts


def test_all_of_it_is_one_button(make, town, visitor):
    ours = make.provider(town.here)
    request_id = posted(town.referrer)
    assert visitor(ours.nurse).post(f"/zorgvragen/{request_id}/aanbod", {"all": "1"}).status_code == 302
    [offer] = service.show(town.referrer, request_id).offers
    assert (offer.minutes_per_week, offer.counter) == (210, None)


def test_a_part_at_another_time_is_a_form(make, town, visitor):
    ours = make.provider(town.here)
    request_id = posted(town.referrer)
    typed = {"moments-0": "1", "moments-4": "1", "moves-0": "2", "hours": "", "comes_already": "y"}
    assert visitor(ours.nurse).post(f"/zorgvragen/{request_id}/aanbod", typed).status_code == 302
    page = visitor(town.referrer).get(f"/zorgvragen/{request_id}").get_data(as_text=True)
    for words in ("ochtend ma en di", "ochtend wordt avond (na 17 uur)", "Komt al bij deze cliënt", "deels"):
        assert words in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"moments-0": "2"}, "Kies alleen momenten die gevraagd zijn."),
        ({"moments-0": "0"}, "Kies ten minste één moment in de week."),
        ({"moments-0": "x"}, "Kies per dagdeel een aantal"),
        ({"moments-0": "1", "moves-0": "9"}, "Kies een dagdeel uit de lijst."),
        ({"moments-0": "1", "hours": "9"}, "Kies niet meer uren dan er gevraagd zijn."),
    ],
)
def test_a_part_that_cannot_be_says_so_at_its_field(make, town, visitor, typed, says):
    ours = make.provider(town.here)
    request_id = posted(town.referrer)
    answer = visitor(ours.nurse).post(f"/zorgvragen/{request_id}/aanbod", typed)
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert service.show(town.referrer, request_id).offers == []


def test_choosing_together_without_saying_who_chose_says_what_is_missing(make, town, visitor):
    ours = make.provider(town.here)
    request_id = posted(town.referrer)
    offer_id = offered(ours.nurse, request_id)
    for typed in ({"offers": str(offer_id)}, {"offers": "x", "chosen_by": "client"}, {}):
        assert visitor(town.referrer).post(f"/zorgvragen/{request_id}/kies", typed).status_code == 422
