"""Texts that the guard holds back."""

from wijkapp.clients.screening import Allow, Level, screen

NOBODY = Allow.compile(professionals=(), organisations=(), phones=(), mail_domains=(), places=())

CERTAIN = "Kan iemand morgen naar mevrouw Jansen?"


def _doubtful() -> tuple[str, ...]:
    """Where a colleague may be meant. Which ones the guard doubts changes with what it is trained on."""
    texts = (
        "Sanne neemt de sleutel mee",
        "Peter weet de code",
        "Fatima rijdt morgen",
        "Groet van Willem",
        "Bel Sanne even terug",
        "Jan de Vries komt om 4 uur",
        "Ahmed is er vandaag niet",
        "De sleutel ligt bij Karin",
        "Ik ga eerst naar Joke",
        "Loop even langs Mieke",
        "Corrie is jarig",
    )
    levels = {text: {found.level for found in screen(text, NOBODY)} for text in texts}
    return tuple(text for text in texts if levels[text] == {Level.LIKELY})


LIKELY, ALSO_LIKELY = _doubtful()[:2]
