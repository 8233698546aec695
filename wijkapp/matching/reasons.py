"""Every code of the journey as a sentence or word in Dutch B1."""

from wijkapp.agreements.rules import Urgency
from wijkapp.kit.words import lazy as _
from wijkapp.matching.ehealth import Aid, EhealthReason
from wijkapp.matching.ranking import Reason
from wijkapp.matching.rare import Where
from wijkapp.matching.rules import (
    Answer,
    Chooser,
    DeclineReason,
    Ehealth,
    Gender,
    OutsideWhere,
    RequestStatus,
    ReturnReason,
    UnfillableReason,
    WithdrawReason,
)

REASONS = {
    Reason.FITS: _("heeft plek op alle momenten"),
    Reason.ROOM: _("heeft plek, op welke momenten is niet ingevuld"),
    Reason.FITS_PARTLY: _("heeft plek, maar niet op alle momenten"),
    Reason.OPENS_LATER: _("heeft pas later plek"),
    Reason.UNCONFIRMED: _("cijfer is al een tijd niet bevestigd"),
    Reason.NO_FIGURE: _("heeft nog geen capaciteit ingevuld"),
    Reason.IN_WIJK: _("werkt in deze wijk"),
    Reason.NEIGHBOUR: _("werkt in een wijk ernaast"),
    Reason.IN_REGION: _("werkt verderop in de regio"),
    Reason.SPEAKS: _("spreekt de gevraagde taal"),
    Reason.CONTRACT: _("heeft een contract met de verzekeraar"),
    Reason.NO_CONTRACT: _("heeft geen contract met de verzekeraar"),
    Reason.PROPOSED: _("de wijkregisseur vroeg hier nog eens naar te kijken"),
    Reason.FULL: _("niet gevraagd: zit vol"),
    Reason.CLOSED: _("niet gevraagd: neemt nu even niemand aan"),
    Reason.NOT_OFFERED: _("niet gevraagd: geeft deze zorg niet"),
    Reason.SKILL_MISSING: _("niet gevraagd: heeft deze deskundigheid niet"),
    Reason.LEVEL_TOO_LOW: _("niet gevraagd: heeft het gevraagde niveau niet"),
    Reason.NEXT_ROUND: _("komt in de volgende ronde aan de beurt"),
    Reason.NEXT_WAVE: _("krijgt een melding als er nog geen aanbod is"),
    Reason.QUIET: _("krijgt een melding als de stille uren voorbij zijn"),
    Reason.NOBODY_TO_REACH: _("niet gevraagd: heeft geen contactpersoon"),
    Reason.ASKS_ITSELF: _("is zelf de vrager"),
}

URGENCIES = {
    Urgency.TODAY: _("Vandaag"),
    Urgency.DAY: _("Binnen 24 uur"),
    Urgency.THREE_WORKDAYS: _("Binnen 3 werkdagen"),
    Urgency.PLANNED: _("Op datum"),
}

DECLINES = {
    DeclineReason.NO_ROOM: _("Geen plek"),
    DeclineReason.NO_ROOM_THEN: _("Geen plek op deze momenten"),
    DeclineReason.NO_SKILL: _("Niemand met deze deskundigheid"),
    DeclineReason.TOO_FAR: _("Te ver weg"),
    DeclineReason.START_TOO_SOON: _("Kan niet zo snel starten"),
    DeclineReason.NO_CONTRACT: _("Geen contract met de verzekeraar"),
}

WITHDRAWALS = {
    WithdrawReason.NOT_NEEDED: _("Zorg is niet meer nodig"),
    WithdrawReason.ADMITTED: _("Cliënt is opgenomen"),
    WithdrawReason.SOLVED_ELSEWHERE: _("Al geregeld op een andere manier"),
    WithdrawReason.MISTAKE: _("Vergissing"),
}

OUTSIDE = {
    OutsideWhere.OTHER_REGION: _("Aanbieder in een andere regio"),
    OutsideWhere.NOT_IN_NETWORK: _("Aanbieder die niet met wijkapp werkt"),
    OutsideWhere.SHORT_STAY: _("Eerstelijnsverblijf"),
    OutsideWhere.HOSPITAL: _("Ziekenhuis"),
    OutsideWhere.FAMILY: _("Mantelzorg"),
    OutsideWhere.MUNICIPALITY: _("Gemeente (Wmo)"),
    OutsideWhere.ELSEWHERE: _("Ergens anders"),
}

RETURNS = {
    ReturnReason.PROVIDER_CANNOT: _("Aanbieder kan toch niet"),
    ReturnReason.CLIENT_CHANGED: _("Cliënt wil toch een ander"),
}

UNFILLABLE = {
    UnfillableReason.NOBODY_GIVES_THIS: _("Niemand in de regio geeft deze zorg"),
    UnfillableReason.ALL_FULL: _("Iedereen zit vol"),
    UnfillableReason.NOT_AT_THESE_MOMENTS: _("Niemand heeft plek op deze momenten"),
    UnfillableReason.NO_CONTRACT: _("Niemand heeft een contract met de verzekeraar"),
    UnfillableReason.NO_ANSWER: _("De meeste aanbieders gaven geen antwoord"),
    UnfillableReason.NO_FITTING_OFFER: _("Er was aanbod, maar het paste niet"),
}

EHEALTH = {
    Ehealth.NOT_SUITABLE: _("Nee, past niet"),
    Ehealth.PARTLY: _("Ja, deels"),
    Ehealth.SUFFICIENT: _("Ja, helemaal"),
}

NO_EHEALTH = {
    EhealthReason.DOES_NOT_FIT: _("past niet bij deze zorg"),
    EhealthReason.CANNOT: _("lukt de cliënt niet"),
    EhealthReason.REFUSES: _("wil de cliënt niet"),
    EhealthReason.IN_USE: _("is er al"),
}

AIDS = {
    Aid.DISPENSER: _("medicijndispenser"),
    Aid.SCREEN_CARE: _("beeldzorg"),
    Aid.STOCKING_AID: _("steunkousenhulp"),
    Aid.EYE_DROP_AID: _("druppelbril"),
    Aid.SENSOR_GLUCOSE: _("glucosesensor"),
    Aid.WOUND_APP: _("wondapp met foto"),
    Aid.DAY_CLOCK: _("dagklok of herinnering"),
    Aid.ALARM: _("alarmering of sensoren"),
    Aid.SHOWER_AID: _("douchehulp"),
    Aid.TELEMONITORING: _("thuis meten"),
    Aid.EHEALTH_COURSE: _("zelf leren, met filmpjes"),
}

WHERE = {Where.PC4: _("Vier cijfers"), Where.WIJK: _("De wijk"), Where.MUNICIPALITY: _("De gemeente")}

CHOOSERS = {Chooser.CLIENT: _("De cliënt"), Chooser.REPRESENTATIVE: _("De vertegenwoordiger")}

GENDERS = {Gender.WOMAN: _("Vrouw"), Gender.MAN: _("Man")}

STATUSES = {
    RequestStatus.DRAFT: _("concept"),
    RequestStatus.TRIAGE: _("e-health bekijken"),
    RequestStatus.OPEN: _("wacht op aanbod"),
    RequestStatus.OFFERED: _("er is aanbod"),
    RequestStatus.MATCHED: _("geplaatst"),
    RequestStatus.HANDED_OVER: _("overgedragen"),
    RequestStatus.IN_CARE: _("in zorg"),
    RequestStatus.CLOSED: _("afgerond"),
    RequestStatus.ON_HOLD: _("wacht op informatie"),
    RequestStatus.WITHDRAWN: _("ingetrokken"),
    RequestStatus.EXPIRED: _("verlopen"),
    RequestStatus.UNFILLABLE: _("niet plaatsbaar"),
}

ANSWERS = {
    Answer.SILENT: _("nog stil"),
    Answer.SEEN: _("gezien"),
    Answer.OFFERED: _("aanbod"),
    Answer.DECLINED: _("kan niet"),
}
