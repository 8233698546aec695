"""What people read when something happened to a duty, or one is asked about. On a locked screen: no names."""

from datetime import timedelta

from wijkapp.kit.words import lazy as _
from wijkapp.notify.saying import LIVE_ONLY, PUSH_ELSE_MAIL, Haste, Wording

DUTY = "/dienst/{about}"
SWAP = "/dienst/ruilen/{about}"

ROTA: dict[str, Wording] = {
    # To whom it concerns when a duty goes from one to another.
    "rota.duty_given": Wording(
        title=_("Je hebt een dienst erbij"),
        sentence=_("Je hebt een dienst gekregen. Kijk wanneer."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=12),
    ),
    "rota.duty_gone": Wording(
        title=_("Een dienst is van jou af"),
        sentence=_("Een dienst van jou is nu van iemand anders. Je hoeft die niet te doen."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=12),
    ),
    # To whoever is on duty, soon or now; quiet hours hold none of it back.
    "rota.reach_test": Wording(
        title=_("Komt dit bericht aan?"),
        sentence=_("Je hebt straks dienst. Met dit bericht kijken we of meldingen bij je aankomen."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=4),
    ),
    "rota.in_an_hour": Wording(
        title=_("Over een uur heb je dienst"),
        sentence=_("Je dienst begint over een uur. Kun je niet? Laat het nu een collega overnemen."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=1),
    ),
    "rota.backup_soon": Wording(
        title=_("Over een uur ben je achterwacht"),
        sentence=_("Houd je telefoon bij je. Je wordt gebeld als de eerste er niet is."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        ttl=timedelta(hours=2),
    ),
    "rota.be_there": Wording(
        title=_("Je dienst begint"),
        sentence=_("Je dienst begint nu. Meld je aan, dan weet iedereen dat je er bent."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(minutes=30),
    ),
    "rota.missed": Wording(
        title=_("Je bent nog niet aangemeld"),
        sentence=_("Je dienst is begonnen en je bent niet aangemeld. Anderen worden nu gebeld."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(minutes=30),
    ),
    "rota.step_in": Wording(
        title=_("Kun je inspringen?"),
        sentence=_("Niemand meldde zich aan voor deze dienst. Jij bent achterwacht: kun jij het doen?"),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(minutes=30),
    ),
    "rota.solved": Wording(
        title=_("Er is iemand op dienst"),
        sentence=_("De dienst waar niemand voor was, is nu bezet. Je hoeft niets meer te doen."),
        path=DUTY,
        haste=Haste.HIGH,
        ttl=timedelta(hours=1),
    ),
    # To those who plan, and to the coordinators.
    "rota.nobody_there": Wording(
        title=_("Niemand op dienst"),
        sentence=_(
            "Een dienst is begonnen en niemand meldde zich. Bel wie er dienst heeft of de achterwacht."
        ),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=2),
    ),
    "rota.open_soon": Wording(
        title=_("Een dienst van straks is open"),
        sentence=_("Binnen een dag begint een dienst die niemand heeft. Vraag iemand."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=12),
    ),
    "rota.not_reached": Wording(
        title=_("Iemand op dienst is niet bereikt"),
        sentence=_("Onze berichten kwamen niet aan bij iemand die straks dienst heeft. Bel even."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=8),
    ),
    # Between who leaves and who comes.
    "rota.handover_due": Wording(
        title=_("Je dienst is bijna klaar"),
        sentence=_("Schrijf de overdracht voor wie na je komt. Het zijn drie vragen."),
        path="/dienst/{about}/overdracht",
        haste=Haste.NORMAL,
        ttl=timedelta(hours=2),
    ),
    "rota.no_handover": Wording(
        title=_("Nog geen overdracht"),
        sentence=_("Van de vorige dienst is er nog geen overdracht. Bel elkaar even."),
        path=DUTY,
        ttl=timedelta(hours=4),
    ),
    "rota.handover_ready": Wording(
        title=_("Overdracht voor jou"),
        sentence=_("De overdracht van de dienst voor jou staat klaar. Lees hem en bevestig dat."),
        path="/dienst/{about}/overdracht",
        channels=PUSH_ELSE_MAIL,
    ),
    "rota.handover_confirmed": Wording(
        title=_("Overdracht gelezen"),
        sentence=_("Wie na je komt, heeft je overdracht gelezen."),
        path="/dienst/{about}/overdracht",
        haste=Haste.LOW,
    ),
    "rota.handover_unread": Wording(
        title=_("Overdracht niet gelezen"),
        sentence=_("De overdracht van een dienst is nog niet bevestigd. Kijk of de volgende er is."),
        path=DUTY,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    # To whom it is about: a planner wrote down when they cannot.
    "rota.cannot": Wording(
        title=_("Er staat dat je niet kunt"),
        sentence=_("Een planner gaf door dat je een tijd geen dienst kunt doen. Kijk of het klopt."),
        path="/dienst/beschikbaar",
        channels=PUSH_ELSE_MAIL,
        haste=Haste.LOW,
    ),
    # To whoever plans, and to all when a rota stands.
    "rota.proposed": Wording(
        title=_("Er ligt een voorstel voor het rooster"),
        sentence=_("De app is klaar met rekenen. Kijk of je het voorstel overneemt."),
        path="/dienst/plannen/{about}",
    ),
    "rota.plan_failed": Wording(
        title=_("Het rooster maken is niet gelukt"),
        sentence=_(
            "Er ging iets mis tijdens het rekenen. Het rooster is zoals het was. Probeer het opnieuw."
        ),
        path="/dienst/plannen/{about}",
    ),
    "rota.published": Wording(
        title=_("Er is een nieuw rooster"),
        sentence=_("Het rooster voor avond, nacht en weekend staat vast. Kijk wanneer je dienst hebt."),
        path="/dienst/plannen/{about}/voor-mij",
        channels=PUSH_ELSE_MAIL,
    ),
    # To those who plan: somebody stopped, and had duties in this rota.
    "rota.left_open": Wording(
        title=_("Er staan diensten open"),
        sentence=_("Iemand doet niet meer mee en had nog diensten in het rooster. Zoek daar iemand voor."),
        path="/dienst/plannen/{about}",
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=12),
    ),
    # To those who lawfully can take a duty that is asked.
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
