"""Public wijk"""

import sqlalchemy as sa
from alembic import op

revision = "0013_public_wijk"
down_revision = "0012_combined_offers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ehealth_triage",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("aids", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_ehealth_triage_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["wijk_id"], ["wijk.id"], name=op.f("fk_ehealth_triage_wijk_id_wijk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ehealth_triage")),
        sa.UniqueConstraint(
            "organisation_id", "form_id", name=op.f("uq_ehealth_triage_organisation_id_form_id")
        ),
    )
    with op.batch_alter_table("ehealth_triage", schema=None) as batch_op:
        batch_op.create_index("ix_ehealth_triage_wijk_id_decided_at", ["wijk_id", "decided_at"], unique=False)

    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("shown_where", sa.String(length=32), server_default="pc4", nullable=False)
        )

    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.add_column(sa.Column("names_wijk", sa.Boolean(), server_default=sa.true(), nullable=False))

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_public_page", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("on_public_page")

    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_column("names_wijk")

    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.drop_column("shown_where")

    with op.batch_alter_table("ehealth_triage", schema=None) as batch_op:
        batch_op.drop_index("ix_ehealth_triage_wijk_id_decided_at")

    op.drop_table("ehealth_triage")
