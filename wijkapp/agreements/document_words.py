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
    "title": _("de titel"),
    "purpose": _("het doel"),
    "form": _("de vorm"),
    "wijken": _("de wijken"),
    "parties": _("de partijen"),
    "lead": _("wie de penvoerder is"),
    "begin": _("vanaf welke dag het geldt"),
    "notice": _("de opzegtermijn"),
    "complaints": _("waar een cliënt met een klacht terechtkan"),
    "joining": _("hoe anderen aansluiten"),
    "joining_contact": _("wie over aansluiten gaat"),
    "costs": _("wie de kosten draagt"),
    "exit_plan": _("hoe we netjes stoppen"),
    "bodies": _("welke overleggen er zijn"),
    "escalation": _("wat we doen als we er niet uitkomen"),
    "evaluations": _("wanneer we evalueren"),
    "risks": _("de risico’s voor privacy"),
}


def missing(one: Missing, template: Template) -> str:
    """What is still to be filled in, as one reads it."""
    question = template.question(one.name)
    if one.where == "question" and question:
        return question.words
    if one.where == "terms":
        return str(_("Wat de app gaat doen"))
    if one.where == "signers":
        return str(_("Wie er hier tekent voor %(name)s", name=one.name))
    if one.name == "parties" and one.where == "parties":
        return str(_("Ten minste twee partijen"))
    return str(FACTS.get(one.name, one.name))
