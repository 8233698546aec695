"""Documents to print: typst templates beside the pages, values in, an accessible PDF (PDF/UA-1) out."""

import json
from pathlib import Path
from typing import Any

import typst

from wijkapp.kit.aside import aside

TEMPLATES = Path(__file__).parent.parent / "templates"


def pdf(template: str, values: dict[str, Any]) -> bytes:
    """A printable document.

    template  path under `templates/`, as in "clients/leaflet.typ"; it reads `json(bytes(sys.inputs.values))`
    values    what goes in, as JSON can hold it; typst never runs it as code
    """
    written = json.dumps(values)
    return aside(lambda: _compiled(TEMPLATES / template, written))


def _compiled(template: Path, values: str) -> bytes:
    """PDF/UA-1 refuses a character that no font here has: then the same without that promise."""
    given: dict[str, Any] = {"root": TEMPLATES, "sys_inputs": {"values": values}}
    try:
        return typst.compile(template, **given, pdf_standards=["ua-1"])
    except typst.TypstError as wrong:
        if "could not be displayed" not in str(wrong):
            raise
        return typst.compile(template, **given)
