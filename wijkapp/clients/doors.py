"""What every door to a client's file does: say who sits there, and let nobody keep the page."""

from flask import Response, request

from wijkapp.clients.service.audit import Seat
from wijkapp.people import session


def seat() -> Seat:
    """Who looks or writes, where: as the log will have it."""
    me = session.signed_in()
    return Seat(
        account=me,
        roles=frozenset(me.role_set),
        organisation=me.organisation,
        ip=request.remote_addr,
        device_id=session.current_device_id(),
    )


def keep_nowhere(answer: Response) -> Response:
    """For `bp.after_request`: the page is not kept, whatever it says."""
    if "Cache-Control" not in answer.headers or answer.mimetype == "text/html":
        answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
