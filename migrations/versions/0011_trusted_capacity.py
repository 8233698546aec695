"""Trusted capacity"""

revision = "0011_trusted_capacity"
down_revision = "0010_agreed_terms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
