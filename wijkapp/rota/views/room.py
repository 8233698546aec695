"""The blueprints of this room; the modules beside it hang their pages on them."""

from flask import Blueprint

bp = Blueprint("rota", __name__, url_prefix="/dienst")
