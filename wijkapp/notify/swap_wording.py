"""What people read when a duty is asked of them, or of others for them. On a locked screen: no names."""

from datetime import timedelta

from wijkapp.kit.words import lazy as _
from wijkapp.notify.saying import LIVE_ONLY, PUSH_ELSE_MAIL, Haste, Wording

SWAP = "/dienst/ruilen/{about}"

SWAPS: dict[str, Wording] = {
    # To those who lawfully can.
    "rota.swap_asked": Wording(
        title=_("Kun jij een dienst overnemen?"),
        sentence=_("Een collega zoekt iemand voor een dienst. Jij mag hem nemen. Kijk of het lukt."),
        path=SWAP,
        channels=PUSH_ELSE_MAIL,
        ttl=timedelta(hours=12),
    ),
    "rota.swap_asked_again": Wording(
        title=_("Nog iemand nodig voor een dienst"),
        sentence=_("Er is nog niemand voor een dienst die jij mag nemen. Wil je antwoorden?"),
        path=SWAP,
        channels=PUSH_ELSE_MAIL,
        ttl=timedelta(hours=6),
    ),
    "rota.swap_taken": Wording(
        title=_("Een collega was je voor"),
        sentence=_("De dienst waar je voor gevraagd was, is overgenomen. Je hoeft niets te doen."),
        path=SWAP,
        haste=Haste.LOW,
        ttl=timedelta(hours=6),
    ),
    "rota.swap_withdrawn": Wording(
        title=_("Vraag ingetrokken"),
        sentence=_("Een vraag over een dienst is ingetrokken. Alles blijft zoals het in het rooster staat."),
        path=SWAP,
    ),
    # To who has the duty, and who asked.
    "rota.swap_for_you": Wording(
        title=_("De planner zoekt een ander voor je dienst"),
        sentence=_("Tot iemand ja zegt, heb jij de dienst nog. Wil je hem houden? Trek de vraag dan in."),
        path=SWAP,
        channels=PUSH_ELSE_MAIL,
    ),
    "rota.swap_answered": Wording(
        title=_("Antwoord op je vraag"),
        sentence=_("Een collega antwoordde op je vraag over een dienst."),
        path=SWAP,
        channels=LIVE_ONLY,
    ),
    "rota.swap_no": Wording(
        title=_("Nog niemand voor de dienst"),
        sentence=_("Iedereen die gevraagd is, kan niet. De dienst blijft staan zoals hij stond. Bel elkaar."),
        path=SWAP,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "rota.swap_lapsed": Wording(
        title=_("Niemand nam de dienst over"),
        sentence=_("De dienst blijft staan zoals hij stond. Lukt dat echt niet? Bel dan nu de planner."),
        path=SWAP,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "rota.swap_refused": Wording(
        title=_("Ruil niet goedgekeurd"),
        sentence=_("De planner keurde een ruil af. De dienst blijft van wie hem had."),
        path=SWAP,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "rota.swap_agreed": Wording(
        title=_("Er is iemand voor de dienst"),
        sentence=_("Een collega neemt de dienst waar je iemand voor zocht."),
        path=SWAP,
    ),
    # To who plans.
    "rota.swap_to_approve": Wording(
        title=_("Een ruil wacht op jou"),
        sentence=_("Twee collega's willen ruilen. Keur het goed of af."),
        path=SWAP,
        channels=PUSH_ELSE_MAIL,
    ),
}
