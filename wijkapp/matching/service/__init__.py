"""What can happen to a care request: one function is one transaction."""

from wijkapp.matching.service.answer import decline, offer, see, withdraw_offer
from wijkapp.matching.service.choose import choose_offer, close_care, hand_over, return_placement, start_care
from wijkapp.matching.service.follow import choices, index, request_of, show, today, waiting_count, watch
from wijkapp.matching.service.post import Profile, post_request, preview, widen, withdraw

__all__ = [
    "Profile",
    "choices",
    "choose_offer",
    "close_care",
    "decline",
    "hand_over",
    "index",
    "offer",
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
