"""The guard at every door: what it knows, what it says, and that nothing of a refused text stays."""

from contextlib import suppress
from hashlib import sha256
from urllib.parse import quote

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from tests.make import Make
from wijkapp.clients import guard
from wijkapp.clients.guard import ClientDataFound, TooLong
from wijkapp.clients.models import GuardCount
from wijkapp.clients.screening import MAX_LENGTH, Kind, Level
from wijkapp.clients.service import counts
from wijkapp.clients.service.counts import Figure, Outcome
from wijkapp.kit import time
from wijkapp.kit.forms import prose
from wijkapp.kit.limits import limiter
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.people.rules import Role

CERTAIN = "Wondzorg bij mw. Zwartkruis, BSN 123456782."


@pytest.fixture
def make(db):
    return Make(db)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """No names of another test, no numbers left to count."""
    monkeypatch.setattr(limiter, "enabled", False)
    guard.forget()
    counts._waiting.clear()
    yield
    guard.forget()


@pytest.fixture
def likely(monkeypatch):
    """A word that the engine takes for a name, as far as it can tell."""
    real = guard.screen

    def screen(text, allow):
        at = text.find("Bremmer")
        found = [guard.Finding(at, at + 7, Kind.NAME, Level.LIKELY)] if at >= 0 else []
        return sorted([*real(text.replace("Bremmer", "zzzzzzz"), allow), *found], key=lambda one: one.start)

    monkeypatch.setattr(guard, "screen", screen)
    return "Bremmer is er elke dag."


def tally() -> dict[tuple[str, str], int]:
    return {
        (figure.kind, outcome): number
        for figure in counts.figures()
        for outcome in Outcome
        if (number := getattr(figure, outcome.value))
    }


# --- what it says


def test_what_is_certain_is_refused_and_says_where(db):
    with pytest.raises(ClientDataFound) as refused:
        guard.check(CERTAIN, vouched=True)
    said = refused.value.details
    assert said["may_vouch"] is False
    assert [CERTAIN[one["start"] : one["end"]] for one in said["findings"]] == ["Zwartkruis", "123456782"]
    assert [one["instead"] for one in said["findings"]] == ["[naam]", "[BSN]"]
    assert "een BSN" in refused.value.sentence
    assert "Zwartkruis" not in str(refused.value)


def test_what_is_likely_is_asked_and_may_be_vouched_for(db, likely):
    with pytest.raises(ClientDataFound) as asked:
        guard.check(likely)
    assert asked.value.details["may_vouch"] is True
    assert asked.value.sentence == "Staat hier een naam van een cliënt?"
    guard.check(likely, vouched=True)


def test_a_text_without_anything_goes_through(db):
    text = "Wondzorg, elke ochtend. Er is een hond."
    guard.check(text)
    assert guard.findings(text) == []
    assert guard.without(text) == text
    assert not counts.waiting()


def test_a_whole_page_pasted_is_refused_before_anybody_reads_it(db):
    with pytest.raises(TooLong):
        guard.check("x" * (MAX_LENGTH + 1))


def test_a_colleague_may_be_named_but_not_as_somebody_who_gets_care(db, make):
    make.account(name="Anna Zwartkruis")
    guard.check("Anna Zwartkruis belt morgen terug.")
    with pytest.raises(ClientDataFound):
        guard.check("Mw. Zwartkruis heeft hulp nodig.")


def test_a_name_may_have_a_name_but_no_number_of_a_client(db):
    guard.check_name("Thuiszorg De Vries")
    guard.check_name("Fatima el Amrani")
    for hidden in ("Team Jansen 123456782 BSN", "Zorg, Kerkstraat 12", "Oost j.devries@ziggo.nl"):
        with pytest.raises(ClientDataFound):
            guard.check_name(hidden)


def test_a_label_may_say_whose_phone_it_is_but_not_which_client_it_is_for(db):
    guard.check_label("Telefoon van Anna")
    with pytest.raises(ClientDataFound):
        guard.check_label("Tablet bij mw. Zwartkruis")


def test_what_is_taken_out_is_not_asked_about_again(db):
    clean = guard.without(CERTAIN)
    assert clean == "Wondzorg bij mw. [naam], BSN [BSN]."
    guard.check(clean)


def test_the_last_line_stops_what_a_door_forgot(db, make):
    """A refusal, not a failure: SQLAlchemy passes it on as it is."""
    town = make.town()
    make.provider(town.here)
    request = make.request(town.referrer)
    request.remark = CERTAIN
    with pytest.raises(ClientDataFound):
        db.flush()


# --- counting


def test_kinds_are_counted_and_no_text(db, likely):
    for text, vouched in ((CERTAIN, False), (likely, False), (likely, True)):
        with suppress(ClientDataFound):
            guard.check(text, vouched=vouched)
    guard.say_wrong(CERTAIN)
    counts.write_down()
    assert tally() == {
        ("name", "blocked"): 1,
        ("bsn", "blocked"): 1,
        ("name", "asked"): 1,
        ("name", "vouched"): 1,
        ("name", "wrong"): 1,
        ("bsn", "wrong"): 1,
    }
    assert counts.figures()[0] == Figure("name", blocked=1, asked=1, vouched=1, wrong=1)
    assert set(GuardCount.__table__.columns.keys()) == {"day", "kind", "outcome", "number"}


def test_what_is_counted_twice_on_a_day_is_one_row(db):
    for _again in range(2):
        counts.noticed(Outcome.BLOCKED, ["bsn"])
        counts.write_down()
    assert db.execute(select(GuardCount.day, GuardCount.number)).all() == [(time.today(), 2)]


def test_a_refused_text_is_counted_although_its_door_stored_nothing(db, make, visitor):
    town = make.town()
    make.provider(town.here)
    answer = visitor(town.referrer).post("/zorgvragen", asking(remark=CERTAIN))
    assert answer.status_code == 422
    assert tally() == {("name", "blocked"): 1, ("bsn", "blocked"): 1}


def test_anybody_can_say_that_the_guard_was_wrong(db, make, visitor):
    town = make.town()
    answer = visitor(town.referrer).post(
        "/privacy/vergissing", MultiDict([("kind", "name"), ("kind", "bsn"), ("kind", "Zwartkruis")])
    )
    assert answer.status_code == 204
    assert tally() == {("name", "wrong"): 1, ("bsn", "wrong"): 1}


# --- on a page, without scripts


def asking(**more: str) -> dict[str, str]:
    """The form of a request, filled in."""
    return {
        "form_id": "018f4b1e-0000-7000-8000-000000000001",
        "pc4": "3524",
        "products": "verpleging",
        "moments-0": "1",
        "urgency": "day",
        "ehealth": "not_suitable",
        **more,
    }


def remarks(db) -> list[str | None]:
    return list(db.scalars(select(CareRequest.remark)))


@pytest.fixture
def town(make):
    town = make.town()
    make.provider(town.here, name="Oost")
    return town


def button(page: str, name: str) -> str:
    """The value of a button."""
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def test_a_refused_remark_is_shown_marked_with_everything_typed_kept(db, town, visitor):
    answer = visitor(town.referrer).post("/zorgvragen", asking(remark=CERTAIN, hours="7,5"))
    assert answer.status_code == 422
    assert '<mark class="guard__mark guard__mark--certain">Zwartkruis</mark>' in answer.text
    assert CERTAIN in answer.text
    assert 'value="7,5"' in answer.text
    assert "Vervang alles en ga door" in answer.text
    assert "Hier staat een naam en een BSN van een cliënt." in answer.text
    assert "remark_vouched" not in answer.text
    assert remarks(db) == []


def test_one_tap_takes_out_what_was_found_and_sends(db, town, visitor):
    answer = visitor(town.referrer).post("/zorgvragen", asking(remark=CERTAIN, remark_redact="1"))
    assert answer.status_code == 302
    assert remarks(db) == ["Wondzorg bij mw. [naam], BSN [BSN]."]


def test_one_tap_says_that_it_is_no_client_and_sends(db, town, visitor, likely):
    asker = visitor(town.referrer)
    asked = asker.post("/zorgvragen", asking(remark=likely))
    assert asked.status_code == 422
    mark = button(asked.text, "remark_vouched")
    assert asker.post("/zorgvragen", asking(remark=likely, remark_vouched=mark)).status_code == 302
    assert remarks(db) == [likely]


def test_who_vouched_for_one_text_did_not_vouch_for_another(db, town, visitor, likely):
    asker = visitor(town.referrer)
    mark = button(asker.post("/zorgvragen", asking(remark=likely)).text, "remark_vouched")
    other = asker.post("/zorgvragen", asking(remark=likely + " En Bremmer weer.", remark_vouched=mark))
    assert other.status_code == 422
    assert remarks(db) == []


def test_nobody_vouches_for_what_is_certain(db, town, visitor):
    asker = visitor(town.referrer)
    for mark in ("1", guard_mark(CERTAIN)):
        answer = asker.post("/zorgvragen", asking(remark=CERTAIN, remark_vouched=mark))
        assert answer.status_code == 422
    assert remarks(db) == []


def guard_mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def test_vouching_lasts_when_something_else_is_wrong(db, town, visitor, likely):
    asker = visitor(town.referrer)
    sent = asking(remark=likely, remark_vouched=guard_mark(likely)) | {"pc4": "12"}
    answer = asker.post("/zorgvragen", sent)
    assert answer.status_code == 422
    assert f'type="hidden" name="remark_vouched" value="{guard_mark(likely)}"' in answer.text


def test_saying_that_it_was_wrong_keeps_the_page_and_counts_only_that(db, town, visitor):
    asker = visitor(town.referrer)
    asker.post("/zorgvragen", asking(remark=CERTAIN))
    answer = asker.post("/zorgvragen", asking(remark=CERTAIN, remark_wrong="1"))
    assert answer.status_code == 422
    assert "Bedankt" in answer.text
    assert CERTAIN in answer.text
    assert tally() == {
        ("name", "blocked"): 1,
        ("bsn", "blocked"): 1,
        ("name", "wrong"): 1,
        ("bsn", "wrong"): 1,
    }


# --- remarks are read by whom they are for


def test_a_remark_is_read_by_who_is_asked_and_who_asked(db, make, town, visitor):
    oost = make.provider(town.here, name="West")
    request = make.request(town.referrer, remark="Er is een trap zonder leuning.")
    for reader in (town.referrer, oost.nurse):
        assert "trap zonder leuning" in visitor(reader).get(f"/zorgvragen/{request.id}").text
    assert "trap zonder leuning" in visitor(oost.nurse).get("/vandaag").text


def test_an_offer_and_a_decline_bring_a_remark_to_who_asked(db, make, town, visitor):
    west, south = make.provider(town.here, name="West"), make.provider(town.here, name="Zuid")
    request = make.request(town.referrer)
    where = f"/zorgvragen/{request.id}"
    offer = {"start_on": time.today().isoformat(), "hours": "3", "remark": "Twee vaste gezichten."}
    assert visitor(west.nurse).post(f"{where}/aanbod", offer).status_code == 302
    decline = {"reason": "no_room", "remark": "Volgende week wel weer."}
    assert visitor(south.nurse).post(f"{where}/nee", decline).status_code == 302
    page = visitor(town.referrer).get(where).text
    assert "Twee vaste gezichten." in page
    assert "Volgende week wel weer." in page


def test_a_refused_remark_with_an_answer_keeps_the_reason_that_was_tapped(db, make, town, visitor):
    west = make.provider(town.here, name="West")
    request = make.request(town.referrer)
    nurse, where = visitor(west.nurse), f"/zorgvragen/{request.id}/nee"
    refused = nurse.post(where, {"reason": "too_far", "remark": CERTAIN})
    assert refused.status_code == 422
    assert '<input type="hidden" name="reason" value="too_far">' in refused.text
    assert (
        nurse.post(where, {"reason": "too_far", "remark": CERTAIN, "remark_redact": "1"}).status_code == 302
    )
    noted = db.scalars(select(Invitation.decline_remark).where(Invitation.decline_remark.is_not(None))).all()
    assert noted == ["Wondzorg bij mw. [naam], BSN [BSN]."]


def test_a_refused_remark_with_an_offer_makes_no_offer(db, make, town, visitor):
    west = make.provider(town.here, name="West")
    request = make.request(town.referrer)
    sent = {"start_on": time.today().isoformat(), "hours": "3", "remark": CERTAIN}
    answer = visitor(west.nurse).post(f"/zorgvragen/{request.id}/aanbod", sent)
    assert answer.status_code == 422
    assert "Zwartkruis</mark>" in answer.text
    assert db.scalar(select(func.count()).select_from(Offer)) == 0


# --- bad input

NASTY = {
    "look-alikes": "Mw. Јаnѕеn, ВSN 123456782",  # Cyrillic
    "zero width": "BSN 123\u200b456\u200b782 van mw. Jan\u200bsen",
    "right to left": "\u202e287654321 NSB\u202c van mw. Jansen",
    "digits of elsewhere": "BSN ١٢٣٤٥٦٧٨٢",
    "digits in words": "BSN een twee drie vier vijf zes zeven acht twee",
    "full width": "ＢＳＮ １２３４５６７８２",
    "emoji": "👩🏽‍⚕️" * 400,
    "line ends": "a\r\nb\rc\u2028d" * 50,
    "combining": "a" + "\u0301" * 400,
    "markup": "<mark>mw. Jansen</mark>{{ 7*7 }}%(x)s",
    "null": "a\x00b",
    "half a character": "a\ud800b",
    "a whole record": "Mw. J. de Vries-Bakker, geb. 12-03-1941, Kerkstraat 12, 3524 AB Utrecht, 06 12345678. "
    * 30,
}


@pytest.mark.parametrize("kind", NASTY)
def test_whatever_is_pasted_is_refused_or_taken_and_never_a_failure(db, town, visitor, kind):
    fields = asking(remark=NASTY[kind])
    body = "&".join(
        f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in fields.items()
    )
    for extra in ("", "&remark_redact=1", "&remark_wrong=1", "&remark_vouched=1"):
        answer = visitor(town.referrer).post(
            "/zorgvragen", data=body + extra, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code in {302, 422}, extra
    assert not any("123456782" in (text or "") for text in remarks(db))


@pytest.mark.parametrize("kind", ["look-alikes", "zero width", "full width", "digits of elsewhere"])
def test_a_number_in_disguise_is_found(db, kind):
    with pytest.raises(ClientDataFound):
        guard.check(prose(NASTY[kind]))


def test_a_team_cannot_hide_a_client_in_what_it_says_of_itself(db, make, town, visitor):
    west = make.provider(town.here, name="West")
    admin = make.account(west.organisation, Role.ADMIN)
    page = visitor(admin).get(f"/organisatie/teams/{west.team.id}").text
    seen = page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    sent = {"seen": seen, "name": "West", "products": "verpleging", "highest_level": "3"}
    for field in ("name", "profile"):
        answer = visitor(admin).post(
            f"/organisatie/teams/{west.team.id}", sent | {field: "Wij zorgen voor BSN 123456782"}
        )
        assert answer.status_code == 422, field
    done = visitor(admin).post(f"/organisatie/teams/{west.team.id}", sent | {"profile": "Sterk in wondzorg."})
    assert done.status_code == 302
    assert "Sterk in wondzorg." in visitor(town.coordinator).get(f"/wijken/{town.here.code}").text
