"""Signatories: nobody is named twice for one party"""

from alembic import op

revision = "0023_signatories"
down_revision = "0022_ladder"
branch_labels = None
depends_on = None

# Of who was named twice in one moment the first stays; both have the same day on which they signed.
TWICE = """
    DELETE FROM agreement_signatory WHERE EXISTS (
        SELECT 1 FROM agreement_signatory AS other
        WHERE other.party_id = agreement_signatory.party_id
        AND other.account_id = agreement_signatory.account_id
        AND other.id < agreement_signatory.id
    )
"""


def upgrade() -> None:
    op.execute(TWICE)
    with op.batch_alter_table("agreement_signatory", schema=None) as batch_op:
        batch_op.create_unique_constraint(
            batch_op.f("uq_agreement_signatory_party_id_account_id"), ["party_id", "account_id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("agreement_signatory", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_agreement_signatory_party_id_account_id"), type_="unique")
