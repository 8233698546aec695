"""The one page for people without an account: who works in a wijk, and how to ask for care.

No log in, no cookie, no script; and the only pages that search engines may keep.
"""

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.capacity import poster as paper
from wijkapp.capacity.service import public as service

bp = Blueprint("public", __name__)

ROBOTS = """User-agent: *
Allow: /wijk/
Allow: /static/
Disallow: /
"""


@bp.get("/wijk/<code>")
def wijk(code: str) -> ResponseReturnValue:
    page = make_response(render_template("public/wijk.html", wijk=service.public_wijk(code)))
    page.headers["Cache-Control"] = "public, max-age=300"
    page.headers["Vary"] = "Accept-Language, Cookie"
    return page


@bp.get("/wijk/<code>/poster.pdf")
def poster(code: str) -> ResponseReturnValue:
    address = current_app.config["SETTINGS"].address + url_for("public.wijk", code=code)
    pdf = make_response(paper.poster(service.public_wijk(code), address))
    pdf.headers["Content-Type"] = "application/pdf"
    pdf.headers["Content-Disposition"] = f'inline; filename="zorg-{code}.pdf"'
    pdf.headers["Cache-Control"] = "public, max-age=300"
    return pdf


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    return ROBOTS, 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.after_app_request
def _keep_robots_out(answer: Response) -> Response:
    if request.blueprint != "public":
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
