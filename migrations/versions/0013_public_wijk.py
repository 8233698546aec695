"""Public wijk"""

revision = "0013_public_wijk"
down_revision = "0012_combined_offers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
