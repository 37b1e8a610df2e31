"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_roles"),
        sa.UniqueConstraint("name", name="uq_roles_name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "used_ops",
        sa.Column("op_hash", sa.String(length=64), nullable=False),
        sa.Column("body_mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("op_hash", name="pk_used_ops"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "welcomes",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_welcomes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "groups",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_groups_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_groups_organisation_id", "groups", ["organisation_id"])

    op.create_table(
        "users",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_users_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_users_fs_uniquifier"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_users_organisation_id", "users", ["organisation_id"])

    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("accepted_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["accepted_by"], ["users.id"], name="fk_invitations_accepted_by"),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name="fk_invitations_invited_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_invitations_organisation_id"),
        sa.ForeignKeyConstraint(["role"], ["roles.id"], name="fk_invitations_role"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invitations_organisation_id", "invitations", ["organisation_id"])

    op.create_table(
        "meetings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=True),
        sa.Column("continues_id", sa.String(length=32), nullable=True),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("goal", sa.String(length=300), nullable=False),
        sa.Column("method_key", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("names", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("planned_for", sa.DateTime(), nullable=True),
        sa.Column("wifi", sa.LargeBinary(), nullable=True),
        sa.Column("join_host", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("here", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("paused_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("locked_at", sa.DateTime(), nullable=True),
        sa.Column("blanked_at", sa.DateTime(), nullable=True),
        sa.Column("code_shown", sa.Boolean(), nullable=False),
        sa.Column("screen_chosen_at", sa.DateTime(), nullable=True),
        sa.Column("stop_asked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["continues_id"], ["meetings.id"], name="fk_meetings_continues_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_meetings_created_by"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_meetings_group_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_meetings_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
        sa.UniqueConstraint("code", name="uq_meetings_code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_meetings_group_id", "meetings", ["group_id"])
    op.create_index("ix_meetings_organisation_id", "meetings", ["organisation_id"])

    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("role_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name="fk_user_roles_role_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_roles_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role_id", name="pk_user_roles"),
    )
    op.create_table(
        "invites",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("meeting_id", sa.String(length=32), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_invites_meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_invites"),
        sa.UniqueConstraint("code", name="uq_invites_code"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seats",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("has_phone", sa.Boolean(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.Column("admitted_at", sa.DateTime(), nullable=True),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("expelled_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_seats_meeting_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_seats_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_seats_meeting_id", "seats", ["meeting_id"])

    op.create_table(
        "transitions",
        sa.Column("meeting_id", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=20), nullable=False),
        sa.Column("from_position", sa.Integer(), nullable=False),
        sa.Column("to_position", sa.Integer(), nullable=False),
        sa.Column("by_seat_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_transitions_meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meeting_id", "turn", name="pk_transitions"),
    )
    op.create_table(
        "ops_done",
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column("op_hash", sa.String(length=64), nullable=False),
        sa.Column("body_mac", sa.String(length=64), nullable=False),
        sa.Column("contribution_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_ops_done_seat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("seat_id", "op_hash", name="pk_ops_done"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "presences",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column("came_at", sa.DateTime(), nullable=False),
        sa.Column("went_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_presences_seat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_presences"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_presences_seat_id", "presences", ["seat_id"])

    op.create_table(
        "rounds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_giver_id", sa.String(length=32), nullable=True),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.LargeBinary(), nullable=True),
        sa.Column("question", sa.LargeBinary(), nullable=True),
        sa.Column("key_question", sa.LargeBinary(), nullable=True),
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_giver_id"], ["seats.id"], name="fk_rounds_case_giver_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_rounds_meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rounds_meeting_id", "rounds", ["meeting_id"])

    op.create_table(
        "seat_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_seat_tokens_seat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_seat_tokens"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_seat_tokens_seat_id", "seat_tokens", ["seat_id"])

    op.create_table(
        "steps",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("phase", sa.JSON(), nullable=False),
        sa.Column("planned", sa.Float(), nullable=False),
        sa.Column("added", sa.Float(), nullable=False),
        sa.Column("spent", sa.Float(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=True),
        sa.Column("running_since", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("skipped_at", sa.DateTime(), nullable=True),
        sa.Column("revealed_at", sa.DateTime(), nullable=True),
        sa.Column("speakers", sa.JSON(), nullable=False),
        sa.Column("speaker", sa.String(length=32), nullable=True),
        sa.Column("item", sa.String(length=32), nullable=True),
        sa.Column("is_left_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_steps_meeting_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_steps_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_steps"),
        sa.UniqueConstraint("meeting_id", "position", name="uq_steps_meeting_id_position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contributions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=False),
        sa.Column("step_id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=True),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("capability_hash", sa.String(length=64), nullable=True),
        sa.Column("about_id", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(), nullable=True),
        sa.Column("revealed_at", sa.DateTime(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("late_at", sa.DateTime(), nullable=True),
        sa.Column("joined_to_id", sa.String(length=32), nullable=True),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("is_by_moderator", sa.Boolean(), nullable=False),
        sa.Column("brought_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_contributions_meeting_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_contributions_seat_id"),
        sa.ForeignKeyConstraint(["step_id"], ["steps.id"], name="fk_contributions_step_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_contributions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_contributions_meeting_id", "contributions", ["meeting_id"])

    op.create_table(
        "tallies",
        sa.Column("step_id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("instead", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_tallies_seat_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["step_id"], ["steps.id"], name="fk_tallies_step_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("step_id", "seat_id", "form", name="pk_tallies"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "actions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=False),
        sa.Column("contribution_id", sa.String(length=32), nullable=True),
        sa.Column("from_id", sa.String(length=32), nullable=True),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("owner_name", sa.String(length=40), nullable=False),
        sa.Column("buddy_id", sa.String(length=32), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("is_carried", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["buddy_id"], ["seats.id"], name="fk_actions_buddy_id"),
        sa.ForeignKeyConstraint(["contribution_id"], ["contributions.id"], name="fk_actions_contribution_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_actions_meeting_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["seats.id"], name="fk_actions_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_actions_meeting_id", "actions", ["meeting_id"])

    op.create_table(
        "marks",
        sa.Column("step_id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column("contribution_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name="fk_marks_contribution_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_marks_seat_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["step_id"], ["steps.id"], name="fk_marks_step_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("step_id", "seat_id", "contribution_id", name="pk_marks"),
        sqlite_with_rowid=False,
    )
