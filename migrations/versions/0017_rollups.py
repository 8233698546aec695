"""Rollups"""

import sqlalchemy as sa
from alembic import op

revision = "0017_rollups"
down_revision = "0016_agreements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rollup_mark",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rollup_mark")),
    )
    op.create_table(
        "norm_signal",
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("first_week", sa.Date(), nullable=False),
        sa.Column("last_week", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wijk_id"], ["wijk.id"], name=op.f("fk_norm_signal_wijk_id_wijk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_norm_signal")),
    )
    with op.batch_alter_table("norm_signal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_norm_signal_wijk_id"), ["wijk_id"], unique=False)
        batch_op.create_index(
            "uq_norm_signal_running",
            ["wijk_id"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )

    op.create_table(
        "outsider_look",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("wijk_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_outsider_look_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_outsider_look_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_outsider_look_region_id_region"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["wijk_id"], ["wijk.id"], name=op.f("fk_outsider_look_wijk_id_wijk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outsider_look")),
    )
    with op.batch_alter_table("outsider_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outsider_look_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_outsider_look_region_id_at", ["region_id", "at"], unique=False)

    op.create_table(
        "rollup_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("urgency", sa.String(length=32), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("unplaced", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("placement", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wijk_id"], ["wijk.id"], name=op.f("fk_rollup_day_wijk_id_wijk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("day", "wijk_id", "urgency", name=op.f("pk_rollup_day")),
    )
    with op.batch_alter_table("rollup_day", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rollup_day_pending",
            ["day"],
            unique=False,
            sqlite_where=sa.text("pending > 0"),
            postgresql_where=sa.text("pending > 0"),
        )

    op.create_table(
        "rollup_week",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("unplaced", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("placement", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wijk_id"], ["wijk.id"], name=op.f("fk_rollup_week_wijk_id_wijk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("week", "wijk_id", name=op.f("pk_rollup_week")),
    )
    with op.batch_alter_table("rollup_week", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rollup_week_wijk_id"), ["wijk_id"], unique=False)

    op.create_table(
        "wijk_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("providers", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.Column("stale", sa.Integer(), nullable=False),
        sa.Column("blocks", sa.Integer(), nullable=True),
        sa.Column("covered", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["wijk_id"], ["wijk.id"], name=op.f("fk_wijk_day_wijk_id_wijk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("day", "wijk_id", name=op.f("pk_wijk_day")),
    )
    with op.batch_alter_table("wijk_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wijk_day_wijk_id"), ["wijk_id"], unique=False)

    op.create_table(
        "wijk_population",
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("inhabitants", sa.Integer(), nullable=False),
        sa.Column("from_65", sa.Integer(), nullable=True),
        sa.Column("from_75", sa.Integer(), nullable=True),
        sa.Column("from_80", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.CheckConstraint("inhabitants >= 0", name=op.f("ck_wijk_population_inhabitants_not_negative")),
        sa.ForeignKeyConstraint(
            ["wijk_id"], ["wijk.id"], name=op.f("fk_wijk_population_wijk_id_wijk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("wijk_id", "counted_on", name=op.f("pk_wijk_population")),
    )
    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.create_index("ix_care_request_posted_at", ["posted_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.drop_index("ix_care_request_posted_at")

    op.drop_table("wijk_population")
    with op.batch_alter_table("wijk_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wijk_day_wijk_id"))

    op.drop_table("wijk_day")
    with op.batch_alter_table("rollup_week", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rollup_week_wijk_id"))

    op.drop_table("rollup_week")
    with op.batch_alter_table("rollup_day", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_rollup_day_pending",
            sqlite_where=sa.text("pending > 0"),
            postgresql_where=sa.text("pending > 0"),
        )

    op.drop_table("rollup_day")
    with op.batch_alter_table("outsider_look", schema=None) as batch_op:
        batch_op.drop_index("ix_outsider_look_region_id_at")
        batch_op.drop_index(batch_op.f("ix_outsider_look_account_id"))

    op.drop_table("outsider_look")
    with op.batch_alter_table("norm_signal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_norm_signal_running",
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_norm_signal_wijk_id"))

    op.drop_table("norm_signal")
    op.drop_table("rollup_mark")
