"""Papers"""

import sqlalchemy as sa
from alembic import op

revision = "0019_papers"
down_revision = "0018_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_paper",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_paper_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_paper")),
        sa.UniqueConstraint(
            "organisation_id", "kind", name=op.f("uq_organisation_paper_organisation_id_kind")
        ),
    )
    with op.batch_alter_table("organisation_paper", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_paper_valid_until", ["valid_until"], unique=False)


def downgrade() -> None:
    op.drop_table("organisation_paper")
