"""Combined offers"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0012_combined_offers"
down_revision = "0011_trusted_capacity"
branch_labels = None
depends_on = None

_LASTS = sa.text("ended_at IS NULL")
_UNTOLD = sa.text("told_at IS NULL")
_SLOTS = 28


def upgrade() -> None:
    _upgrade_request()
    _upgrade_offer()
    op.create_table(
        "choice",
        sa.Column("care_request_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_by", sa.String(length=32), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["care_request_id"],
            ["care_request.id"],
            name=op.f("fk_choice_care_request_id_care_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_choice_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
    )
    op.create_index(op.f("ix_choice_care_request_id"), "choice", ["care_request_id"])
    op.create_table(
        "choice_option",
        sa.Column("choice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["choice.id"], name=op.f("fk_choice_option_choice_id_choice"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_choice_option_offer_id_offer")),
        sa.PrimaryKeyConstraint("choice_id", "number", "offer_id", name=op.f("pk_choice_option")),
    )
    _upgrade_placement()
    op.create_table(
        "place_watch",
        sa.Column("care_request_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_place_watch_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["care_request_id"],
            ["care_request.id"],
            name=op.f("fk_place_watch_care_request_id_care_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_watch")),
    )
    op.create_index(
        "uq_place_watch_waiting",
        "place_watch",
        ["care_request_id", "account_id"],
        unique=True,
        sqlite_where=_UNTOLD,
        postgresql_where=_UNTOLD,
    )


def _upgrade_request() -> None:
    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follows_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("follow_kind", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("until_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("wants_more", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_care_request_follows_id_care_request"),
            "care_request",
            ["follows_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_index(batch_op.f("ix_care_request_follows_id"), ["follows_id"], unique=False)
    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.alter_column("wants_more", existing_type=sa.Boolean(), server_default=None)


def _upgrade_offer() -> None:
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("week", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("counter", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("comes_already", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("take_back_until", sa.DateTime(timezone=True), nullable=True))
    # Whoever offered before this spread its hours over all that was asked, and took back as long as it could.
    offer, request = _offer(), _request()
    db = op.get_bind()
    asked = sa.select(offer.c.id, offer.c.minutes_per_week, request.c.moments)
    for row in db.execute(asked.join(request, request.c.id == offer.c.care_request_id)).all():
        week = json.dumps(_spread(json.loads(row.moments), row.minutes_per_week), separators=(",", ":"))
        db.execute(sa.update(offer).where(offer.c.id == row.id).values(week=week))
    op.execute("UPDATE offer SET take_back_until = offered_at")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.alter_column("week", existing_type=sa.Text(), nullable=False)
        batch_op.alter_column("comes_already", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("take_back_until", existing_type=sa.DateTime(timezone=True), nullable=False)


def _upgrade_placement() -> None:
    op.drop_index("uq_placement_lasting", "placement")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("choice_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("week", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_placement_choice_id_choice"), "choice", ["choice_id"], ["id"]
        )
    op.execute(
        "UPDATE placement SET week = (SELECT offer.week FROM offer WHERE offer.id = placement.offer_id)"
    )
    op.execute(
        "UPDATE placement SET handed_over_at = placed_at WHERE care_request_id IN"
        " (SELECT id FROM care_request WHERE status IN ('handed_over', 'in_care', 'closed'))"
    )
    op.execute(
        "UPDATE placement SET started_at = placed_at WHERE care_request_id IN"
        " (SELECT id FROM care_request WHERE status IN ('in_care', 'closed'))"
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.alter_column("week", existing_type=sa.Text(), nullable=False)
        batch_op.create_index("ix_placement_care_request_id", ["care_request_id"], unique=False)
    _one_lasting_for_each("offer_id")


def _one_lasting_for_each(column: str) -> None:
    op.create_index(
        "uq_placement_lasting",
        "placement",
        [column],
        unique=True,
        sqlite_where=_LASTS,
        postgresql_where=_LASTS,
    )


def _offer() -> sa.TableClause:
    columns = ("id", sa.Uuid()), ("care_request_id", sa.Uuid()), ("week", sa.Text())
    typed = [sa.column(name, kind) for name, kind in columns]
    return sa.table("offer", *typed, sa.column("minutes_per_week", sa.Integer()))


def _request() -> sa.TableClause:
    return sa.table("care_request", sa.column("id", sa.Uuid()), sa.column("moments", sa.Text()))


def _spread(moments: list[int], minutes: int) -> list[int]:
    """Minutes a week over the moments, as matching.rules.week_of_minutes did at the time."""
    visits = sum(moments)
    if not visits:
        return [0] * _SLOTS
    week = [minutes * count // visits for count in moments]
    left = minutes - sum(week)
    for slot, count in enumerate(moments):
        extra = min(left, count)
        week[slot] += extra
        left -= extra
    return week


def downgrade() -> None:
    op.drop_index("uq_place_watch_waiting", "place_watch")
    op.drop_table("place_watch")
    op.drop_index("uq_placement_lasting", "placement")
    # Of a combination only one placement can stay: the last of them.
    op.execute(
        "UPDATE placement SET ended_at = placed_at"
        " WHERE ended_at IS NULL AND CAST(id AS VARCHAR(36)) NOT IN ("
        "SELECT MAX(CAST(id AS VARCHAR(36))) FROM placement WHERE ended_at IS NULL GROUP BY care_request_id)"
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index("ix_placement_care_request_id")
        batch_op.drop_constraint(batch_op.f("fk_placement_choice_id_choice"), type_="foreignkey")
        for column in ("started_at", "handed_over_at", "week", "choice_id"):
            batch_op.drop_column(column)
    _one_lasting_for_each("care_request_id")
    op.drop_table("choice_option")
    op.drop_index(op.f("ix_choice_care_request_id"), "choice")
    op.drop_table("choice")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        for column in ("take_back_until", "comes_already", "counter", "week"):
            batch_op.drop_column(column)
    with op.batch_alter_table("care_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_care_request_follows_id"))
        batch_op.drop_constraint(batch_op.f("fk_care_request_follows_id_care_request"), type_="foreignkey")
        for column in ("wants_more", "until_on", "follow_kind", "follows_id"):
            batch_op.drop_column(column)
