"""What people read when something happened: one table, event -> words, page, channels.

A locked screen may be read by anybody, so no sentence names a person or says what care it is about.
"""

from datetime import timedelta

from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _
from wijkapp.notify.rota_wording import ROTA
from wijkapp.notify.saying import LIVE_ONLY, PUSH_ELSE_MAIL, Haste, Wording

REQUEST = "/zorgvragen/{about}"
THREAD = "/berichten/{about}"
FILE = "/clienten/{about}"

WORDINGS: dict[str, Wording] = {
    # To the providers that are asked.
    "matching.asked": Wording(
        title=_("Nieuwe zorgvraag"),
        sentence=_("Nieuwe zorgvraag in jullie wijk. Kun je hem aannemen?"),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=8),
    ),
    "matching.asked_today": Wording(
        title=_("Zorgvraag voor vandaag"),
        sentence=_("Er is vandaag nog zorg nodig in jullie wijk. Kun je snel antwoorden?"),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=4),
    ),
    "matching.placed": Wording(
        title=_("Jullie zijn gekozen"),
        sentence=_("De cliënt koos voor jullie. Bekijk de afspraken en bel de vrager."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "matching.not_chosen": Wording(
        title=_("Zorgvraag geplaatst"),
        sentence=_("De cliënt koos een ander aanbod. Dank dat jullie meededen."),
        path=REQUEST,
        haste=Haste.LOW,
    ),
    "matching.withdrawn": Wording(
        title=_("Zorgvraag ingetrokken"),
        sentence=_("Een zorgvraag is ingetrokken. Je hoeft niets meer te doen."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
    ),
    "matching.reopened": Wording(
        title=_("Zorgvraag weer open"),
        sentence=_("Een zorgvraag staat weer open. Kunnen jullie hem nu aannemen?"),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=8),
    ),
    "matching.asked_again": Wording(
        title=_("De wijkregisseur vraagt jullie iets"),
        sentence=_("Misschien kunnen jullie een zorgvraag aannemen die al even wacht. Kijk je nog eens?"),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=8),
    ),
    # To the one who asked.
    "matching.seen": Wording(
        title=_("Zorgvraag gezien"),
        sentence=_("Een aanbieder heeft je zorgvraag gezien."),
        path=REQUEST,
        channels=LIVE_ONLY,
    ),
    "matching.offered": Wording(
        title=_("Er is een aanbod"),
        sentence=_("Een aanbieder kan je zorgvraag aannemen. Bespreek het met de cliënt."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "matching.choice_waits": Wording(
        title=_("Er ligt een aanbod te wachten"),
        sentence=_("De tijd om te antwoorden is om. Bespreek het aanbod met de cliënt en leg de keuze vast."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
    ),
    "matching.declined": Wording(
        title=_("Een aanbieder kan niet"),
        sentence=_("Een aanbieder kan je zorgvraag niet aannemen."),
        path=REQUEST,
        channels=LIVE_ONLY,
    ),
    "matching.offer_withdrawn": Wording(
        title=_("Aanbod ingetrokken"),
        sentence=_("Een aanbieder trok het aanbod op je zorgvraag in."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "matching.part_returned": Wording(
        title=_("Een deel gaat niet door"),
        sentence=_("Een aanbieder kan zijn deel toch niet doen. Dat deel is opnieuw gevraagd."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "matching.takeover_asked": Wording(
        title=_("Overname gevraagd"),
        sentence=_("Een aanbieder vraagt of een ander de zorg kan overnemen die jij aanvroeg."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
    ),
    "matching.backup_asked": Wording(
        title=_("Achterwacht gevraagd"),
        sentence=_("Een aanbieder vraagt tijdelijk achterwacht voor zorg die jij aanvroeg."),
        path=REQUEST,
    ),
    "matching.more_asked": Wording(
        title=_("Er is meer zorg nodig"),
        sentence=_("Een aanbieder vraagt meer zorg bij een zorgvraag van jou."),
        path=REQUEST,
    ),
    "matching.place_opened": Wording(
        title=_("Er is een plek vrij"),
        sentence=_("Er kwam een plek vrij voor een zorgvraag waar niemand voor kon. Kijk of het past."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "matching.start_moved": Wording(
        title=_("Andere startdatum"),
        sentence=_("De vrager veranderde de startdatum van een zorgvraag. Kijk of het nog kan."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "matching.all_answered": Wording(
        title=_("Iedereen heeft geantwoord"),
        sentence=_("Alle aanbieders hebben op je zorgvraag geantwoord. Bekijk wat je nu kunt doen."),
        path=REQUEST,
    ),
    "matching.widened": Wording(
        title=_("Zorgvraag breder verstuurd"),
        sentence=_("Je zorgvraag is nu ook naar andere aanbieders gestuurd."),
        path=REQUEST,
    ),
    "matching.returned": Wording(
        title=_("Plaatsing gaat niet door"),
        sentence=_("Een plaatsing gaat toch niet door. Kijk wat er nu kan."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    # To whoever follows it.
    "matching.status": Wording(
        title=_("Zorgvraag bijgewerkt"),
        sentence=_("Er is een stap gezet bij een zorgvraag die je volgt."),
        path=REQUEST,
        haste=Haste.LOW,
    ),
    "matching.unanswered": Wording(
        title=_("Niemand kon helpen"),
        sentence=_("Een zorgvraag heeft nog geen aanbod. Kijk mee wat er nu kan."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "matching.to_coordinator": Wording(
        title=_("Niemand kon helpen"),
        sentence=_("Een zorgvraag in je regio heeft nog geen aanbod. Kijk mee wat er nu kan."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "matching.outside": Wording(
        title=_("Zorg gevonden buiten het netwerk"),
        sentence=_("De wijkregisseur vond zorg voor je cliënt bij een ander. Kijk waar."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
    ),
    "matching.unfillable": Wording(
        title=_("Zorgvraag niet plaatsbaar"),
        sentence=_("Voor een zorgvraag is niemand gevonden. De wijkregisseur kijkt wat er nog kan."),
        path=REQUEST,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    # About an agreement between organisations.
    "agreements.asked_to_join": Wording(
        title=_("Iemand wil aansluiten"),
        sentence=_(
            "Een organisatie vraagt om mee te doen aan een afspraak, of is het niet eens met een nee."
        ),
        path="/afspraken/{about}/aansluiten",
    ),
    "agreements.join_answered": Wording(
        title=_("Antwoord op jullie vraag"),
        sentence=_("Er is besloten of jullie aan een afspraak kunnen meedoen. Lees waarom."),
        path="/afspraken/{about}/aansluiten",
        channels=PUSH_ELSE_MAIL,
    ),
    "agreements.reopened": Wording(
        title=_("De partijen van een afspraak zijn veranderd"),
        sentence=_("Punten, toetsen en besluiten die van de partijen afhangen, staan weer open. Kijk welke."),
        path="/afspraken/{about}",
    ),
    "agreements.evaluation_due": Wording(
        title=_("Een evaluatie komt eraan"),
        sentence=_("Binnenkort kijken jullie samen of een afspraak werkt. Bereid het voor."),
        path="/afspraken/{about}",
        channels=PUSH_ELSE_MAIL,
    ),
    "agreements.to_sign": Wording(
        title=_("Er ligt iets om te tekenen"),
        sentence=_("Een document van een afspraak wacht op jouw handtekening. Lees wat nieuw is, en teken."),
        path="/afspraken/{about}/documenten",
        channels=PUSH_ELSE_MAIL,
    ),
    "agreements.forbidden": Wording(
        title=_("Tekenen kan nu niet"),
        sentence=_(
            "De mededingingstoets zegt dat een afspraak zo niet mag. Wat al getekend is, gaat zo niet gelden."
        ),
        path="/afspraken/{about}/toetsen/competition",
        channels=PUSH_ELSE_MAIL,
    ),
    "agreements.in_force": Wording(
        title=_("Iedereen heeft getekend"),
        sentence=_("Een document van een afspraak is door alle partijen getekend en geldt nu."),
        path="/afspraken/{about}/documenten",
        channels=PUSH_ELSE_MAIL,
    ),
    "oversight.norm_missed": Wording(
        title=_("De afgesproken tijd wordt niet gehaald"),
        sentence=_("In een wijk in je regio komt aanbod al weken te laat. Bekijk het signaal."),
        path="/regio/signalen",
    ),
    "oversight.step_due": Wording(
        title=_("Er is een stap aan de beurt"),
        sentence=_("In een wijk komt aanbod al weken te laat. Jullie spraken af wat er nu gebeurt."),
        path="/afspraken/{about}/overleg",
        channels=PUSH_ELSE_MAIL,
    ),
    "oversight.onlookers": Wording(
        title=_("Wie mag meekijken, is veranderd"),
        sentence=_("In jullie regio mag een organisatie erbij meekijken, of niet meer. Bekijk welke."),
        path="/regio/wie-keek-mee",
        channels=PUSH_ELSE_MAIL,
    ),
    "oversight.may_look": Wording(
        title=_("Je kunt meekijken in een regio"),
        sentence=_("De wijkregisseur nodigde jullie uit. Je ziet opgetelde cijfers en de afspraken."),
        path="/regio/overzicht",
        channels=PUSH_ELSE_MAIL,
    ),
    # Messages between colleagues. What was said is never in a push or a mail.
    "chat.said": Wording(
        title=_("Nieuw bericht"),
        sentence=_("Er is een nieuw bericht van een collega in je regio."),
        path=THREAD,
    ),
    "chat.mentioned": Wording(
        title=_("Bericht voor jou"),
        sentence=_("Een collega noemt je in een bericht."),
        path=THREAD,
        channels=PUSH_ELSE_MAIL,
    ),
    "chat.priority": Wording(
        title=_("Bericht met spoed"),
        sentence=_("Een collega wacht op je. Lees het bericht en bevestig dat je het gezien hebt."),
        path=THREAD,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
        ttl=timedelta(hours=1),  # it rings again as long as nobody confirms
    ),
    "chat.wiped": Wording(
        title=_("Gesprek verwijderd"),
        sentence=_("Een gesprek is verwijderd, omdat de bewaartijd om is."),
        path="/berichten",
        channels=LIVE_ONLY,
    ),
    # With two buttons and the figures themselves (asking.py): what the team published, nothing of a client.
    "capacity.remind": Wording(
        title=_("Klopt dit nog?"),
        sentence=_("Jullie vrije plekken zijn een tijd niet bevestigd. Kloppen ze nog?"),
        path="/capaciteit",
        channels=PUSH_ELSE_MAIL,
        ttl=timedelta(hours=10),
    ),
    "capacity.taken": Wording(
        title=_("Capaciteit bijgewerkt"),
        sentence=_("Door een plaatsing is jullie vrije capaciteit veranderd."),
        path="/capaciteit",
        channels=LIVE_ONLY,
    ),
    # To the parties of a client's file. That something happened; never what, and never about whom.
    "clients.consented": Wording(
        title=_("Toestemming vastgelegd"),
        sentence=_("De cliënt gaf toestemming. Je kunt nu de gegevens zien die voor jullie zijn."),
        path=FILE,
        channels=PUSH_ELSE_MAIL,
    ),
    "clients.refused": Wording(
        title=_("Cliënt zei nee"),
        sentence=_("Een cliënt weigerde of maakte bezwaar. Kijk wat je nog mag zien."),
        path=FILE,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "clients.withdrawn": Wording(
        title=_("Toestemming ingetrokken"),
        sentence=_("Een cliënt trok de toestemming in. De gegevens zijn niet meer te zien."),
        path=FILE,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "clients.ended": Wording(
        title=_("Cliëntgegevens vernietigd"),
        sentence=_("De gegevens van een cliënt zijn vernietigd, omdat ze niet langer nodig zijn."),
        path=FILE,
        haste=Haste.LOW,
    ),
    "clients.handover": Wording(
        title=_("Overdracht geschreven"),
        sentence=_("Er staat een overdracht voor je klaar."),
        path=FILE,
    ),
    "clients.report": Wording(
        title=_("Nieuw bericht over een cliënt"),
        sentence=_("Er staat een nieuw bericht bij een cliënt die jullie delen."),
        path=FILE,
    ),
    "clients.glass": Wording(
        title=_("Noodtoegang gebruikt"),
        sentence=_("Iemand opende in een noodgeval gegevens van een cliënt. Kijk of dat terecht was."),
        path=FILE,
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "clients.changed": Wording(
        title=_("Cliëntgegevens bijgewerkt"),
        sentence=_("Er is iets veranderd bij een cliënt die jullie delen."),
        path=FILE,
        channels=LIVE_ONLY,
    ),
    "clients.breach_due": Wording(
        title=_("Een datalek wacht"),
        sentence=_("De 72 uur om een datalek te melden zijn bijna om, of al voorbij. Kijk wat er nog moet."),
        path="/privacy/datalekken/{about}",
        channels=PUSH_ELSE_MAIL,
        haste=Haste.HIGH,
    ),
    "people.member_joined": Wording(
        title=_("Nieuwe collega"),
        sentence=_("Een collega heeft de uitnodiging aangenomen."),
        path="/organisatie",
        haste=Haste.LOW,
    ),
    "people.paper_ends": Wording(
        title=_("Een bewijs loopt af"),
        sentence=_("Een vergunning, certificaat of verzekering van jullie organisatie loopt bijna af."),
        path="/organisatie/bewijzen",
        channels=PUSH_ELSE_MAIL,
    ),
    "notify.test": Wording(
        title=_("Proefmelding"),
        sentence=_("Het werkt: meldingen komen aan op dit apparaat."),
        path="/meldingen",
        haste=Haste.HIGH,
        ttl=timedelta(minutes=10),
        one_device=True,
    ),
    **ROTA,
}
"""Event -> how it is told. A test holds that every event a room records stands here."""


def mail(words: Wording, link: str) -> tuple[str, str]:
    """Subject and text of the mail that tells this, in the language in force."""
    text = gettext(
        "%(sentence)s\n\nBekijk het in wijkapp:\n%(link)s\n\n"
        "Je krijgt deze mail omdat er geen apparaat is waar meldingen aankomen.",
        sentence=str(words.sentence),
        link=link,
    )
    return str(words.title), text
