"""Documents"""

revision = "0018_documents"
down_revision = "0017_rollups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
