"""What is kept, how long and why: one table, read by everybody at /privacy/bewaren and by the register.

The lengths are those that the rooms themselves work with. A table of the database that stands in no row, or
in two, fails the build.
"""

from datetime import date

from wijkapp.chat.rules import KEPT_AFTER_CLOSING
from wijkapp.clients.rules import KEPT_AFTER_HANDOVER, LONGEST_CONSENT
from wijkapp.clients.service.retention import AUDIT_KEPT, BREACHES_KEPT, Kept, Whose, span
from wijkapp.kit.words import lazy as _
from wijkapp.notify.jobs import LETTER_FOR, MAIL_FOR, RETIRED_FOR, TOLD_FOR
from wijkapp.oversight.rules.looks import LOOKS_KEPT
from wijkapp.people.service.invite import INVITATION_IS_GOOD_FOR
from wijkapp.people.service.sign_in import FORGET_DEVICES_AFTER, LINK_IS_GOOD_FOR
from wijkapp.rota.service.handover import KEPT_FOR as HANDOVER_KEPT

FIRST = date(2026, 11, 1)
SECOND = date(2026, 12, 1)

_PARTIES = _("Partijen van deze cliënt, ieder zover de cliënt dat goed vindt")
_REGION = _("Collega's en partners in de regio")
_HOST = _("Wie wijkapp beheert")
_LEGITIMATE = _("Gerechtvaardigd belang: samen zorg verdelen (AVG art. 6 lid 1 f)")
_STAYS = _("Blijft staan; er staat niemand met naam in")

CLIENTS = (
    Kept(
        name=_("Gegevens van een cliënt"),
        whose=Whose.CLIENT,
        tables=("client_identity", "client_handover", "client_appointment", "client_report"),
        what=_("Naam, adres en telefoon, de overdracht, afspraken en berichten. Elk veld is versleuteld."),
        why=_("De zorg overdragen en samen zorg geven"),
        basis=_("Toestemming van de cliënt (AVG art. 9 lid 2 a)"),
        ends=_(
            "%(kept)s na de overdracht, of meteen als de toestemming stopt. Nooit langer dan %(longest)s.",
            kept=span(KEPT_AFTER_HANDOVER),
            longest=span(LONGEST_CONSENT),
        ),
        how=_("De sleutel wordt vernietigd. Dan is het nergens meer te lezen, ook niet in een back-up."),
        seen_by=_PARTIES,
        since=SECOND,
    ),
    Kept(
        name=_("Toestemming van een cliënt"),
        whose=Whose.CLIENT,
        tables=("client_file", "file_party", "consent", "consent_party"),
        what=_("Een code, wat de cliënt goed vindt, voor wie en tot wanneer. Geen naam."),
        why=_("Laten zien dat er toestemming was, of dat de cliënt nee zei"),
        basis=_("Wettelijke plicht: toestemming aantonen (AVG art. 7 lid 1)"),
        ends=_("%(kept)s, net als het logboek", kept=span(AUDIT_KEPT)),
        how=_("Wie wijkapp beheert, haalt het weg"),
        seen_by=_("Partijen van deze cliënt"),
        since=SECOND,
    ),
    Kept(
        name=_("Wie keek er in cliëntgegevens?"),
        whose=Whose.STAFF,
        tables=("audit_event", "audit_head", "audit_review", "broken_glass"),
        what=_("Wie keek, schreef of werd geweigerd, wanneer, waarom en bij welke code"),
        why=_("De cliënt kan zien wie er keek; misbruik wordt gevonden"),
        basis=_("Wettelijke plicht (NEN 7513, Stcrt. 2019, 38007)"),
        ends=_("%(kept)s vanaf de dag dat de regel is geschreven", kept=span(AUDIT_KEPT)),
        how=_("Wie wijkapp beheert, haalt het weg. De app zelf kan geen regel wissen of veranderen."),
        seen_by=_("Partijen van deze cliënt, de beheerder van de organisatie, en de cliënt zelf"),
        since=SECOND,
    ),
    Kept(
        name=_("Datalekken"),
        whose=Whose.CLIENT,
        tables=("breach",),
        what=_("Wat er misging, wat er is gedaan en aan wie het is verteld. De woorden zijn versleuteld."),
        why=_("Een datalek op tijd melden en ervan leren"),
        basis=_("Wettelijke plicht (AVG art. 33 lid 5)"),
        ends=_("%(kept)s", kept=span(BREACHES_KEPT)),
        how=_("Wie wijkapp beheert, haalt het weg"),
        seen_by=_("De beheerder van de organisatie"),
        since=SECOND,
    ),
)

WORK = (
    Kept(
        name=_("Zorgvragen, aanbod en plaatsingen"),
        whose=Whose.NOBODY,
        tables=(
            "care_request",
            "ehealth_triage",
            "invitation",
            "offer",
            "placement",
            "placement_take",
            "choice",
            "choice_option",
            "place_watch",
            "asked_again",
        ),
        what=_("Welke zorg, hoeveel en in welke wijk. Nooit wie de cliënt is."),
        why=_("Zorg verdelen, en laten zien hoe dat ging"),
        basis=_LEGITIMATE,
        ends=_("Blijft staan"),
        how=_STAYS,
        seen_by=_("Wie vraagt, wie gevraagd is, en de wijkregisseur"),
        since=FIRST,
    ),
    Kept(
        name=_("Berichten tussen collega's"),
        whose=Whose.STAFF,
        tables=("thread", "thread_party", "thread_reader", "message", "mention", "acknowledgement"),
        what=_("Wat collega's elkaar schrijven. Namen van cliënten worden tegengehouden."),
        why=_("Snel overleggen over een zorgvraag of een dienst"),
        basis=_LEGITIMATE,
        ends=_(
            "%(kept)s nadat het onderwerp klaar is; een wijk mag korter afspreken",
            kept=span(KEPT_AFTER_CLOSING),
        ),
        how=_("Wordt gewist, ook van telefoons"),
        seen_by=_("Wie bij het gesprek hoort"),
        since=SECOND,
    ),
    Kept(
        name=_("Vrije plekken"),
        whose=Whose.STAFF,
        tables=(
            "capacity",
            "capacity_take",
            "capacity_change",
            "capacity_pause",
            "capacity_hold",
            "capacity_promise",
            "capacity_rhythm",
            "capacity_ask",
        ),
        what=_("Hoeveel plek een team heeft, wie dat invulde of bevestigde, en of het bleek te kloppen"),
        why=_("Laten zien waar plek is, en of dat nog klopt"),
        basis=_LEGITIMATE,
        ends=_("Zolang het team meedoet"),
        how=_("Wie wijkapp beheert, haalt het weg"),
        seen_by=_REGION,
        since=FIRST,
    ),
    Kept(
        name=_("Diensten in avond, nacht en weekend"),
        whose=Whose.STAFF,
        tables=(
            "rota_member",
            "rota_absence",
            "rota_wish",
            "rota_plan",
            "rota_target",
            "rota_exception",
            "plan_run",
            "duty",
            "duty_hold",
            "duty_swap",
            "duty_swap_ask",
            "duty_reach",
            "duty_call",
            "rota_address",
            "night_sheet",
        ),
        what=_("Wie welke dienst heeft of had, wanneer iemand niet kan (nooit waarom), en wie er belde"),
        why=_("Altijd iemand bereikbaar, en het werk eerlijk en volgens de wet verdeeld"),
        basis=_LEGITIMATE,
        ends=_("Zolang de regio samen diensten doet"),
        how=_("Wie wijkapp beheert, haalt het weg"),
        seen_by=_REGION,
        since=SECOND,
    ),
    Kept(
        name=_("Afspraken tussen organisaties"),
        whose=Whose.STAFF,
        tables=(
            "agreement",
            "agreement_wijk",
            "agreement_party",
            "agreement_signatory",
            "agreement_phase",
            "agreement_gate",
            "agreement_item",
            "agreement_check",
            "agreement_risk",
            "agreement_body",
            "agreement_seat",
            "agreement_evaluation",
            "agreement_escalation",
            "agreement_application",
        ),
        what=_("Wat is afgesproken, wie tekende, wie in een overleg zit, wat is besloten en waarom"),
        why=_("Laten zien welke organisaties samenwerken en hoe dat is besloten"),
        basis=_LEGITIMATE,
        ends=_("Blijft staan, ook als een afspraak is geëindigd"),
        how=_("Wie wijkapp beheert, haalt het weg"),
        seen_by=_("Het register: iedereen in de regio. De rest: wie meedoet, en de wijkregisseur"),
        since=SECOND,
    ),
    Kept(
        name=_("Cijfers per wijk"),
        whose=Whose.NOBODY,
        tables=("rollup_day", "rollup_week", "rollup_mark", "wijk_day", "norm_signal", "wijk_population"),
        what=_("Hoeveel zorgvragen er waren, hoe snel er aanbod kwam, en hoeveel mensen er wonen"),
        why=_("Laten zien of de samenwerking werkt"),
        basis=_LEGITIMATE,
        ends=_("Blijft staan"),
        how=_STAYS,
        seen_by=_("Wijkregisseur, verzekeraar, zorgkantoor en gemeente; kleine aantallen niet"),
        since=SECOND,
    ),
    Kept(
        name=_("Wie keek er mee in de regio?"),
        whose=Whose.STAFF,
        tables=("outsider_look",),
        what=_("Wie van een verzekeraar, zorgkantoor of gemeente welke pagina bekeek, en wanneer"),
        why=_("Aanbieders kunnen zien wie er meekijkt"),
        basis=_LEGITIMATE,
        ends=_("%(kept)s", kept=span(LOOKS_KEPT)),
        how=_("Wordt gewist"),
        seen_by=_REGION,
        since=SECOND,
    ),
    Kept(
        name=_("Overdracht van een dienst"),
        whose=Whose.STAFF,
        tables=("duty_handover",),
        what=_("Wat er speelde, wat er nog moet en waar je op let. Namen van cliënten worden tegengehouden."),
        why=_("Wie na je komt, weet wat er nog moet"),
        basis=_LEGITIMATE,
        ends=_("%(kept)s nadat het is geschreven", kept=span(HANDOVER_KEPT)),
        how=_("Wordt gewist"),
        seen_by=_("Wie de dienst had en wie daarna kwam"),
        since=SECOND,
    ),
    Kept(
        name=_("Hoe vaak tekst is tegengehouden"),
        whose=Whose.NOBODY,
        tables=("guard_count",),
        what=_("Aantallen per soort en per dag. Nooit de tekst."),
        why=_("Weten of de controle goed werkt"),
        basis=_LEGITIMATE,
        ends=_("Blijft staan"),
        how=_STAYS,
        seen_by=_HOST,
        since=SECOND,
    ),
)

PEOPLE = (
    Kept(
        name=_("Accounts"),
        whose=Whose.STAFF,
        tables=("account", "account_role", "passkey", "contact_person"),
        what=_(
            "Naam, werkmail, werktelefoon, functie, rollen, BIG-nummer als je dat invult, en hoe je inlogt"
        ),
        why=_("Inloggen, en weten wie je kunt bellen"),
        basis=_LEGITIMATE,
        ends=_("Zolang je met wijkapp werkt; je naam blijft staan bij wat je deed"),
        how=_("De beheerder van je organisatie sluit het account"),
        seen_by=_REGION,
        since=FIRST,
    ),
    Kept(
        name=_("Apparaten"),
        whose=Whose.STAFF,
        tables=("device", "push_subscription"),
        what=_("Waar je bent ingelogd en waar meldingen komen, zoals Chrome op Android"),
        why=_("Je ingelogd houden, en een kwijtgeraakt apparaat uitloggen"),
        basis=_LEGITIMATE,
        ends=_(
            "%(device)s nadat je het apparaat voor het laatst gebruikte; meldingen %(push)s na afmelden",
            device=span(FORGET_DEVICES_AFTER),
            push=span(RETIRED_FOR),
        ),
        how=_("Wordt gewist"),
        seen_by=_("Alleen jij"),
        since=FIRST,
    ),
    Kept(
        name=_("Links en uitnodigingen"),
        whose=Whose.STAFF,
        tables=("log_in_link", "account_invitation", "letter", "posted_mail"),
        what=_("Naar welk adres een link ging, en of hij is gebruikt"),
        why=_("Veilig inloggen en collega's uitnodigen"),
        basis=_LEGITIMATE,
        ends=_(
            "Een inloglink werkt %(link)s, een uitnodiging %(invitation)s; mail wordt na %(letter)s gewist, "
            "de eigen postbus na %(mail)s",
            link=span(LINK_IS_GOOD_FOR),
            invitation=span(INVITATION_IS_GOOD_FOR),
            letter=span(LETTER_FOR),
            mail=span(MAIL_FOR),
        ),
        how=_("Wordt gewist, of werkt niet meer"),
        seen_by=_HOST,
        since=FIRST,
    ),
    Kept(
        name=_("Meldingen"),
        whose=Whose.STAFF,
        tables=("event", "delivery"),
        what=_("Dat je een melding kreeg, wanneer en op welk apparaat. Niet wat erin stond."),
        why=_("Weten of een melding is aangekomen"),
        basis=_LEGITIMATE,
        ends=_("%(kept)s", kept=span(TOLD_FOR)),
        how=_("Wordt gewist"),
        seen_by=_HOST,
        since=FIRST,
    ),
    Kept(
        name=_("Sociale kaart"),
        whose=Whose.NOBODY,
        tables=(
            "organisation",
            "region",
            "region_organisation",
            "wijk",
            "wijk_neighbour",
            "postcode",
            "care_product",
            "skill",
            "insurer",
            "team",
            "terms_version",
            "rota_terms_version",
        ),
        what=_("Organisaties, teams, wijken en postcodes"),
        why=_("Weten wie waar welke zorg geeft"),
        basis=_LEGITIMATE,
        ends=_("Zolang de organisatie meedoet"),
        how=_("Wie wijkapp beheert, haalt het weg"),
        seen_by=_REGION,
        since=FIRST,
    ),
)

KEPT: tuple[Kept, ...] = (*CLIENTS, *WORK, *PEOPLE)
