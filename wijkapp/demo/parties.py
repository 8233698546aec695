"""The made-up organisations and people of the demo.

No number or address here can reach anybody: `.example` is never a real domain (RFC 2606); Dutch mobile
numbers do not begin with 060, and no local number of area 030 begins with a 0; AGB codes of kind 99, and KvK
and BIG numbers that begin with zeros, are not given out. A name that somebody really has is chance.
"""

from dataclasses import dataclass

from wijkapp.people.rules import OrganisationKind as Kind
from wijkapp.people.rules import Role

NURSE = (Role.NURSE,)
PLANNER = (Role.PLANNER,)
ADMIN = (Role.ADMIN,)
REFERRER = (Role.REFERRER,)
ALONE = (Role.NURSE, Role.ADMIN)  # a zzp'er does it all


@dataclass(frozen=True)
class Person:
    name: str
    roles: tuple[Role, ...]
    title: str


@dataclass(frozen=True)
class Care:
    """What the teams of a provider are like.

    room       how the figures of its teams look, in turn: free, few, full, later, ageing, stale
    at_night   its people also work at night
    """

    wijken: tuple[str, ...]
    products: tuple[str, ...]
    skills: tuple[str, ...]
    level: int
    room: tuple[str, ...]
    languages: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ("3311", "7095", "7119", "3332")
    at_night: bool = False


@dataclass(frozen=True)
class Party:
    """An organisation and who works there; the first two with role nurse are contact person and deputy."""

    domain: str  # of its mail addresses, without .example
    name: str
    kind: Kind
    people: tuple[Person, ...]
    care: Care | None = None


BASIC = ("persoonlijke_verzorging", "verpleging")
EVERYDAY = (
    "steunkousen",
    "medicatie_aanreiken",
    "medicatie_toedienen",
    "injecteren_sc",
    "insuline",
    "wondzorg_eenvoudig",
)
TECHNICAL = ("wondzorg_complex", "katheterisatie", "infuus", "vac", "stomazorg", "sondevoeding")
ALL_WIJKEN = ("West", "Noordwest", "Overvecht", "Noordoost", "Oost", "Binnenstad", "Zuid", "Zuidwest")

WIJKVERPLEEGKUNDIGE = "wijkverpleegkundige"
VERPLEEGKUNDIGE = "verpleegkundige"

PROVIDERS = (
    Party(
        "wilgenwoud",
        "Wijkzorg Wilgenwoud",
        Kind.HOME_CARE,
        (
            Person("Samira Wolderink", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Dirk-Jan Hazelhof", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Femke Torenvalk", PLANNER, "planner"),
            Person("Ruben Achterweide", ADMIN, "kantoormanager"),
        ),
        Care(
            ("Zuid", "Zuidwest", "Oost", "Binnenstad"),
            (*BASIC, "ketenzorg_dementie", "palliatief_terminaal"),
            (*EVERYDAY, "wondzorg_complex", "dementie"),
            5,
            ("free", "few", "ageing", "full", "free", "later"),
            ("tr", "en"),
        ),
    ),
    Party(
        "meervogel",
        "Thuiszorg Meervogel",
        Kind.HOME_CARE,
        (
            Person("Pieter Kroonenveld", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Anouk Zwaluwstra", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Tobias Lijsterman", (Role.PLANNER, Role.ADMIN), "planner"),
        ),
        Care(
            ("Oost", "Noordoost", "Zuid", "Binnenstad"),
            (*BASIC, "aiv", "msvt"),
            (*EVERYDAY, *TECHNICAL),
            5,
            ("few", "free", "later", "free", "full"),
            ("ar", "en"),
        ),
    ),
    Party(
        "grutterswaard",
        "Zorggroep Grutterswaard",
        Kind.HOME_CARE,
        (
            Person("Liesbeth Oeverzand", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Achmed Duinkerker", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Joke Mierlose", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Wouter Plasbeek", PLANNER, "planner"),
            Person("Carla Ruigoord", ADMIN, "manager wijkzorg"),
        ),
        Care(
            ALL_WIJKEN,
            (*BASIC, "verpleging_speciaal", "palliatief_terminaal", "ketenzorg_dementie"),
            (
                *EVERYDAY,
                *TECHNICAL,
                "tracheostoma",
                "palliatieve_sedatie",
                "dementie",
                "parkinson",
                "tillift",
            ),
            5,
            ("free", "full", "free", "few", "later", "full", "stale"),
            ("en", "pl"),
            ("3311", "7095", "7119", "3332", "3343", "9018", "7053"),
        ),
    ),
    Party(
        "kastanjedal",
        "Thuiszorg Kastanjedal",
        Kind.HOME_CARE,
        (
            Person("Marloes Berkenveen", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Youssef Amrani-Vliet", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Henk Olmenhorst", ADMIN, "teamleider"),
        ),
        Care(
            ("West", "Noordwest", "Binnenstad"),
            BASIC,
            EVERYDAY,
            4,
            ("few", "full", "free", "stale"),
            ("ar", "tr"),
        ),
    ),
    Party(
        "zonnekwartier",
        "Buurtverpleging Zonnekwartier",
        Kind.HOME_CARE,
        (
            Person("Esra Yildirim-Bos", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Gijs Molenbrug", NURSE, VERPLEEGKUNDIGE),
            Person("Nienke Parelhoen", ADMIN, "teamleider"),
        ),
        Care(
            ("Zuidwest", "West", "Zuid"),
            (*BASIC, "aiv"),
            (*EVERYDAY, "ggz"),
            5,
            ("free", "free", "few", "ageing"),
            ("tr", "ar"),
        ),
    ),
    Party(
        "rietpluim",
        "Wijkverpleging Rietpluim",
        Kind.HOME_CARE,
        (
            Person("Ingrid Veldmuis", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Mo Tahiri-Smit", NURSE, VERPLEEGKUNDIGE),
            Person("Bart Egelbosch", ADMIN, "bestuurder"),
        ),
        Care(
            ("Overvecht", "Noordoost", "Noordwest"),
            (*BASIC, "ketenzorg_dementie"),
            (*EVERYDAY, "dementie", "ggz"),
            5,
            ("full", "few", "free"),
            ("ar",),
        ),
    ),
    Party(
        "morgendauw",
        "Thuiszorg Morgendauw",
        Kind.HOME_CARE,
        (
            Person("Patricia Leeuwerik", NURSE, VERPLEEGKUNDIGE),
            Person("Kees Wagenspoor", NURSE, "verzorgende IG"),
        ),
        Care(("Overvecht", "Noordwest"), BASIC, EVERYDAY, 3, ("later", "free", "stale"), ("pl",)),
    ),
    Party(
        "oostwaard",
        "Zorgburen Oostwaard",
        Kind.HOME_CARE,
        (
            Person("Wendela Roggekamp", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Stefan Grasduin", NURSE, VERPLEEGKUNDIGE),
        ),
        Care(("Oost", "Noordoost"), (*BASIC, "aiv"), (*EVERYDAY, "oncologie"), 4, ("full", "few", "later")),
    ),
    Party(
        "klaverzicht",
        "Thuiszorg Klaverzicht",
        Kind.HOME_CARE,
        (
            Person("Chantal Distelvink", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Hamza Elhout", NURSE, VERPLEEGKUNDIGE),
        ),
        Care(
            ("West", "Zuidwest"), (*BASIC, "wmo_hh"), (*EVERYDAY, "tillift"), 4, ("free", "few"), ("ar", "en")
        ),
    ),
    Party(
        "uilenvlucht",
        "Nachtzorg Uilenvlucht",
        Kind.HOME_CARE,
        (
            Person("Astrid Maanzaad", NURSE, VERPLEEGKUNDIGE),
            Person("Ravi Nachtegaler", NURSE, VERPLEEGKUNDIGE),
        ),
        Care(
            ("Zuid", "Zuidwest", "Oost", "Noordoost", "West", "Overvecht"),
            ("verpleging", "oproepbare_verpleging", "palliatief_terminaal"),
            (*EVERYDAY, "katheterisatie", "palliatieve_sedatie", "nachtzorg"),
            4,
            ("few", "free", "full"),
            ("en",),
            at_night=True,
        ),
    ),
    Party(
        "zorgweefsel",
        "Coöperatie Zorgweefsel",
        Kind.COOPERATIVE,
        (
            Person("Lotte Hommelink", NURSE, WIJKVERPLEEGKUNDIGE),
            Person("Sander Vlinderbos", NURSE, VERPLEEGKUNDIGE),
            Person("Ayla Katoenveld", ADMIN, "coördinator leden"),
        ),
        Care(
            ("Binnenstad", "Noordoost", "Overvecht", "Oost"),
            (*BASIC, "palliatief_terminaal", "msvt"),
            (*EVERYDAY, *TECHNICAL, "kinderen"),
            5,
            ("free", "later", "few"),
            ("en", "tr"),
        ),
    ),
    Party(
        "yara-bentaleb",
        "Yara Bentaleb, zzp",
        Kind.SOLO,
        (Person("Yara Bentaleb", ALONE, VERPLEEGKUNDIGE),),
        Care(
            ("Oost", "Zuid"),
            ("verpleging", "palliatief_terminaal"),
            (*EVERYDAY, "palliatieve_sedatie", "infuus"),
            5,
            ("few", "few"),
            ("ar", "en"),
            ("3311", "7119"),
        ),
    ),
    Party(
        "joris-veenstraat",
        "Joris Veenstraat, zzp",
        Kind.SOLO,
        (Person("Joris Veenstraat", ALONE, VERPLEEGKUNDIGE),),
        Care(("Noordwest", "West"), BASIC, (*EVERYDAY, "ggz"), 4, ("few", "full"), contracts=("7095",)),
    ),
    Party(
        "marijke-olmendaal",
        "Marijke Olmendaal, zzp",
        Kind.SOLO,
        (Person("Marijke Olmendaal", ALONE, "verzorgende IG"),),
        Care(
            ("Overvecht", "Noordoost"),
            ("persoonlijke_verzorging",),
            ("steunkousen", "medicatie_aanreiken", "tillift"),
            3,
            ("free", "later"),
            ("en",),
            (),
        ),
    ),
)

OTHERS = (
    Party(
        "roerdomphof",
        "Huisartsenpraktijk Roerdomphof",
        Kind.GP_PRACTICE,
        (
            Person("Hanneke Vroegwater", REFERRER, "huisarts"),
            Person("Mirthe Sleedoorn", REFERRER, "praktijkondersteuner"),
            Person("Jolanda Esdoornhof", ADMIN, "praktijkmanager"),
        ),
    ),
    Party(
        "kievitsmeent",
        "Huisartsen Kievitsmeent",
        Kind.GP_PRACTICE,
        (
            Person("Bas Waterspreng", REFERRER, "huisarts"),
            Person("Selma Boterbloem", REFERRER, "praktijkassistent"),
        ),
    ),
    Party(
        "vuurdoornhuis",
        "Huisartsenpraktijk Vuurdoornhuis",
        Kind.GP_PRACTICE,
        (Person("Ellen Korenmolen", REFERRER, "huisarts"),),
    ),
    Party(
        "schapenbrug",
        "Huisartsenpraktijk Schapenbrug",
        Kind.GP_PRACTICE,
        (
            Person("Omar Zandkreek", REFERRER, "huisarts"),
            Person("Tineke Fluitekruid", REFERRER, "doktersassistent"),
        ),
    ),
    Party(
        "lindegaarde",
        "Huisartsen Lindegaarde",
        Kind.GP_PRACTICE,
        (Person("Frits Hoogerheg", REFERRER, "huisarts"),),
    ),
    Party(
        "lindenwaard",
        "Ziekenhuis Lindenwaard, transferpunt",
        Kind.TRANSFER_DESK,
        (
            Person("Karin Sluiswachter", REFERRER, "transferverpleegkundige"),
            Person("Jeroen Havikshorst", REFERRER, "transferverpleegkundige"),
            Person("Bea Vlasakker", ADMIN, "hoofd transferpunt"),
        ),
    ),
    Party(
        "waterlinie-zorg",
        "Waterlinie Zorgverzekeringen",
        Kind.INSURER,
        (Person("Maarten Bosuil", (Role.VIEWER,), "zorginkoper wijkverpleging"),),
    ),
    Party(
        "demostad",
        "Gemeente Demostad",
        Kind.MUNICIPALITY,
        (
            Person("Nadia Kruisbeek", (Role.COORDINATOR,), "wijkregisseur"),
            Person("Gerard Polderman", (Role.VIEWER,), "beleidsadviseur zorg"),
        ),
    ),
)

LOG_INS = (
    ("Huisarts", "Hanneke Vroegwater"),
    ("Transferverpleegkundige", "Karin Sluiswachter"),
    ("Wijkverpleegkundige", "Samira Wolderink"),
    ("Wijkverpleegkundige", "Pieter Kroonenveld"),
    ("Zzp'er", "Yara Bentaleb"),
    ("Planner", "Femke Torenvalk"),
    ("Wijkregisseur", "Nadia Kruisbeek"),
    ("Zorgverzekeraar", "Maarten Bosuil"),
    ("Beheerder", "Ruben Achterweide"),
)
"""Whose log-in link the demo prints, and as what."""

BY_HAND = frozenset({"Wijkzorg Wilgenwoud", "Thuiszorg Meervogel", "Yara Bentaleb, zzp"})
"""Providers with a printed log-in link: whoever tries the demo answers for them."""
