"""The forms on a page, and what a browser would send of them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from wijkapp.kit import time

WORDS = {"text", "textarea", "search"}
WAYS_OUT = ("redact", "vouched", "wrong")  # the buttons of the guard
HARMLESS = "Elke ochtend"
TYPICAL = {"date": "", "time": "09:00", "tel": "", "password": "een lang wachtwoord 12", "number": "1"}


@dataclass
class Control:
    name: str
    kind: str
    value: str
    digits: bool = False
    required: bool = False
    checked: bool = False
    options: list[str] = field(default_factory=list)


@dataclass
class PageForm:
    """One form with method post."""

    action: str
    controls: list[Control] = field(default_factory=list)
    plain_button: bool = False  # one that sends the form and nothing of its own

    def words(self) -> list[Control]:
        """The fields that take words."""
        return [one for one in self.controls if one.kind in WORDS and not one.digits]

    def untouched(self) -> dict[str, str]:
        """As the page has it."""
        return {
            one.name: one.value
            for one in self.controls
            if one.kind not in {"submit", "file"} and (one.checked or one.kind not in {"radio", "checkbox"})
        }

    def filled(self, target: str, text: str) -> dict[str, str]:
        """As the page has it, with something likely where it has nothing, and this text in one field."""
        sent: dict[str, str] = {}
        for one in self.controls:
            value = self._value(one)
            if value is not None and one.name not in sent:
                sent[one.name] = value
        return sent | {target: text}

    def _value(self, one: Control) -> str | None:
        if one.name == "shown_where":
            return "wijk"  # or a rare profile is refused before anything else is looked at
        if one.kind in {"radio", "checkbox"}:
            group = [other for other in self.controls if other.name == one.name]
            chosen = next((other for other in group if other.checked), None)
            wanted = one.kind == "radio" or any(other.required for other in group)
            chosen = chosen or (next((other for other in group if other.value), None) if wanted else None)
            return chosen.value if chosen else None
        if one.kind == "submit":
            return None if self.plain_button or one.name.endswith(WAYS_OUT) else one.value
        if one.value or any(one.options):
            return one.value or next(option for option in one.options if option)
        if one.kind == "date":
            return time.today().isoformat()
        if one.kind == "email":
            return "collega.nieuw@zorg.example"
        if one.digits:
            return {"pc4": "3524", "moments-0": "1"}.get(one.name, "3" if one.required else "")
        return HARMLESS if one.kind in WORDS and one.required else TYPICAL.get(one.kind, "")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.open: PageForm | None = None
        self.select: Control | None = None
        self.area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            posts = given.get("method", "get").lower() == "post"
            self.open = PageForm(given.get("action", "")) if posts else None
            if self.open:
                self.forms.append(self.open)
        elif self.open is None:
            return
        elif tag in {"input", "textarea", "button"}:
            self._control(tag, given)
        elif tag == "select":
            self.select = Control(given.get("name", ""), "select", "")
            self.open.controls.append(self.select)
        elif tag == "option" and self.select:
            self.select.options.append(given.get("value", ""))
            if "selected" in given or len(self.select.options) == 1:
                self.select.value = self.select.options[-1]

    def _control(self, tag: str, given: dict[str, str]) -> None:
        kind = {"button": given.get("type", "submit"), "textarea": "textarea"}.get(
            tag, given.get("type", "text")
        )
        if self.open is None or kind == "button":
            return
        if not given.get("name"):
            self.open.plain_button |= kind == "submit"
            return
        made = Control(
            name=given["name"],
            kind=kind,
            value=given.get("value", "on" if kind == "checkbox" else ""),
            digits=given.get("inputmode") in {"numeric", "decimal", "none"} or "pattern" in given,
            required="required" in given,
            checked="checked" in given,
        )
        self.open.controls.append(made)
        self.area = made if kind == "textarea" else None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None


def forms_on(page: str) -> list[PageForm]:
    """The forms of a page that change something."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def filled(page: str) -> dict[str, str]:
    """Every field of those forms, as a browser would send it when nobody changes anything."""
    return {name: value for form in forms_on(page) for name, value in form.untouched().items()}
