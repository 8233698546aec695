"""Whom to ring now, for a telephone switch: JSON, and plain text of numbers. No log in: a secret token."""

from uuid import UUID

import structlog
from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from wijkapp.kit.errors import Refused, TooMany
from wijkapp.kit.limits import limiter
from wijkapp.rota.service import addresses, ring

log = structlog.get_logger()

bp = Blueprint("rota_switch", __name__, url_prefix="/api/v1/dienst")

AT_MOST = "120 per minute"
"""Of one address: a call is a question, and a region has one number."""


@bp.get("/<uuid:region_id>/nu")
@limiter.limit(AT_MOST)
def now(region_id: UUID) -> ResponseReturnValue:
    """Who is on duty now and next, and whom to ring in which order."""
    return jsonify(ring.as_json(ring.ring(_token(), region_id)))


@bp.get("/<uuid:region_id>/nu.txt")
@limiter.limit(AT_MOST)
def now_text(region_id: UUID) -> ResponseReturnValue:
    """Numbers to ring, one on a line, the first to be rung first. Empty: there is none."""
    lines = ring.ring(_token(), region_id).numbers
    return Response("".join(f"{number}\n" for number in lines), content_type="text/plain; charset=utf-8")


def _token() -> str:
    """From `Authorization: Bearer ...`, or from the address (?token=...) for who cannot send headers."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else request.args.get("token", "")


@bp.errorhandler(Refused)
def _refused(refused: Refused) -> ResponseReturnValue:
    """A machine reads this: no page, no log in."""
    sentence = str(refused.sentence)
    if request.path.endswith(".txt"):
        return Response(f"{sentence}\n", refused.status, content_type="text/plain; charset=utf-8")
    return jsonify(error=sentence), refused.status


@bp.errorhandler(429)
def _too_many(_error: HTTPException) -> ResponseReturnValue:
    return _refused(TooMany())


@bp.after_request
def _keep_nothing(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.teardown_request
def _write_down(_error: BaseException | None) -> None:
    write_down()


def write_down() -> None:
    """When addresses were used; the answer is fine when that cannot be written."""
    if not addresses.waiting():
        return
    try:
        addresses.write_down()
    except Exception:
        log.exception("use of an address could not be written down")
