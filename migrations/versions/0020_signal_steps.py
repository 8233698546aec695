"""Signal steps"""

import sqlalchemy as sa
from alembic import op

revision = "0020_signal_steps"
down_revision = "0019_papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "norm_signal_step",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_norm_signal_step_agreement_id_agreement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["signal_id"],
            ["norm_signal.id"],
            name=op.f("fk_norm_signal_step_signal_id_norm_signal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("signal_id", "agreement_id", "after_days", name=op.f("pk_norm_signal_step")),
    )


def downgrade() -> None:
    op.drop_table("norm_signal_step")
