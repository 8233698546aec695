"""What a team has free: said, confirmed, taken, given back, looked at. Other rooms use the names below."""

from wijkapp.capacity.service.hold import held, hold, release
from wijkapp.capacity.service.look import (
    Figure,
    Kept,
    Shown,
    Signal,
    figures,
    history,
    in_wijk,
    lights,
    mine,
    mine_for,
    one_of_mine,
    unconfirmed,
)
from wijkapp.capacity.service.opening import Opening, next_opening
from wijkapp.capacity.service.pause import Pause, coming, pause, pauses, resume
from wijkapp.capacity.service.place import NoPlaceLeft, give_back, open_place, take
from wijkapp.capacity.service.promise import HitRate, answered, asked, correct, hit_rate
from wijkapp.capacity.service.publish import (
    NOT_THERE,
    ChangedMeanwhile,
    Published,
    confirm,
    confirm_all,
    publish,
    set_full,
    set_places,
)

__all__ = [
    "NOT_THERE",
    "ChangedMeanwhile",
    "Figure",
    "HitRate",
    "Kept",
    "NoPlaceLeft",
    "Opening",
    "Pause",
    "Published",
    "Shown",
    "Signal",
    "answered",
    "asked",
    "coming",
    "confirm",
    "confirm_all",
    "correct",
    "figures",
    "give_back",
    "held",
    "history",
    "hit_rate",
    "hold",
    "in_wijk",
    "lights",
    "mine",
    "mine_for",
    "next_opening",
    "one_of_mine",
    "open_place",
    "pause",
    "pauses",
    "publish",
    "release",
    "resume",
    "set_full",
    "set_places",
    "take",
    "unconfirmed",
]
