"""The record, the register, the read models."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

APPEND_ONLY = {
    "lines": '"case" = NEW."case" AND version = NEW.version',
    "answers": "command_id = NEW.command_id",
    "reads": "serial = NEW.serial",
}
"""Each with what makes a row the same: INSERT OR REPLACE would otherwise slip past the other two triggers."""


def upgrade() -> None:
    op.create_table(
        "lines",
        sa.Column("case", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("command_id", sa.String(80), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("command_id", "ordinal", name="one_effect"),
    )
    op.create_table(
        "answers",
        sa.Column("command_id", sa.String(80), primary_key=True),
        sa.Column("case", sa.String(80), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("order_digest", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "texts",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("case", sa.String(80), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("words", sa.Text()),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("phone", sa.String(40)),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("short_name", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("parent", sa.String(80)),
    )
    op.create_table(
        "actors",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("organisation", sa.String(80), nullable=False),
        sa.Column("offices", sa.Text(), nullable=False),
        sa.Column("represents", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "numbers",
        sa.Column("organisation", sa.String(80), primary_key=True),
        sa.Column("track", sa.String(80), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_list",
        sa.Column("case", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workflow", sa.String(80), nullable=False),
        sa.Column("organisation", sa.String(80), nullable=False),
        sa.Column("track", sa.String(80), nullable=False),
        sa.Column("number", sa.String(80)),
        sa.Column("dispute", sa.String(80), nullable=False),
        sa.Column("phase", sa.String(80), nullable=False),
        sa.Column("state", sa.String(80), nullable=False),
        sa.Column("closed", sa.String(40)),
        sa.Column("opened", sa.String(32), nullable=False),
        sa.Column("updated", sa.String(32), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("parties", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.BigInteger()),
        sa.Column("open_parts", sa.Integer(), nullable=False),
    )
    op.create_table(
        "work_list",
        sa.Column("case", sa.String(80), primary_key=True),
        sa.Column("instance", sa.String(80), primary_key=True),
        sa.Column("state", sa.String(80), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "due_dates",
        sa.Column("case", sa.String(80), primary_key=True),
        sa.Column("instance", sa.String(80), primary_key=True),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("due", sa.String(10), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("case", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("event", sa.String(80), nullable=False),
        sa.Column("told", sa.String(32)),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reads",
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("office", sa.String(80), nullable=False),
        sa.Column("case", sa.String(80), nullable=False),
        sa.Column("what", sa.String(80), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
    op.create_index("ix_answers_case", "answers", ["case"])
    op.create_index("ix_texts_case", "texts", ["case"])
    op.create_index("case_list_by_organisation", "case_list", ["organisation", "case"])
    op.create_index("ix_case_list_number", "case_list", ["number"])
    op.create_index("ix_due_dates_due", "due_dates", ["due"])
    op.create_index("ix_reads_case", "reads", ["case"])
    op.execute(
        "CREATE TRIGGER lines_no_gap BEFORE INSERT ON lines WHEN NEW.version <> 1 AND NOT EXISTS "
        '(SELECT 1 FROM lines WHERE "case" = NEW."case" AND version = NEW.version - 1) '
        "BEGIN SELECT RAISE(ABORT, 'lines are gapless'); END"
    )
    for table, same in APPEND_ONLY.items():
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def downgrade() -> None:
    for table in (
        "reads",
        "outbox",
        "due_dates",
        "work_list",
        "case_list",
        "numbers",
        "actors",
        "organisations",
        "people",
        "texts",
        "answers",
        "lines",
    ):
        op.drop_table(table)
