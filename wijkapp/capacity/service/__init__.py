"""What a team has free: said, confirmed, taken, given back, looked at. Other rooms use the names below."""

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
from wijkapp.capacity.service.place import NoPlaceLeft, give_back, open_place, take
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
    "Kept",
    "NoPlaceLeft",
    "Published",
    "Shown",
    "Signal",
    "confirm",
    "confirm_all",
    "figures",
    "give_back",
    "history",
    "in_wijk",
    "lights",
    "mine",
    "mine_for",
    "one_of_mine",
    "open_place",
    "publish",
    "set_full",
    "set_places",
    "take",
    "unconfirmed",
]
