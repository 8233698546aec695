"""What a point shows beside words, in words. For pages and forms: the names of papers are theirs."""

from wijkapp.agreements.service.proofs import Shown, ShownVersion
from wijkapp.kit.words import gettext as _
from wijkapp.people.forms import PAPERS


def shown(one: Shown) -> str:
    """A document or a paper that a point shows."""
    if isinstance(one, ShownVersion):
        return _("%(document)s, versie %(n)s", document=one.title, n=one.number)
    return _("%(paper)s van %(name)s", paper=PAPERS[one.kind], name=one.organisation)
