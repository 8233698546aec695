"""What the pages about duties call things. Dutch, B1 level; translated where they are shown."""

from wijkapp.kit.words import lazy as _
from wijkapp.rota.rules import AddressKind, HeldBy, Line

LINES = {Line.MAIN: _("Dienst"), Line.BACKUP: _("Achterwacht")}

HOW = {
    HeldBy.PUBLISHED: _("volgens het rooster"),
    HeldBy.PLANNER: _("door de planner veranderd"),
    HeldBy.SWAP: _("geruild"),
    HeldBy.TAKEOVER: _("overgenomen"),
    HeldBy.UNDO: _("teruggedraaid"),
    HeldBy.STANDS_IN: _("achterwacht valt in"),
    HeldBy.NOBODY: _("niemand"),
}

MONTHS = (
    _("januari"),
    _("februari"),
    _("maart"),
    _("april"),
    _("mei"),
    _("juni"),
    _("juli"),
    _("augustus"),
    _("september"),
    _("oktober"),
    _("november"),
    _("december"),
)

ADDRESSES = {
    AddressKind.PERSON: _("Mijn diensten in mijn agenda"),
    AddressKind.ORGANISATION: _("Diensten van onze organisatie in een agenda"),
    AddressKind.REGION: _("Alle diensten van de regio in een agenda"),
    AddressKind.PHONE: _("Wie moet de telefooncentrale bellen?"),
}
