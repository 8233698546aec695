"""The one blueprint of this room; the modules beside it hang their pages on it."""

from flask import Blueprint

bp = Blueprint("people", "wijkapp")
