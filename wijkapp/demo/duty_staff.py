"""Colleagues who are in the demo for the duties alone, so that a rota can be made. See `demo.parties`."""

from wijkapp.demo.parties import VERPLEEGKUNDIGE, WIJKVERPLEEGKUNDIGE

DUTY_STAFF: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "Wijkzorg Wilgenwoud": (
        "wilgenwoud",
        (
            ("Noor Weidemans", VERPLEEGKUNDIGE),
            ("Jasper Kwikstaart", VERPLEEGKUNDIGE),
            ("Hilde Zandoogje", "verzorgende IG"),
        ),
    ),
    "Thuiszorg Meervogel": (
        "meervogel",
        (("Daan Oeverlibel", VERPLEEGKUNDIGE), ("Fatima Rietzanger", VERPLEEGKUNDIGE)),
    ),
    "Zorggroep Grutterswaard": (
        "grutterswaard",
        (
            ("Marit Veldleeuwerik", VERPLEEGKUNDIGE),
            ("Thijs Goudplevier", VERPLEEGKUNDIGE),
            ("Sevda Moerasvaren", "verzorgende IG"),
        ),
    ),
    "Thuiszorg Kastanjedal": ("kastanjedal", (("Roos Hulstveen", VERPLEEGKUNDIGE),)),
    "Buurtverpleging Zonnekwartier": ("zonnekwartier", (("Amin Dauwtrapper", VERPLEEGKUNDIGE),)),
}
"""Colleagues who do little in the demo but take duties: organisation -> mail domain, names and titles."""

LEVELS = {WIJKVERPLEEGKUNDIGE: 5, VERPLEEGKUNDIGE: 4, "verzorgende IG": 3}
"""The level that goes with a job title."""
