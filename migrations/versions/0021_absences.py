"""Absences: who wrote one down, and no copy of them in a run that has ended"""

import sqlalchemy as sa
from alembic import op

revision = "0021_absences"
down_revision = "0020_signal_steps"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rota_absence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said_by_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_rota_absence_said_by_id_account"),
            "account",
            ["said_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.execute("UPDATE plan_run SET problem = '{}' WHERE state NOT IN ('waiting', 'running')")
    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.drop_column("cancel")


def downgrade() -> None:
    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cancel", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.alter_column("cancel", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("rota_absence", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_rota_absence_said_by_id_account"), type_="foreignkey")
        batch_op.drop_column("said_by_id")
