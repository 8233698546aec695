"""What was asked for in the demo region in the past ten days, and how it went."""

from dataclasses import dataclass
from datetime import timedelta

from wijkapp.agreements.rules import Urgency
from wijkapp.demo.parties import OTHERS, PROVIDERS
from wijkapp.matching.rules import Gender
from wijkapp.matching.rules import RequestStatus as S

# ago: in d(ays), h(ours), m(inutes). parts: a visit in o(chtend), m(iddag), a(vond), n(acht) on each day.
# chosen: domain of the provider that got the client; samen: two can do it together, nobody chose yet.
# offers: how many the client could choose from, at most. wish: a language, or the gender of the carer.
TABLE = """
ago  asker        pc4  product                 skill               days parts min  urgency        status      chosen        offers wish
95m  Vroegwater   3524 verpleging              wondzorg_complex    all  o     210  day            offered     -             2      -
50m  Vroegwater   3523 verpleging              wondzorg_eenvoudig  all  o     210  day            offered     samen         2      -
26m  Waterspreng  3523 persoonlijke_verzorging steunkousen         all  oa    270  day            open        -             0      -
3h   Sluiswachter 3582 verpleging              injecteren_sc       all  a     150  three_workdays open        -             0      ar
5h   Sluiswachter 3561 persoonlijke_verzorging -                   all  o     240  planned        offered     -             1      -
9h   Zandkreek    3572 verpleging              stomazorg           135  o     90   planned        open        -             0      -
7h   Sluiswachter 3525 verpleging              wondzorg_eenvoudig  all  o     210  day            matched     wilgenwoud    2      -
22h  Vroegwater   3524 persoonlijke_verzorging steunkousen         all  oa    270  day            handed_over zonnekwartier 3      -
26h  Sluiswachter 3581 verpleging              infuus              all  o     420  today          handed_over meervogel     2      -
2d   Vroegwater   3523 verpleging              insuline            all  oa    210  day            in_care     grutterswaard 3      -
51h  Korenmolen   3532 persoonlijke_verzorging -                   all  o     240  three_workdays in_care     klaverzicht   2      -
3d   Sluiswachter 3583 palliatief_terminaal    palliatieve_sedatie all  oma   840  today          in_care     yara-bentaleb 2      -
77h  Waterspreng  3526 persoonlijke_verzorging steunkousen         work o     90   planned        in_care     wilgenwoud    3      tr
4d   Hoogerheg    3511 persoonlijke_verzorging -                   all  o     240  day            in_care     zorgweefsel   2      woman
98h  Sluiswachter 3564 verpleging              katheterisatie      2    o     30   planned        in_care     grutterswaard 2      -
5d   Vroegwater   3525 verpleging              wondzorg_eenvoudig  135  o     90   three_workdays in_care     wilgenwoud    2      -
6d   Fluitekruid  3553 persoonlijke_verzorging medicatie_aanreiken all  oa    210  day            closed      kastanjedal   2      -
148h Sluiswachter 3571 verpleging              wondzorg_eenvoudig  all  o     210  day            closed      meervogel     3      -
7d   Vroegwater   3524 persoonlijke_verzorging -                   all  o     240  three_workdays closed      grutterswaard 2      -
8d   Vroegwater   3523 verpleging              injecteren_sc       2    o     30   planned        withdrawn   -             1      -
198h Sluiswachter 3534 verpleging_speciaal     tracheostoma        all  oman  2520 planned        unfillable  -             0      -
9d   Boterbloem   3562 persoonlijke_verzorging -                   work o     150  planned        expired     -             0      -
221h Waterspreng  3521 verpleging              insuline            all  o     120  day            closed      zonnekwartier 2      -
10d  Vroegwater   3582 ketenzorg_dementie      dementie            2    m     60   planned        in_care     wilgenwoud    2      -
"""  # noqa: E501 - a table

DAYS = {"all": range(7), "work": range(5)}
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True)
class Past:
    """One request as it went. asker and chosen are names; moments are visits per daypart slot (28).

    together  the first two who offer can each do a part, and together all of it
    """

    ago: timedelta
    asker: str
    pc4: str
    products: tuple[str, ...]
    skills: tuple[str, ...]
    moments: tuple[int, ...]
    minutes: int
    urgency: Urgency
    status: S
    chosen: str | None
    offers: int
    together: bool
    language: str | None
    gender: Gender | None


def _past(line: str) -> Past:
    ago, asker, pc4, product, skill, days, parts, minutes, urgency, status, chosen, offers, wish = (
        line.split()
    )
    gender = Gender(wish) if wish in set(Gender) else None
    return Past(
        ago=timedelta(**{UNITS[ago[-1]]: int(ago[:-1])}),
        asker=_ASKERS[asker],
        pc4=pc4,
        products=(product,),
        skills=() if skill == "-" else (skill,),
        moments=_moments(days, parts),
        minutes=int(minutes),
        urgency=Urgency(urgency),
        status=S(status),
        chosen=_PROVIDERS.get(chosen),
        offers=int(offers),
        together=chosen == "samen",
        language=None if gender or wish == "-" else wish,
        gender=gender,
    )


def _moments(days: str, parts: str) -> tuple[int, ...]:
    on = DAYS.get(days) or [int(day) - 1 for day in days]
    return tuple(int(day in on and part in parts) for day in range(7) for part in "oman")


def half_of(moments: tuple[int, ...], *, second: bool = False) -> tuple[int, ...]:
    """About half of the visits: those of the first days, or of the others. Together they are all of them."""
    days = [day for day in range(7) if any(moments[day * 4 : day * 4 + 4])]
    first = set(days[: (len(days) + 1) // 2])
    return tuple(count if (slot // 4 in first) is not second else 0 for slot, count in enumerate(moments))


_ASKERS = {person.name.split()[-1]: person.name for party in OTHERS for person in party.people}
_PROVIDERS = {party.domain: party.name for party in PROVIDERS}

PASTS = tuple(_past(line) for line in TABLE.strip().splitlines()[1:])
