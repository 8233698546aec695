"""Builds the web app out of its rooms, and turns a refusal into a page or JSON."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlsplit

import structlog
from flask import (
    Flask,
    Request,
    current_app,
    has_request_context,
    jsonify,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from wijkapp import kept, showing
from wijkapp.agreements import views as agreements_views
from wijkapp.agreements.service import signing
from wijkapp.agreements.views import documents as document_views
from wijkapp.agreements.views import room as register_views
from wijkapp.capacity import public_views
from wijkapp.capacity import views as capacity_views
from wijkapp.chat import views as chat_views
from wijkapp.clients import abouts, duties, guard, guard_views, keys, privacy_views
from wijkapp.clients import views as clients_views
from wijkapp.clients.service import breach, counts
from wijkapp.directory import views as directory_views
from wijkapp.kit import assets, catalogues, db, freetext, logs, tickets, wanted
from wijkapp.kit import socket as live
from wijkapp.kit.config import Settings
from wijkapp.kit.errors import NotAllowed, NotFound, Refused, TooMany
from wijkapp.kit.limits import limiter
from wijkapp.kit.words import gettext
from wijkapp.matching import search_views
from wijkapp.matching import views as matching_views
from wijkapp.notify import sockets as notify_sockets
from wijkapp.notify import views as notify_views
from wijkapp.oversight import beyond, region_views
from wijkapp.oversight import views as oversight_views
from wijkapp.people import access, session
from wijkapp.people import views as people_views
from wijkapp.people.doors import DOORS
from wijkapp.rota import runner
from wijkapp.rota import views as rota_views
from wijkapp.rota.service.stretches import stretches
from wijkapp.rota.views import switch as rota_switch

log = structlog.get_logger()

HERE = Path(__file__).parent
LANGUAGES = ("nl", "en")
MOST_BYTES = 256 * 1024  # of one posted form
MOST_MEGABYTES = 2  # of one with a file in it: a year of a calendar, as an office program saves it

FILES: dict[str, Callable[..., str]] = {
    "rota.import_busy": rota_views.people.with_wrong_file,
    "rota.bring_in_rota": rota_views.plan.with_wrong_file,
}
"""Every door that takes a file, and the page that says what is wrong with it."""

CSP: dict[str, str | list[str]] = {
    "default-src": "'self'",
    "img-src": ["'self'", "data:"],
    "style-src": "'self'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


class Posted(Request):
    """What a browser sent. A file in it stays in memory: what a calendar is about never reaches a disk."""

    def _get_file_stream(self, *_about: object, **_more: object) -> BytesIO:
        return BytesIO()


def create_app(settings: Settings) -> Flask:
    """The web app with these settings, its database connected."""
    logs.set_up(settings.log_level, settings.log_format)
    settings.make_instance()
    db.connect(settings.database)
    freetext.guarded_by(guard)
    keys.use(settings.keys, settings.vault_keys)
    breach.use(settings.secrets.master)
    tickets.use(settings.secrets.master)
    signing.use(settings.secrets.master)
    runner.use(settings)

    app = Flask("wijkapp", static_folder=None, instance_path=str(settings.instance.resolve()))
    _configure(app, settings)
    app.jinja_env.undefined = StrictUndefined  # a misspelt name is an error, not an empty place on the page
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    assets.serve(app, HERE / "static", settings.instance / "static")
    Compress(app)
    catalogues.use(app, _language)
    app.before_request(_allow_a_file)  # before anything reads what was posted
    _protect_forms(app)
    limiter.init_app(app)
    Talisman(
        app,
        force_https=settings.https,
        content_security_policy=_policy(settings),
        session_cookie_secure=settings.https,
        strict_transport_security=settings.https,
        referrer_policy="same-origin",
    )
    session.init_app(app, settings)
    _open_doors(app)
    abouts.described_by(matching_views.describe)
    duties.known_by(stretches)
    beyond.watch(app)
    showing.init_app(app)
    notify_sockets.init_app(app, settings)
    return app


def _protect_forms(app: Flask) -> None:
    """Only a page of ours posts, but for a button on a lock screen: its ticket says who taps, and what."""
    csrf = CSRFProtect(app)
    for tap in (capacity_views.taps.tap, rota_views.taps.tap):
        csrf.exempt(tap)


def _allow_a_file() -> None:
    if request.endpoint in FILES:
        request.max_content_length = MOST_MEGABYTES * 1024 * 1024


def _policy(settings: Settings) -> dict[str, str | list[str]]:
    """What a page may load: ours alone, and pictures of a map when whoever hosts the app chose those."""
    if settings.tiles is None:
        return CSP
    return CSP | {"img-src": [*CSP["img-src"], settings.tiles.origin]}


def _configure(app: Flask, settings: Settings) -> None:
    app.request_class = Posted
    app.config.update(
        SETTINGS=settings,
        KEPT=kept.KEPT,
        SECRET_KEY=settings.secrets.master.derive("cookies").hex(),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        SESSION_COOKIE_NAME="wijkapp",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open overnight still posts
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
    )


def _open_doors(app: Flask) -> None:
    """Every room's pages; each request passes the access table first."""
    rooms = (
        people_views,
        directory_views,
        agreements_views,
        register_views,
        document_views,
        capacity_views,
        public_views,
        matching_views,
        search_views,
        oversight_views,
        region_views,
        chat_views,
        rota_views,
        rota_switch,
        clients_views,
        privacy_views,
        guard_views,
        notify_views,
    )
    for room in rooms:
        app.register_blueprint(room.bp)
    app.before_request(_pass_the_door)
    app.register_error_handler(Refused, _show_refusal)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(RequestEntityTooLarge, _show_too_large)
    app.register_error_handler(Exception, _show_failure)
    app.teardown_request(lambda _error: _count_what_was_guarded())
    live.guards[:] = [_pass_the_socket_door]
    live.afterwards[:] = [_count_what_was_guarded]


def _pass_the_door() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page: the 404 says so
    if any("\x00" in str(part) for part in (request.view_args or {}).values()):
        raise NotFound  # PostgreSQL has no such text, so nothing is called that
    stopped = session.guard()
    if stopped is not None:
        return stopped
    permission = DOORS.get(request.endpoint)
    if permission is None:
        raise NotAllowed
    access.require(session.visitor(permission), permission)
    return None


def _pass_the_socket_door(event: str) -> None:
    access.require(session.current_account(), DOORS[f"socket:{event}"])


def _count_what_was_guarded() -> None:
    """Kinds and numbers, when the door is done: a refusal must not undo them."""
    if not counts.waiting():
        return
    try:
        counts.write_down()
    except Exception:
        log.exception("what was guarded could not be counted")  # the answer itself is fine


def _language() -> str:
    if not has_request_context():
        return LANGUAGES[0]  # work by itself; letters and pushes are written in their reader's own
    account = session.current_account()
    if account is not None:
        return account.language
    return request.accept_languages.best_match(LANGUAGES, "nl") or "nl"


def _show_refusal(refused: Refused) -> ResponseReturnValue:
    if refused.status == 401 and request.method == "GET" and not wanted.json():
        return session.to_sign_in()
    sentence = str(refused.sentence)
    headers = {"X-Sentence": quote(sentence)}  # htmx shows it as a toast and leaves the page as it is
    if wanted.json():
        fields = {name: str(message) for name, message in refused.fields.items()}
        return jsonify(error=sentence, fields=fields, **refused.details), refused.status, headers
    page = render_template(
        "error.html", sentence=sentence, status=refused.status, heading=_heading(refused.status), back=_back()
    )
    return page, refused.status, headers


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error  # a redirect
    if isinstance(error, CSRFError):
        return _show_refusal(
            NotAllowed(gettext("Deze pagina stond te lang open. Ververs de pagina en probeer het opnieuw."))
        )
    if error.code == 405 and request.method in {"GET", "HEAD"} and not wanted.json():
        return redirect(_page_above())
    refusal = {404: NotFound(), 405: NotFound(), 403: NotAllowed(), 429: TooMany()}.get(error.code or 500)
    if refusal is None:
        refusal = Refused(gettext("Dit kan de app niet lezen. Ga terug en probeer het opnieuw."))
        refusal.status = error.code or 500
    return _show_refusal(refusal)


def _page_above() -> str:
    """Of an address to which one only sends, and that a phone asks for when it opens a tab again."""
    known = current_app.create_url_adapter(request)
    parts = [part for part in request.path.split("/") if part]
    while parts and known and not known.test("/" + "/".join(parts), "GET"):
        parts.pop()
    return "/" + "/".join(parts)


def _show_too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Of a file it is said at its field. Nobody looked yet who sends it, so the door comes first."""
    page = FILES.get(request.endpoint or "")
    if page is None:
        return _show_http_error(error)
    sentence = gettext("Dit bestand is te groot. Het mag hooguit %(most)s MB zijn.", most=MOST_MEGABYTES)
    try:
        return _pass_the_door() or (page(sentence, **(request.view_args or {})), 413)
    except Refused as refused:
        return _show_refusal(refused)


def _show_failure(_error: Exception) -> ResponseReturnValue:
    log.exception("request failed", endpoint=request.endpoint)
    refusal = Refused(gettext("Er ging iets mis in de app. Probeer het zo nog eens."))
    refusal.status = 500
    return _show_refusal(refusal)


def _heading(status: int) -> str:
    return {
        401: gettext("Log eerst in"),
        403: gettext("Geen toegang"),
        404: gettext("Niet gevonden"),
        429: gettext("Even wachten"),
    }.get(status, gettext("Dat lukte niet"))


def _back() -> str:
    """The page somebody came from, when it is one of ours."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc == request.host and came_from.path != request.path:
        return came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return request.path if request.method == "POST" and came_from.path == request.path else "/"
