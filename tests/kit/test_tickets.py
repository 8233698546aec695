"""Tickets: what they say is what we wrote, for one thing, until a moment; everything else is refused."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkapp.kit import crypto, tickets, time
from wijkapp.kit.tickets import LONGEST, NoTicket, TicketIsOver

NOW = time.now()
LATER = NOW + timedelta(hours=1)


def test_a_ticket_says_what_was_written_until_its_time_is_up():
    ticket = tickets.write("capacity.tap", ("één", "twee"), LATER)

    assert tickets.read("capacity.tap", ticket, NOW) == ("één", "twee")
    assert tickets.read("capacity.tap", ticket, LATER - timedelta(seconds=2)) == ("één", "twee")
    with pytest.raises(TicketIsOver):
        tickets.read("capacity.tap", ticket, LATER)


def test_a_ticket_for_one_thing_does_nothing_else():
    ticket = tickets.write("capacity.tap", ("één",), LATER)

    with pytest.raises(NoTicket):
        tickets.read("capacity.mail", ticket, NOW)


def test_a_ticket_of_another_installation_is_none():
    ticket = tickets.write("capacity.tap", ("één",), LATER)
    tickets.use(crypto.MasterKey(b"o" * 32))

    with pytest.raises(NoTicket):
        tickets.read("capacity.tap", ticket, NOW)


def test_no_letter_of_a_ticket_can_be_changed():
    ticket = tickets.write("capacity.tap", ("één",), LATER)

    for place, letter in enumerate(ticket):
        other = "A" if letter != "A" else "Q"
        changed = ticket[:place] + other + ticket[place + 1 :]
        with pytest.raises(NoTicket):
            tickets.read("capacity.tap", changed, NOW)


@settings(max_examples=40)
@given(st.text(max_size=LONGEST + 50))
def test_whatever_is_sent_instead_is_refused(ticket):
    with pytest.raises(NoTicket):
        tickets.read("capacity.tap", ticket, NOW)
