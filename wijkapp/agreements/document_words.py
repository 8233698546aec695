"""Words for the documents of an agreement: states, what misses, and by what somebody signed."""

from wijkapp.agreements.differing import Change
from wijkapp.agreements.drafting import Template
from wijkapp.agreements.models import Factor, State
from wijkapp.agreements.service.documents import Missing
from wijkapp.kit.words import lazy as _

STATES = {
    State.OFFERED: _("wacht op handtekeningen"),
    State.IN_FORCE: _("geldt"),
    State.REPLACED: _("vervangen"),
    State.TAKEN_BACK: _("teruggenomen"),
}
STATE_TAGS = {State.OFFERED: "few", State.IN_FORCE: "ok", State.REPLACED: "", State.TAKEN_BACK: "stale"}
CHANGES = {
    Change.SAME: _("zelfde"),
    Change.NEW: _("nieuw"),
    Change.CHANGED: _("veranderd"),
    Change.GONE: _("vervalt"),
}
FACTORS = {
    Factor.PASSKEY: _("met een passkey"),
    Factor.CODE: _("met een code"),
    Factor.DEMO: _("in de demo, zonder bewijs"),
}
FACTS = {
    "title": _("De titel"),
    "purpose": _("Het doel"),
    "form": _("De vorm"),
    "wijken": _("De wijken"),
    "parties": _("De partijen"),
    "lead": _("Wie de penvoerder is"),
    "begin": _("Vanaf welke dag het geldt"),
    "notice": _("De opzegtermijn"),
    "complaints": _("Waar een cliënt met een klacht terechtkan"),
    "joining": _("Hoe anderen aansluiten"),
    "joining_contact": _("Wie over aansluiten gaat"),
    "costs": _("Wie de kosten draagt"),
    "exit_plan": _("Hoe we netjes stoppen"),
    "bodies": _("Welke overleggen er zijn"),
    "escalation": _("Wat we doen als we er niet uitkomen"),
    "evaluations": _("Wanneer we evalueren"),
    "risks": _("De risico’s voor privacy"),
}


def missing(one: Missing, template: Template) -> str:
    """What is still to be filled in, as one reads it."""
    question = template.question(one.name)
    if one.where == "question" and question:
        return question.words
    if one.name == "starts":
        return str(_("Wat de app gaat doen, begint eerder dan de overeenkomst"))
    if one.where == "terms":
        return str(_("Wat de app gaat doen"))
    if one.where == "signers":
        return str(_("Wie er hier tekent voor %(name)s", name=one.name))
    if one.name == "parties" and one.where == "parties":
        return str(_("Ten minste twee partijen"))
    return str(FACTS.get(one.name, one.name))
