"""Agreements"""

revision = "0016_agreements"
down_revision = "0015_rota"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
