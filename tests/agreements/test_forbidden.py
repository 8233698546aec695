"""What the competition check forbids is signed by nobody, also when it waited for signatures already."""

import pytest
from sqlalchemy import select

from tests.agreements.making import COOPERATION, admins_of, sign, three, written
from wijkapp.agreements.register import Check
from wijkapp.agreements.service import documents, judge, offering, signing
from wijkapp.agreements.service.dossier import Forbidden
from wijkapp.agreements.service.judge import Answers
from wijkapp.kit.errors import NotAllowed
from wijkapp.kit.outbox import Event
from wijkapp.people.rules import Role

QUESTIONS = ("keeps_choice", "open", "no_more")


@pytest.fixture
def made(make, town):
    """Offered to three, and signed by the first."""
    made = three(town, admins_of(make, town))
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    sign(made, made.admins[0])
    return made


def _says(made, said: str, *codes: str) -> None:
    """The check is answered: yes is as it may be."""
    answers = Answers(dict.fromkeys(codes or QUESTIONS, said), {})
    judge.judge(made.coordinator, made.agreement_id, Check.COMPETITION, answers)


def _told(db, name: str) -> set:
    return set(db.scalars(select(Event.to_id).where(Event.name == name)))


def _at(made, more: str = "") -> str:
    return f"/afspraken/{made.agreement_id}/documenten{more}"


def test_what_waits_is_signed_no_further_once_the_check_forbids_it(made):
    _says(made, "no")
    with pytest.raises(Forbidden) as refused:
        sign(made, made.admins[1])
    assert "op de pagina van de afspraak" in str(refused.value.sentence)  # where to look
    with pytest.raises(Forbidden):
        signing.paper(made.admins[1], made.agreement_id, COOPERATION, "0")


def test_who_was_not_asked_hears_that_and_no_more(make, town, made):
    _says(made, "no")
    with pytest.raises(signing.NotAsked):
        signing.paper(made.coordinator, made.agreement_id, COOPERATION, "0")
    carla = make.account(make.provider(town.here, name="Elders").organisation, Role.ADMIN)
    with pytest.raises(NotAllowed):
        signing.paper(carla, made.agreement_id, COOPERATION, "0")


def test_who_signed_or_was_asked_hears_it_once_and_nobody_else(made, db):
    _says(made, "no")
    signers = {one.id for one in made.admins}
    assert _told(db, "agreements.forbidden") == signers
    _says(made, "no")
    assert len(db.scalars(select(Event).where(Event.name == "agreements.forbidden")).all()) == len(signers)


def test_nobody_hears_of_a_check_while_nothing_waits_for_signatures(make, town, db):
    made = three(town, admins_of(make, town))
    _says(made, "no")
    assert _told(db, "agreements.forbidden") == set()


def test_a_check_that_clears_it_lets_them_sign_again_and_what_was_signed_counts(made, db):
    _says(made, "no")
    db.query(Event).delete()
    db.commit()
    _says(made, "yes")
    assert _told(db, "agreements.to_sign") == {one.id for one in made.admins[1:]}
    assert [sign(made, one) for one in made.admins[1:]] == [False, True]


def test_half_an_answer_clears_nothing(made):
    _says(made, "no")
    _says(made, "yes", "open")
    with pytest.raises(Forbidden):
        sign(made, made.admins[1])
    assert documents.desk(made.coordinator, made.agreement_id, COOPERATION).forbidden


def test_the_pages_say_so_before_anybody_taps(made, visitor):
    _says(made, "no")
    for who in made.admins[:2]:
        browser = visitor(who)
        for path in ("", "/cooperation"):
            page = browser.get(_at(made, path)).text
            assert "Tekenen kan nu niet" in page
            assert "Lees en teken" not in page
            assert f"/afspraken/{made.agreement_id}/toetsen/competition" in page
    assert "Jij tekende al" in visitor(made.admins[0]).get(_at(made, "/cooperation")).text
    signs = visitor(made.admins[1])
    assert signs.get(_at(made, "/cooperation/tekenen")).status_code == 409
    digest = documents.desk(made.admins[1], made.agreement_id, COOPERATION).offered.digest
    answer = signs.post(_at(made, "/cooperation/tekenen"), {"seen": digest})
    assert (answer.status_code, "mededingingstoets" in answer.text) == (409, True)
    _says(made, "yes")
    page = signs.get(_at(made, "/cooperation")).text
    assert ("Lees en teken" in page, "Tekenen kan nu niet" in page) == (True, False)
