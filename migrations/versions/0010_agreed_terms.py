"""Agreed terms"""

revision = "0010_agreed_terms"
down_revision = "0009_chat"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
