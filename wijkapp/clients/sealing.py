"""Sealing the fields of one row: each bound to its table, its row and its column."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import inspect

from wijkapp.kit.crypto import seal, unseal
from wijkapp.kit.db import Base

SEALED = "_sealed"

Row = TypeVar("Row", bound=Base)


def place(table: str, row_id: UUID, column: str) -> str:
    """Where a sealed value belongs; it opens nowhere else."""
    return f"{table}|{row_id}|{column}"


def write(key: bytes, row: Row, **texts: str) -> Row:
    """Put these texts, sealed, in the row's columns of the same name. The row must have its id."""
    for name, text in texts.items():
        setattr(row, name + SEALED, seal(key, text.encode(), _place_of(row, name + SEALED)))
    return row


def read(key: bytes, row: Base, name: str) -> str:
    """The text of one column. Raises CannotOpen."""
    return unseal(key, getattr(row, name + SEALED), _place_of(row, name + SEALED)).decode()


def reseal(old: bytes, new: bytes, row: Base) -> None:
    """Everything in the row goes over to another key."""
    for column in inspect(type(row)).columns:
        if column.key.endswith(SEALED):
            name = column.key.removesuffix(SEALED)
            write(new, row, **{name: read(old, row, name)})


def _place_of(row: Base, column: str) -> str:
    (row_id,) = inspect(type(row)).primary_key_from_instance(row)
    if row_id is None:
        raise ValueError(f"{row.__tablename__}: a row is sealed after it has its id")
    return place(row.__tablename__, row_id, column)
