"""Care requests, who was asked, offers and placements."""

import sqlalchemy as sa
from alembic import op

revision = "0004_matching"
down_revision = "0003_capacity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "care_request",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("posted_by_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pc4", sa.String(length=4), nullable=False),
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("moments", sa.Text(), nullable=False),
        sa.Column("minutes_per_week", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.String(length=32), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("ehealth", sa.String(length=32), nullable=False),
        sa.Column("carer_gender", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("uzovi", sa.String(length=4), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalate_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minutes_per_week > 0", name=op.f("ck_care_request_minutes_positive")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_care_request_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["pc4"], ["postcode.pc4"], name=op.f("fk_care_request_pc4_postcode")),
        sa.ForeignKeyConstraint(
            ["posted_by_id"], ["account.id"], name=op.f("fk_care_request_posted_by_id_account")
        ),
        sa.ForeignKeyConstraint(["uzovi"], ["insurer.uzovi"], name=op.f("fk_care_request_uzovi_insurer")),
        sa.ForeignKeyConstraint(["wijk_id"], ["wijk.id"], name=op.f("fk_care_request_wijk_id_wijk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_request")),
        sa.UniqueConstraint(
            "organisation_id", "form_id", name=op.f("uq_care_request_organisation_id_form_id")
        ),
    )
    op.create_index(
        "ix_care_request_due",
        "care_request",
        ["escalate_at"],
        sqlite_where=sa.text("status IN ('open', 'offered')"),
        postgresql_where=sa.text("status IN ('open', 'offered')"),
    )
    op.create_index(
        "ix_care_request_organisation_id_posted_at", "care_request", ["organisation_id", "posted_at"]
    )
    op.create_index("ix_care_request_wijk_id_status", "care_request", ["wijk_id", "status"])
    op.create_table(
        "invitation",
        sa.Column("care_request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("distance", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.String(length=32), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["care_request_id"],
            ["care_request.id"],
            name=op.f("fk_invitation_care_request_id_care_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_invitation_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint(
            "care_request_id", "organisation_id", name=op.f("uq_invitation_care_request_id_organisation_id")
        ),
    )
    op.create_index("ix_invitation_organisation_id_asked_at", "invitation", ["organisation_id", "asked_at"])
    op.create_table(
        "offer",
        sa.Column("care_request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("offered_by_id", sa.Uuid(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("minutes_per_week", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minutes_per_week > 0", name=op.f("ck_offer_minutes_positive")),
        sa.ForeignKeyConstraint(
            ["care_request_id"],
            ["care_request.id"],
            name=op.f("fk_offer_care_request_id_care_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["account.id"], name=op.f("fk_offer_offered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_offer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_offer_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_care_request_id"), "offer", ["care_request_id"])
    op.create_index(
        "uq_offer_standing",
        "offer",
        ["care_request_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "placement",
        sa.Column("care_request_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_by", sa.String(length=32), nullable=False),
        sa.Column("shown_offers", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.String(length=32), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["care_request_id"],
            ["care_request.id"],
            name=op.f("fk_placement_care_request_id_care_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_placement_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_placement_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    op.create_index(
        "uq_placement_lasting",
        "placement",
        ["care_request_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "placement_take",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_placement_take_placement_id_placement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["take_id"], ["capacity_take.id"], name=op.f("fk_placement_take_take_id_capacity_take")
        ),
        sa.PrimaryKeyConstraint("placement_id", "take_id", name=op.f("pk_placement_take")),
    )


def downgrade() -> None:
    op.drop_table("placement_take")
    op.drop_table("placement")
    op.drop_table("offer")
    op.drop_table("invitation")
    op.drop_table("care_request")
