"""Writes the next migration out of what the models say that the migrations do not yet. Read what it wrote.

`make migration NAME="swap taker"` makes versions/0042_swap_taker.py.
"""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from wijkapp.cli import alembic_config

VERSIONS = Path(__file__).parent / "versions"


def write(name: str) -> None:
    """The next number, with these words."""
    number = max((int(path.name[:4]) for path in VERSIONS.glob("[0-9]*.py")), default=0) + 1
    words = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
    with TemporaryDirectory() as folder:
        config = alembic_config(f"sqlite:///{folder}/empty.sqlite")
        config.set_main_option("file_template", "%%(rev)s")
        command.upgrade(config, "head")
        command.revision(config, name.capitalize(), autogenerate=True, rev_id=f"{number:04}_{words}")


if __name__ == "__main__":
    if not sys.argv[1].strip():
        sys.exit('Say in a few words what it does: make migration NAME="swap taker"')
    write(sys.argv[1])
