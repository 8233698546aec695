"""Onlookers: since when, and by whom an organisation was invited to look at a region"""

import sqlalchemy as sa
from alembic import op

revision = "0024_onlookers"
down_revision = "0023_signatories"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("region_organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("invited_by_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_region_organisation_invited_by_id_account"),
            "account",
            ["invited_by_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("region_organisation", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_region_organisation_invited_by_id_account"), type_="foreignkey"
        )
        batch_op.drop_column("invited_by_id")
        batch_op.drop_column("invited_at")
