"""Oversight"""

revision = "0014_oversight"
down_revision = "0013_public_wijk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
