"""Rota"""

import sqlalchemy as sa
from alembic import op

revision = "0015_rota"
down_revision = "0014_oversight"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "night_sheet",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_night_sheet_region_id_region"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("region_id", "day", name=op.f("pk_night_sheet")),
    )
    op.create_table(
        "rota_address",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_rota_address_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["account.id"],
            name=op.f("fk_rota_address_made_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_rota_address_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_rota_address_region_id_region"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_address")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_rota_address_secret_hash")),
    )
    with op.batch_alter_table("rota_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rota_address_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rota_address_region_id"), ["region_id"], unique=False)

    op.create_table(
        "rota_member",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("exempt_nights", sa.Boolean(), nullable=False),
        sa.Column("first_balance", sa.Integer(), nullable=False),
        sa.Column("first_holidays", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("level BETWEEN 2 AND 6", name=op.f("ck_rota_member_level_known")),
        sa.CheckConstraint("share BETWEEN 1 AND 150", name=op.f("ck_rota_member_share_fits")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_rota_member_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_rota_member_region_id_region"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_member")),
        sa.UniqueConstraint("region_id", "account_id", name=op.f("uq_rota_member_region_id_account_id")),
    )
    with op.batch_alter_table("rota_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rota_member_account_id"), ["account_id"], unique=False)

    op.create_table(
        "rota_plan",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_rota_plan_ends_later")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_rota_plan_made_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["account.id"],
            name=op.f("fk_rota_plan_published_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_rota_plan_region_id_region"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_plan")),
    )
    with op.batch_alter_table("rota_plan", schema=None) as batch_op:
        batch_op.create_index("ix_rota_plan_region_id_first_day", ["region_id", "first_day"], unique=True)

    op.create_table(
        "rota_terms_version",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_rota_terms_version_made_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["region.id"],
            name=op.f("fk_rota_terms_version_region_id_region"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_terms_version")),
    )
    with op.batch_alter_table("rota_terms_version", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rota_terms_version_region_id_valid_from", ["region_id", "valid_from"], unique=False
        )

    op.create_table(
        "duty",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("block", sa.String(length=16), nullable=False),
        sa.Column("line", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("holiday", sa.Boolean(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_duty_ends_later")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["rota_member.id"], name=op.f("fk_duty_member_id_rota_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rota_plan.id"], name=op.f("fk_duty_plan_id_rota_plan"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_duty_region_id_region"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint(
            "region_id",
            "starts_at",
            "block",
            "line",
            "seat",
            name=op.f("uq_duty_region_id_starts_at_block_line_seat"),
        ),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index("ix_duty_member_id_ends_at", ["member_id", "ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index("ix_duty_region_id_ends_at", ["region_id", "ends_at"], unique=False)

    op.create_table(
        "plan_run",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("rota", sa.Text(), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("cancel", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_plan_run_asked_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rota_plan.id"], name=op.f("fk_plan_run_plan_id_rota_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_run")),
    )
    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.create_index(
            "ix_plan_run_one_at_once",
            ["plan_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )
        batch_op.create_index(batch_op.f("ix_plan_run_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "rota_absence",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_rota_absence_ends_later")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["rota_member.id"],
            name=op.f("fk_rota_absence_member_id_rota_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_absence")),
    )
    with op.batch_alter_table("rota_absence", schema=None) as batch_op:
        batch_op.create_index("ix_rota_absence_member_id_starts_at", ["member_id", "starts_at"], unique=False)

    op.create_table(
        "rota_exception",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"],
            ["account.id"],
            name=op.f("fk_rota_exception_accepted_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["rota_member.id"],
            name=op.f("fk_rota_exception_member_id_rota_member"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["rota_plan.id"],
            name=op.f("fk_rota_exception_plan_id_rota_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_exception")),
    )
    with op.batch_alter_table("rota_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rota_exception_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rota_exception_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "rota_target",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["rota_member.id"],
            name=op.f("fk_rota_target_member_id_rota_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rota_plan.id"], name=op.f("fk_rota_target_plan_id_rota_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "member_id", name=op.f("pk_rota_target")),
    )
    with op.batch_alter_table("rota_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rota_target_member_id"), ["member_id"], unique=False)

    op.create_table(
        "rota_wish",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("block", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["rota_member.id"],
            name=op.f("fk_rota_wish_member_id_rota_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "day", "block", name=op.f("pk_rota_wish")),
    )
    op.create_table(
        "duty_call",
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("caller", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_site_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duty.id"], name=op.f("fk_duty_call_duty_id_duty"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["rota_member.id"],
            name=op.f("fk_duty_call_member_id_rota_member"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_call")),
    )
    with op.batch_alter_table("duty_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_call_duty_id"), ["duty_id"], unique=False)

    op.create_table(
        "duty_handover",
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("happened", sa.String(length=500), nullable=False),
        sa.Column("still_open", sa.String(length=500), nullable=False),
        sa.Column("watch", sa.String(length=500), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_duty_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalate_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["account.id"],
            name=op.f("fk_duty_handover_confirmed_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duty.id"], name=op.f("fk_duty_handover_duty_id_duty"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["to_duty_id"], ["duty.id"], name=op.f("fk_duty_handover_to_duty_id_duty"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_duty_handover_written_by_id_account")
        ),
        sa.PrimaryKeyConstraint("duty_id", name=op.f("pk_duty_handover")),
    )
    with op.batch_alter_table("duty_handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_handover_to_duty_id"), ["to_duty_id"], unique=False)

    op.create_table(
        "duty_hold",
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_duty_hold_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duty.id"], name=op.f("fk_duty_hold_duty_id_duty"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["rota_member.id"],
            name=op.f("fk_duty_hold_member_id_rota_member"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_hold")),
        sa.UniqueConstraint("duty_id", "number", name=op.f("uq_duty_hold_duty_id_number")),
    )
    with op.batch_alter_table("duty_hold", schema=None) as batch_op:
        batch_op.create_index(
            "ix_duty_hold_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_duty_hold_member_id"), ["member_id"], unique=False)

    op.create_table(
        "duty_reach",
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duty.id"], name=op.f("fk_duty_reach_duty_id_duty"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["rota_member.id"],
            name=op.f("fk_duty_reach_member_id_rota_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("duty_id", "member_id", name=op.f("pk_duty_reach")),
    )
    with op.batch_alter_table("duty_reach", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_reach_member_id"), ["member_id"], unique=False)

    op.create_table(
        "duty_swap",
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("return_duty_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ask_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["account.id"],
            name=op.f("fk_duty_swap_asked_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["account.id"],
            name=op.f("fk_duty_swap_decided_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duty.id"], name=op.f("fk_duty_swap_duty_id_duty"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["from_id"],
            ["rota_member.id"],
            name=op.f("fk_duty_swap_from_id_rota_member"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["return_duty_id"],
            ["duty.id"],
            name=op.f("fk_duty_swap_return_duty_id_duty"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"],
            ["rota_member.id"],
            name=op.f("fk_duty_swap_taken_by_id_rota_member"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_swap")),
    )
    with op.batch_alter_table("duty_swap", schema=None) as batch_op:
        batch_op.create_index(
            "ix_duty_swap_ask_again_at",
            ["ask_again_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('open', 'approval')"),
            postgresql_where=sa.text("state IN ('open', 'approval')"),
        )
        batch_op.create_index(batch_op.f("ix_duty_swap_duty_id"), ["duty_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_swap_from_id"), ["from_id"], unique=False)
        batch_op.create_index(
            "ix_duty_swap_one_open",
            ["duty_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'approval')"),
            postgresql_where=sa.text("state IN ('open', 'approval')"),
        )

    op.create_table(
        "duty_swap_ask",
        sa.Column("swap_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["rota_member.id"],
            name=op.f("fk_duty_swap_ask_member_id_rota_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["swap_id"], ["duty_swap.id"], name=op.f("fk_duty_swap_ask_swap_id_duty_swap"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("swap_id", "member_id", name=op.f("pk_duty_swap_ask")),
    )
    with op.batch_alter_table("duty_swap_ask", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_swap_ask_member_id"), ["member_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rota_exception", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rota_exception_plan_id"))
        batch_op.drop_index(batch_op.f("ix_rota_exception_member_id"))

    op.drop_table("rota_exception")
    with op.batch_alter_table("duty_swap_ask", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_swap_ask_member_id"))

    op.drop_table("duty_swap_ask")
    with op.batch_alter_table("duty_swap", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_duty_swap_one_open",
            sqlite_where=sa.text("state IN ('open', 'approval')"),
            postgresql_where=sa.text("state IN ('open', 'approval')"),
        )
        batch_op.drop_index(batch_op.f("ix_duty_swap_from_id"))
        batch_op.drop_index(batch_op.f("ix_duty_swap_duty_id"))
        batch_op.drop_index(
            "ix_duty_swap_ask_again_at",
            sqlite_where=sa.text("state IN ('open', 'approval')"),
            postgresql_where=sa.text("state IN ('open', 'approval')"),
        )

    op.drop_table("duty_swap")
    with op.batch_alter_table("duty_reach", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_reach_member_id"))

    op.drop_table("duty_reach")
    with op.batch_alter_table("duty_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_hold_member_id"))
        batch_op.drop_index(
            "ix_duty_hold_due_at",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )

    op.drop_table("duty_hold")
    with op.batch_alter_table("duty_handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_handover_to_duty_id"))

    op.drop_table("duty_handover")
    with op.batch_alter_table("duty_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_call_duty_id"))

    op.drop_table("duty_call")
    op.drop_table("rota_wish")
    with op.batch_alter_table("rota_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rota_target_member_id"))

    op.drop_table("rota_target")
    with op.batch_alter_table("rota_absence", schema=None) as batch_op:
        batch_op.drop_index("ix_rota_absence_member_id_starts_at")

    op.drop_table("rota_absence")
    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_run_plan_id"))
        batch_op.drop_index(
            "ix_plan_run_one_at_once",
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )

    op.drop_table("plan_run")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_region_id_ends_at")
        batch_op.drop_index(batch_op.f("ix_duty_plan_id"))
        batch_op.drop_index("ix_duty_member_id_ends_at")

    op.drop_table("duty")
    with op.batch_alter_table("rota_terms_version", schema=None) as batch_op:
        batch_op.drop_index("ix_rota_terms_version_region_id_valid_from")

    op.drop_table("rota_terms_version")
    with op.batch_alter_table("rota_plan", schema=None) as batch_op:
        batch_op.drop_index("ix_rota_plan_region_id_first_day")

    op.drop_table("rota_plan")
    with op.batch_alter_table("rota_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rota_member_account_id"))

    op.drop_table("rota_member")
    with op.batch_alter_table("rota_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rota_address_region_id"))
        batch_op.drop_index(batch_op.f("ix_rota_address_account_id"))

    op.drop_table("rota_address")
    op.drop_table("night_sheet")
