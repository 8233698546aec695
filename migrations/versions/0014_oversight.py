"""Oversight"""

import sqlalchemy as sa
from alembic import op

revision = "0014_oversight"
down_revision = "0013_public_wijk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_again",
        sa.Column("care_request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_asked_again_by_id_account")),
        sa.ForeignKeyConstraint(
            ["care_request_id"],
            ["care_request.id"],
            name=op.f("fk_asked_again_care_request_id_care_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_asked_again_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_asked_again_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_again")),
        sa.UniqueConstraint(
            "care_request_id", "organisation_id", name=op.f("uq_asked_again_care_request_id_organisation_id")
        ),
    )
    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outside_where", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("outside_by_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_care_request_outside_by_id_account"), "account", ["outside_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_care_request_outside_by_id_account"), type_="foreignkey")
        batch_op.drop_column("outside_by_id")
        batch_op.drop_column("outside_where")

    op.drop_table("asked_again")
