"""Agreed terms"""

import sqlalchemy as sa
from alembic import op

revision = "0010_agreed_terms"
down_revision = "0009_chat"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terms_version",
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_terms_version_made_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["wijk_id"], ["wijk.id"], name=op.f("fk_terms_version_wijk_id_wijk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_version")),
    )
    with op.batch_alter_table("terms_version", schema=None) as batch_op:
        batch_op.create_index("ix_terms_version_wijk_id_valid_from", ["wijk_id", "valid_from"], unique=False)

    with op.batch_alter_table("wijk", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shared_mail", sa.String(length=254), nullable=True))

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wave", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True))
    # Whoever was asked before there were waves was rung with everybody else, in the first.
    op.execute("UPDATE invitation SET wave = 1, rung_at = asked_at WHERE asked_at IS NOT NULL")

    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terms", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("round_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("wave", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("ladder", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("unfillable_reason", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("outside_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE care_request SET round_at = posted_at")
    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.alter_column("round_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("wave", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("ladder", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.drop_column("outside_at")
        batch_op.drop_column("unfillable_reason")
        batch_op.drop_column("ladder")
        batch_op.drop_column("wave")
        batch_op.drop_column("round_at")
        batch_op.drop_column("terms")

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_column("rung_at")
        batch_op.drop_column("wave")

    with op.batch_alter_table("wijk", schema=None) as batch_op:
        batch_op.drop_column("shared_mail")

    with op.batch_alter_table("terms_version", schema=None) as batch_op:
        batch_op.drop_index("ix_terms_version_wijk_id_valid_from")
    op.drop_table("terms_version")
