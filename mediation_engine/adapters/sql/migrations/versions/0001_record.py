"""The record, the register, the read models."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WORDS = sa.String().with_variant(sa.String(collation="C"), "postgresql")
APPEND_ONLY = {
    "lines": '"case" = NEW."case" AND version = NEW.version',
    "answers": '"case" = NEW."case" AND command_id = NEW.command_id',
    "reads": "serial = NEW.serial",
}
"""Each with what makes a row the same."""


def upgrade() -> None:
    op.create_table(
        "lines",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("command_id", WORDS, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("command_id", "ordinal", name="one_effect"),
    )
    op.create_table(
        "answers",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("command_id", WORDS, primary_key=True),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("order_digest", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "texts",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("label", WORDS, nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("words", WORDS),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "people",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("phone", WORDS),
    )
    op.create_table(
        "organisations",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("short_name", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("parent", WORDS),
    )
    op.create_table(
        "actors",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("organisation", WORDS, nullable=False),
        sa.Column("offices", WORDS, nullable=False),
        sa.Column("represents", WORDS, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "numbers",
        sa.Column("organisation", WORDS, primary_key=True),
        sa.Column("track", WORDS, primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_list",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workflow", WORDS, nullable=False),
        sa.Column("organisation", WORDS, nullable=False),
        sa.Column("kind", WORDS),
        sa.Column("track", WORDS),
        sa.Column("number", WORDS),
        sa.Column("dispute", WORDS),
        sa.Column("phase", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("closed", WORDS),
        sa.Column("opened", WORDS, nullable=False),
        sa.Column("updated", WORDS, nullable=False),
        sa.Column("rounds", sa.Integer()),
        sa.Column("parties", sa.Integer()),
        sa.Column("agreed", sa.BigInteger()),
        sa.Column("open_parts", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "work_list",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("instance", WORDS, primary_key=True),
        sa.Column("state", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "due_dates",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("instance", WORDS, primary_key=True),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("due", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("event", WORDS, nullable=False),
        sa.Column("told", WORDS),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reads",
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("office", WORDS, nullable=False),
        sa.Column("case", WORDS, nullable=False),
        sa.Column("what", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
    )
    op.create_index("case_list_by_organisation", "case_list", ["organisation", "case"])
    op.create_index("ix_case_list_number", "case_list", ["number"])
    op.create_index("ix_due_dates_due", "due_dates", ["due"])
    op.create_index("ix_reads_case", "reads", ["case"])
    GUARD[op.get_bind().dialect.name]()


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
    FORGET[op.get_bind().dialect.name]()


def guard_sqlite() -> None:
    """INSERT OR REPLACE would slip past the triggers on UPDATE and DELETE: a third one stops it."""
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


def guard_postgresql() -> None:
    """One trigger for every verb, once a statement, always: also in a session that plays a replica."""
    op.execute(
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE FUNCTION gapless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        'IF NEW.version <> 1 AND NOT EXISTS (SELECT 1 FROM lines WHERE "case" = NEW."case" '
        "AND version = NEW.version - 1) THEN "
        "RAISE EXCEPTION 'lines are gapless' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute("CREATE TRIGGER lines_no_gap BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION gapless()")
    op.execute("ALTER TABLE lines ENABLE ALWAYS TRIGGER lines_no_gap")
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")


def forget_postgresql() -> None:
    op.execute("DROP FUNCTION append_only()")
    op.execute("DROP FUNCTION gapless()")


GUARD = {"sqlite": guard_sqlite, "postgresql": guard_postgresql}
FORGET = {"sqlite": lambda: None, "postgresql": forget_postgresql}
