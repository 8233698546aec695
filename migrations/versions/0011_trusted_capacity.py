"""Figures that can be trusted: pauses, holds, promises, reminders"""

import sqlalchemy as sa
from alembic import op

revision = "0011_trusted_capacity"
down_revision = "0010_agreed_terms"
branch_labels = None
depends_on = None

_HELD = sa.text("released_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expected_on", sa.Date(), nullable=True))
    _pause()
    _hold()
    _promise()
    _reminders()


def _of_team(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["team_id"], ["team.id"], name=op.f(f"fk_{table}_team_id_team"), ondelete="CASCADE"
    )


def _pause() -> None:
    op.create_table(
        "capacity_pause",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_capacity_pause_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_capacity_pause_made_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["account.id"], name=op.f("fk_capacity_pause_ended_by_id_account")
        ),
        _of_team("capacity_pause"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_pause")),
    )
    op.create_index("ix_capacity_pause_team_id_until_on", "capacity_pause", ["team_id", "until_on"])


def _hold() -> None:
    op.create_table(
        "capacity_hold",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("product", sa.String(length=32), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product"], ["care_product.code"], name=op.f("fk_capacity_hold_product_care_product")
        ),
        _of_team("capacity_hold"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_hold")),
        sa.UniqueConstraint("offer_id", "product", name=op.f("uq_capacity_hold_offer_id_product")),
    )
    op.create_index(
        "ix_capacity_hold_standing",
        "capacity_hold",
        ["team_id"],
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    )


def _promise() -> None:
    op.create_table(
        "capacity_promise",
        sa.Column("care_request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_capacity_promise_organisation_id_organisation"),
        ),
        _of_team("capacity_promise"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_promise")),
        sa.UniqueConstraint(
            "care_request_id", "team_id", name=op.f("uq_capacity_promise_care_request_id_team_id")
        ),
    )
    op.create_index(
        "ix_capacity_promise_organisation_id_asked_at", "capacity_promise", ["organisation_id", "asked_at"]
    )


def _reminders() -> None:
    op.create_table(
        "capacity_rhythm",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=False),
        _of_team("capacity_rhythm"),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_capacity_rhythm")),
    )
    op.create_index(op.f("ix_capacity_rhythm_remind_at"), "capacity_rhythm", ["remind_at"])
    op.create_table(
        "capacity_ask",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("tap", sa.String(length=32), nullable=True),
        sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tapped_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tapped_by_id"], ["account.id"], name=op.f("fk_capacity_ask_tapped_by_id_account")
        ),
        _of_team("capacity_ask"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_ask")),
    )
    op.create_index("ix_capacity_ask_team_id_asked_at", "capacity_ask", ["team_id", "asked_at"])


def downgrade() -> None:
    for table in (
        "capacity_ask",
        "capacity_rhythm",
        "capacity_promise",
        "capacity_hold",
        "capacity_pause",
    ):
        op.drop_table(table)
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.drop_column("expected_on")
