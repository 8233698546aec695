"""Pages about being told: my devices, a test push, the demo's post box; and what installs the app."""

from pathlib import Path
from typing import TypeVar
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wijkapp.kit.config import Settings
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.limits import count
from wijkapp.kit.words import gettext as _
from wijkapp.notify import push, service
from wijkapp.notify.rules import LONGEST_ENDPOINT, Address
from wijkapp.people import session

bp = Blueprint("notify", __name__)

SERVICE_WORKER = Path(__file__).parent.parent / "static" / "sw.js"
PAPER, BRAND = "#faf6ef", "#0f5c4f"  # --paper and --brand of app.css


Body = TypeVar("Body", bound=BaseModel)


class Keys(BaseModel):
    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)


class Browser(BaseModel):
    """What `PushSubscription.toJSON()` gives, and the address it replaces."""

    model_config = ConfigDict(extra="ignore")

    endpoint: str = Field(max_length=LONGEST_ENDPOINT)
    keys: Keys
    replaces: str | None = Field(None, max_length=LONGEST_ENDPOINT)


class Gone(BaseModel):
    endpoint: str = Field(max_length=LONGEST_ENDPOINT)


@bp.app_context_processor
def on_every_page() -> dict[str, object]:
    """What notify.js needs: the key to subscribe with, and which device this is."""
    key = push.public_key(_settings().secrets.vapid)
    return {"push_key": key, "push_device": session.current_device_id() or ""}


@bp.get("/meldingen")
def devices() -> ResponseReturnValue:
    me = session.signed_in()
    return render_template(
        "notify/devices.html",
        devices=service.my_devices(me),
        post_box=_settings().demo,
    )


@bp.post("/meldingen/aanmelden")
def subscribe() -> ResponseReturnValue:
    me = session.signed_in()
    count("push.subscribe", str(me.id), "30 per hour")
    browser = _read(Browser)
    address = Address(browser.endpoint, browser.keys.p256dh, browser.keys.auth)
    made = service.subscribe(_settings(), me, session.current_device_id(), address)
    if browser.replaces and browser.replaces != browser.endpoint:
        service.unsubscribe_browser(me, browser.replaces)
    return jsonify(id=str(made)), 201


@bp.post("/meldingen/afmelden")
def unsubscribe_browser() -> ResponseReturnValue:
    service.unsubscribe_browser(session.signed_in(), _read(Gone).endpoint)
    return jsonify(ok=True)


@bp.post("/meldingen/<uuid:subscription_id>/uit")
def unsubscribe(subscription_id: UUID) -> ResponseReturnValue:
    service.unsubscribe(session.signed_in(), subscription_id)
    flash(_("Dit apparaat krijgt geen meldingen meer."))
    return redirect(url_for("notify.devices"))


@bp.post("/meldingen/<uuid:subscription_id>/proef")
def test(subscription_id: UUID) -> ResponseReturnValue:
    me = session.signed_in()
    count("push.test", str(me.id), "10 per hour")
    service.test(me, subscription_id)
    flash(_("De proefmelding is onderweg. Meestal zie je hem binnen een paar tellen."))
    return redirect(url_for("notify.devices"))


@bp.get("/postvak")
def post_box() -> ResponseReturnValue:
    _only_in_demo()
    return render_template("notify/post_box.html", mails=service.my_mail(session.signed_in()))


@bp.get("/postvak/<uuid:mail_id>")
def one_mail(mail_id: UUID) -> ResponseReturnValue:
    _only_in_demo()
    return render_template("notify/one_mail.html", mail=service.one_mail(session.signed_in(), mail_id))


@bp.get("/sw.js")
def service_worker() -> ResponseReturnValue:
    """At the top of the site, so that it may serve every page; another build is another file."""
    build = f"const ASSETS = {current_app.config['ASSETS']!r};\n"
    script = Response(build + SERVICE_WORKER.read_text(), mimetype="text/javascript")
    script.headers["Cache-Control"] = "no-cache"
    script.headers["Service-Worker-Allowed"] = "/"
    return script


@bp.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    made = jsonify(
        id="/",
        name="wijkapp",
        short_name="wijkapp",
        description=_("Samen zorg verdelen in de wijk"),
        lang="nl",
        start_url="/",
        scope="/",
        display="standalone",
        background_color=PAPER,
        theme_color=PAPER,
        icons=[
            _icon("icon.svg", "any", "image/svg+xml"),
            _icon("icon-192.png", "192x192"),
            _icon("icon-512.png", "512x512"),
            _icon("icon-maskable-512.png", "512x512", purpose="maskable"),
        ],
    )
    made.mimetype = "application/manifest+json"
    return made


@bp.get("/zonder-verbinding")
def offline() -> ResponseReturnValue:
    """What a phone shows without a connection; the service worker keeps it."""
    return render_template("notify/offline.html")


def _icon(name: str, sizes: str, kind: str = "image/png", purpose: str = "any") -> dict[str, str]:
    return {
        "src": f"{current_app.config['ASSETS']}icons/{name}",
        "sizes": sizes,
        "type": kind,
        "purpose": purpose,
    }


def _read(kind: type[Body]) -> Body:
    """What the browser sent as JSON. Raises Invalid."""
    try:
        return kind.model_validate(request.get_json(silent=True))
    except ValidationError:
        raise Invalid(_("Dit apparaat stuurde iets wat we niet kunnen lezen. Probeer het opnieuw.")) from None


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _only_in_demo() -> None:
    if not _settings().demo:
        raise NotFound
