"""Rollups"""

revision = "0017_rollups"
down_revision = "0016_agreements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
