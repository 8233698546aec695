"""Ladder: who hears of a step is a choice; a seat is of an account; what shows a point besides words"""

import sqlalchemy as sa
from alembic import op

revision = "0022_ladder"
down_revision = "0021_absences"
branch_labels = None
depends_on = None

BODY_KNOWN = "(hears = 'body') = (body_id IS NOT NULL)"
PROOF_KNOWN = (
    "(version_id IS NULL OR (proof IS NOT NULL AND proof = 'version'))"
    " AND (paper_id IS NULL OR (proof IS NOT NULL AND proof = 'paper'))"
)


def upgrade() -> None:
    with op.batch_alter_table("agreement_escalation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hears", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("body_id", sa.Uuid(), nullable=True))
        batch_op.alter_column("who", new_column_name="note", existing_type=sa.String(length=500))
        batch_op.create_foreign_key(
            batch_op.f("fk_agreement_escalation_body_id_agreement_body"),
            "agreement_body",
            ["body_id"],
            ["id"],
        )
    # Whom every step was told to until now.
    op.execute("UPDATE agreement_escalation SET hears = 'all'")
    with op.batch_alter_table("agreement_escalation", schema=None) as batch_op:
        batch_op.alter_column("hears", existing_type=sa.String(length=32), nullable=False)
        batch_op.create_check_constraint("body_known", BODY_KNOWN)

    with op.batch_alter_table("agreement_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proof", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("version_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("paper_id", sa.Uuid(), nullable=True))
        batch_op.create_index("ix_agreement_item_paper_id", ["paper_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_agreement_item_version_id_document_version"),
            "document_version",
            ["version_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_agreement_item_paper_id_organisation_paper"),
            "organisation_paper",
            ["paper_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_check_constraint("proof_known", PROOF_KNOWN)

    with op.batch_alter_table("agreement_seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_agreement_seat_account_id_account"), "account", ["account_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("agreement_seat", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_agreement_seat_account_id_account"), type_="foreignkey")
        batch_op.drop_column("account_id")

    with op.batch_alter_table("agreement_item", schema=None) as batch_op:
        batch_op.drop_constraint("proof_known", type_="check")
        batch_op.drop_constraint(
            batch_op.f("fk_agreement_item_paper_id_organisation_paper"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_agreement_item_version_id_document_version"), type_="foreignkey"
        )
        batch_op.drop_index("ix_agreement_item_paper_id")
        batch_op.drop_column("paper_id")
        batch_op.drop_column("version_id")
        batch_op.drop_column("proof")

    with op.batch_alter_table("agreement_escalation", schema=None) as batch_op:
        batch_op.drop_constraint("body_known", type_="check")
        batch_op.drop_constraint(
            batch_op.f("fk_agreement_escalation_body_id_agreement_body"), type_="foreignkey"
        )
        batch_op.alter_column("note", new_column_name="who", existing_type=sa.String(length=500))
        batch_op.drop_column("body_id")
        batch_op.drop_column("hears")
