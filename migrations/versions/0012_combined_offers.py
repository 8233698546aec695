"""Combined offers"""

revision = "0012_combined_offers"
down_revision = "0011_trusted_capacity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
