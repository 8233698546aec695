"""Regions, wijken, postcodes, teams, contact persons; kinds of care, skills, insurers."""

import sqlalchemy as sa
from alembic import op

revision = "0002_directory"
down_revision = "0001_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "care_product",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("law", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("min_level", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_care_product")),
    )
    op.create_table(
        "insurer",
        sa.Column("uzovi", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("concern", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("uzovi", name=op.f("pk_insurer")),
    )
    op.create_table(
        "region",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("name", name=op.f("uq_region_name")),
    )
    op.create_table(
        "skill",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("reserved_act", sa.Boolean(), nullable=False),
        sa.Column("min_level", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_skill")),
    )
    op.create_table(
        "region_organisation",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_region_organisation_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["region.id"],
            name=op.f("fk_region_organisation_region_id_region"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("region_id", "organisation_id", name=op.f("pk_region_organisation")),
    )
    op.create_index(
        op.f("ix_region_organisation_organisation_id"), "region_organisation", ["organisation_id"]
    )
    op.create_table(
        "wijk",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("municipality", sa.String(length=120), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("inhabitants", sa.Integer(), nullable=True),
        sa.Column("shared_phone", sa.String(length=16), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_wijk_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wijk")),
        sa.UniqueConstraint("code", name=op.f("uq_wijk_code")),
    )
    op.create_index(op.f("ix_wijk_region_id"), "wijk", ["region_id"])
    op.create_table(
        "contact_person",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_contact_person_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_contact_person_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_contact_person_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["contact_person.id"],
            name=op.f("fk_contact_person_successor_id_contact_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["wijk_id"], ["wijk.id"], name=op.f("fk_contact_person_wijk_id_wijk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_person")),
    )
    op.create_index(op.f("ix_contact_person_account_id"), "contact_person", ["account_id"])
    op.create_index(
        "ix_contact_person_organisation_id_wijk_id", "contact_person", ["organisation_id", "wijk_id"]
    )
    op.create_index(op.f("ix_contact_person_wijk_id"), "contact_person", ["wijk_id"])
    op.create_index(
        "uq_contact_person_lasting",
        "contact_person",
        ["organisation_id", "wijk_id", "duty"],
        unique=True,
        sqlite_where=sa.text("valid_until IS NULL"),
        postgresql_where=sa.text("valid_until IS NULL"),
    )
    op.create_table(
        "postcode",
        sa.Column("pc4", sa.String(length=4), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("inhabitants", sa.Integer(), nullable=True),
        sa.Column("wijk_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["wijk_id"], ["wijk.id"], name=op.f("fk_postcode_wijk_id_wijk")),
        sa.PrimaryKeyConstraint("pc4", name=op.f("pk_postcode")),
    )
    op.create_index(op.f("ix_postcode_wijk_id"), "postcode", ["wijk_id"])
    op.create_table(
        "team",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("highest_level", sa.Integer(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("contracts", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("highest_level BETWEEN 2 AND 6", name=op.f("ck_team_level_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_team_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["wijk_id"], ["wijk.id"], name=op.f("fk_team_wijk_id_wijk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint(
            "organisation_id", "wijk_id", "name", name=op.f("uq_team_organisation_id_wijk_id_name")
        ),
    )
    op.create_index(op.f("ix_team_organisation_id"), "team", ["organisation_id"])
    op.create_index("ix_team_wijk_id_active", "team", ["wijk_id", "active"])
    op.create_table(
        "wijk_neighbour",
        sa.Column("wijk_id", sa.Uuid(), nullable=False),
        sa.Column("neighbour_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("wijk_id <> neighbour_id", name=op.f("ck_wijk_neighbour_not_itself")),
        sa.ForeignKeyConstraint(
            ["neighbour_id"],
            ["wijk.id"],
            name=op.f("fk_wijk_neighbour_neighbour_id_wijk"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["wijk_id"], ["wijk.id"], name=op.f("fk_wijk_neighbour_wijk_id_wijk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("wijk_id", "neighbour_id", name=op.f("pk_wijk_neighbour")),
    )


def downgrade() -> None:
    op.drop_table("wijk_neighbour")
    op.drop_table("team")
    op.drop_table("postcode")
    op.drop_table("contact_person")
    op.drop_table("wijk")
    op.drop_table("region_organisation")
    op.drop_table("skill")
    op.drop_table("region")
    op.drop_table("insurer")
    op.drop_table("care_product")
