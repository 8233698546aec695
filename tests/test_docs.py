"""What the documents for whoever hosts wijkapp say is so."""

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from wijkapp.cli import main
from wijkapp.kit.config import PREFIX, Settings

HOSTING = Path("docs/hosting.md").read_text(encoding="utf-8")
SECURITY = Path("docs/security.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(WIJKAPP_\w+)` \| ([^|]*) \|", HOSTING, re.MULTILINE))


def test_every_setting_is_explained_and_no_other():
    assert set(ROWS) == {PREFIX + name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_default_in_the_table_is_the_default(name):
    default = Settings.model_fields[name].default
    assert default is not PydanticUndefined
    told = ROWS[PREFIX + name.upper()]

    if default == "":
        assert told.startswith("leeg")
    else:
        assert told == f"`{int(default) if isinstance(default, bool) else default}`"


@pytest.mark.parametrize("text", [HOSTING, SECURITY])
def test_every_setting_and_command_it_names_exists(text):
    named = set(re.findall(r"WIJKAPP_[A-Z_]+[A-Z]", text))
    assert named <= set(ROWS)

    shown = re.findall(r"`([^`\n]+)`", text) + text.splitlines()
    commands = {line.split()[1] for line in shown if re.match(r"wijkapp [a-z]", line)}
    assert commands <= set(main.commands)


@pytest.mark.parametrize("page", sorted(Path("docs").rglob("*.md")), ids=str)
def test_links_between_documents_lead_somewhere(page):
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), f"{page}: {link}"
