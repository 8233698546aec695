"""The lists that come with the app: kinds of care, skills and insurers."""

import csv
from importlib.resources import files

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from wijkapp.directory.models import CareProduct, Insurer, Skill
from wijkapp.directory.rules import InsurerStatus
from wijkapp.kit.db import transaction


def load_reference_data() -> None:
    """Bring the lists in the database up to those of this version of the app."""
    with transaction() as db:
        if db.get_bind().dialect.name == "postgresql":
            # Processes that start together would all add the same rows; SQLite lets one write at a time.
            db.execute(text("LOCK TABLE care_product IN SHARE ROW EXCLUSIVE MODE"))
        seed_reference(db)


def seed_reference(db: Session) -> None:
    """Add and update kinds of care, skills and insurers. Removes none: teams and requests point at them.

    The order of the file is the order on the page: what is asked most comes first. An insurer that an admin
    corrected stays as it is.
    """
    for position, row in enumerate(_rows("care_products.csv")):
        db.merge(
            CareProduct(
                code=row["code"],
                name=row["name"],
                law=row["law"],
                kind=row["kind"],
                min_level=_number(row["min_level"]),
                position=position,
            )
        )
    for position, row in enumerate(_rows("skills.csv")):
        db.merge(
            Skill(
                code=row["code"],
                name=row["name"],
                reserved_act=row["reserved_act"] == "1",
                min_level=_number(row["min_level"]),
                position=position,
            )
        )
    corrected = set(db.scalars(select(Insurer.uzovi).where(Insurer.status == InsurerStatus.CORRECTED)))
    for row in _rows("insurers.csv"):
        if row["uzovi"] not in corrected:
            db.merge(Insurer(**row | {"status": InsurerStatus(row["status"])}))
    db.flush()


def _rows(name: str) -> list[dict[str, str]]:
    text = files("wijkapp.directory").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _number(text: str) -> int | None:
    return int(text) if text else None
