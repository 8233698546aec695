"""What can happen to a care request: one function is one transaction."""

from wijkapp.matching.service.answer import Able, decline, offer, offer_part, see
from wijkapp.matching.service.care import (
    close_care,
    hand_over,
    return_placement,
    start_care,
    withdraw_offer,
)
from wijkapp.matching.service.choose import How, choose, choose_offer
from wijkapp.matching.service.follow import keep_open, move_start, post_following, split, to_follow
from wijkapp.matching.service.lists import index, placed_requests, today, waiting_count
from wijkapp.matching.service.nothing import stop_watching, watch_for_place
from wijkapp.matching.service.post import Profile, post_request, preview, widen, withdraw
from wijkapp.matching.service.story import request_of, show, watch
from wijkapp.matching.service.triage import an_aid_is_enough
from wijkapp.matching.service.words import choices

__all__ = [
    "Able",
    "How",
    "Profile",
    "an_aid_is_enough",
    "choices",
    "choose",
    "choose_offer",
    "close_care",
    "decline",
    "hand_over",
    "index",
    "keep_open",
    "move_start",
    "offer",
    "offer_part",
    "placed_requests",
    "post_following",
    "post_request",
    "preview",
    "request_of",
    "return_placement",
    "see",
    "show",
    "split",
    "start_care",
    "stop_watching",
    "to_follow",
    "today",
    "waiting_count",
    "watch",
    "watch_for_place",
    "widen",
    "withdraw",
    "withdraw_offer",
]
