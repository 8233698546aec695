"""What people read when something happened to a duty. On a locked screen: no names, no places."""

from datetime import timedelta

from wijkapp.kit.words import lazy as _
from wijkapp.notify.saying import PUSH_ELSE_MAIL, Haste, Wording

DUTY = "/dienst/{about}"

ROTA: dict[str, Wording] = {
    # To whom it concerns when a duty goes from one to another.
    "rota.duty_given": Wording(
        title=_("Je hebt een dienst erbij"),
        sentence=_("Er staat een dienst op jouw naam. Kijk wanneer."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=12),
    ),
    "rota.duty_gone": Wording(
        title=_("Een dienst is van jou af"),
        sentence=_("Iemand anders heeft een dienst die op jouw naam stond. Je hoeft die niet te doen."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=12),
    ),
}
