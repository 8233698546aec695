"""What can happen to a care request: one function is one transaction."""

from wijkapp.matching.service.answer import decline, offer, see, withdraw_offer
from wijkapp.matching.service.choose import choose_offer, close_care, hand_over, return_placement, start_care
from wijkapp.matching.service.lists import index, placed_requests, today, waiting_count
from wijkapp.matching.service.post import Profile, post_request, preview, widen, withdraw
from wijkapp.matching.service.story import request_of, show, watch
from wijkapp.matching.service.words import choices

__all__ = [
    "Profile",
    "choices",
    "choose_offer",
    "close_care",
    "decline",
    "hand_over",
    "index",
    "offer",
    "placed_requests",
    "post_request",
    "preview",
    "request_of",
    "return_placement",
    "see",
    "show",
    "start_care",
    "today",
    "waiting_count",
    "watch",
    "widen",
    "withdraw",
    "withdraw_offer",
]
