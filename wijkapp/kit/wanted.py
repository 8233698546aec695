"""What whoever asks can do something with: a page, a part of one, or JSON."""

from flask import request


def a_part() -> bool:
    """Does the page's own script ask for a part of the page?"""
    return request.headers.get("HX-Request") == "true"


def json() -> bool:
    """Does a script ask, that reads JSON and no page?"""
    best: str | None = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return request.is_json or best == "application/json"
