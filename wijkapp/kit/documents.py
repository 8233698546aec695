"""Documents to print: typst templates beside the pages, values in, an accessible PDF (PDF/UA-1) out."""

import json
from functools import partial
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
    return aside(
        partial(
            typst.compile,
            str(TEMPLATES / template),
            root=str(TEMPLATES),
            sys_inputs={"values": json.dumps(values)},
            pdf_standards=["ua-1"],
        )
    )
