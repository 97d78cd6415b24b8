"""The schema of the first release: the record, the journal, the register, the read models, who may come in."""

import sqlalchemy as sa
from alembic import op

from mediation_engine.adapters.sql import guards

revision = "0102"
down_revision = None

OPEN = sa.text("closed IS NULL")
OF_CASES = sa.text("matter = 'case'")
UNREAD, ON_ITS_WAY = sa.text("read IS NULL"), sa.text("sent IS NULL AND dead IS NULL")
UNFILED = sa.text("filed_case IS NULL")
WORDS = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("first", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("command_id", WORDS, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
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
        "journal",
        sa.Column("chain", WORDS, primary_key=True),
        sa.Column("serial", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("organisation", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("other_names", WORDS),
        sa.Column("details", sa.LargeBinary()),
        sa.Column("salt", sa.LargeBinary()),
    )
    op.create_table(
        "people_keys",
        sa.Column("person", WORDS, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary()),
        sa.Column("salt", sa.LargeBinary()),
    )
    op.create_table(
        "people_erasures",
        sa.Column("person", WORDS, primary_key=True),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("ground", WORDS, nullable=False),
        sa.Column("basis", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("salt", sa.LargeBinary()),
    )
    op.create_table(
        "same_people",
        sa.Column("one", WORDS, primary_key=True),
        sa.Column("other", WORDS, primary_key=True),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.LargeBinary()),
    )
    op.create_table(
        "people_index",
        sa.Column("kind", WORDS, primary_key=True),
        sa.Column("value", sa.LargeBinary(), primary_key=True),
        sa.Column("person", WORDS, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organisations",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("short_name", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("parent", WORDS),
        sa.Column("level", WORDS),
        sa.Column("since", WORDS),
        sa.Column("until", WORDS),
        sa.Column("contact", WORDS),
        sa.Column("salt", sa.LargeBinary()),
    )
    op.create_table(
        "actors",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("organisation", WORDS, nullable=False),
        sa.Column("offices", WORDS, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.LargeBinary()),
    )
    op.create_table(
        "numbers",
        sa.Column("organisation", WORDS, primary_key=True),
        sa.Column("track", WORDS, primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "exhibits",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("blob", WORDS, nullable=False),
        sa.Column("sealed", WORDS, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("pepper", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_list",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workflow", WORDS, nullable=False),
        sa.Column("organisation", WORDS, nullable=False),
        sa.Column("matter", WORDS, nullable=False),
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
        sa.Column("mediator", WORDS),
        sa.Column("agreed", sa.BigInteger()),
        sa.Column("open_parts", sa.Integer(), nullable=False),
        sa.Column("kind", WORDS),
        sa.Column("district", WORDS),
        sa.Column("raised", WORDS),
        sa.Column("settled", WORDS),
        sa.Column("reporter", WORDS),
        sa.Column("predecessor", WORDS),
        sa.Column("kept", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "due_dates",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("instance", WORDS, primary_key=True),
        sa.Column("kind", WORDS, primary_key=True),
        sa.Column("due", WORDS, nullable=False),
        sa.Column("lapses", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("event", WORDS, nullable=False),
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
        sa.Column("person", WORDS),
        sa.Column("reason", WORDS),
        sa.Column("salt", sa.LargeBinary()),
    )
    op.create_index("case_list_by_organisation", "case_list", ["organisation", "case"])
    following = sa.text("predecessor IS NOT NULL")
    op.create_index(
        "case_list_by_predecessor",
        "case_list",
        ["predecessor"],
        sqlite_where=following,
        postgresql_where=following,
    )
    reported = sa.text("reporter IS NOT NULL")
    op.create_index(
        "case_list_by_reporter",
        "case_list",
        ["reporter", "opened", "case"],
        sqlite_where=reported,
        postgresql_where=reported,
    )
    for name, column in (("case_list_open", "organisation"), ("case_list_by_mediator", "mediator")):
        op.create_index(name, "case_list", [column, "case"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("case_list_by_dispute", "case_list", ["organisation", "dispute", "case"])
    op.create_index("case_list_by_mediator_and_opening", "case_list", ["mediator", "organisation", "opened", "case"])
    op.create_index(
        "ix_case_list_number", "case_list", ["number"], unique=True, sqlite_where=OF_CASES, postgresql_where=OF_CASES
    )
    op.create_index("case_list_by_number", "case_list", ["number", "matter", "organisation"], unique=True)
    for name, which in (("due_dates_by_day", sa.text("NOT lapses")), ("due_dates_lapsing", sa.text("lapses"))):
        columns = ["due", "case", "instance", "kind"]
        op.create_index(name, "due_dates", columns, sqlite_where=which, postgresql_where=which)
    op.create_index(
        "due_dates_waiting",
        "due_dates",
        ["due"],
        sqlite_where=sa.text("kind = 'wait'"),
        postgresql_where=sa.text("kind = 'wait'"),
    )
    op.create_index("ix_reads_case", "reads", ["case"])
    op.create_index("ix_reads_person", "reads", ["person"])
    op.create_index("ix_same_people_other", "same_people", ["other"])
    op.create_index("ix_people_index_person", "people_index", ["person"])
    op.create_table(
        "named",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("instance", WORDS, primary_key=True),
        sa.Column("person", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "corrections",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("corrects", sa.Integer(), nullable=False),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.Column("actor", WORDS),
        sa.Column("recorded", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_corrections_recorded", "corrections", ["recorded"])
    op.create_table(
        "marks",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("code", WORDS, primary_key=True),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("actor", WORDS),
        sa.Column("recorded", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_marks_recorded", "marks", ["recorded"])
    op.create_table(
        "tasks",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("instance", WORDS, primary_key=True),
        sa.Column("kind", WORDS, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mentions",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("other", WORDS, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mentions_other", "mentions", ["other"])
    op.create_table(
        "counted",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("what", WORDS, primary_key=True),
        sa.Column("key", WORDS, primary_key=True),
        sa.Column("known", WORDS, primary_key=True),
        sa.Column("until", WORDS),
        sa.Column("organisation", WORDS, nullable=False),
        sa.Column("day", WORDS),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("form", WORDS, nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("people", sa.BigInteger()),
        sa.Column("district", WORDS, nullable=False),
        sa.Column("dispute", WORDS, nullable=False),
        sa.Column("source", WORDS, nullable=False),
        sa.Column("mediator", WORDS, nullable=False),
        sa.Column("level", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "counted_by_what",
        "counted",
        [
            *("organisation", "what", "day", "kind", "known", "until", "form", "amount", "people"),
            *("district", "dispute", "source", "mediator", "level"),
        ],
    )
    op.create_table("uncounted", sa.Column("case", WORDS, primary_key=True), sqlite_with_rowid=False)
    for table, owner in (("number_words", "case"), ("name_words", "person")):
        op.create_table(
            table,
            sa.Column("word", WORDS, primary_key=True),
            sa.Column(owner, WORDS, primary_key=True),
            sqlite_with_rowid=False,
        )
        op.create_index(f"ix_{table}_{owner}", table, [owner])
    op.create_index("ix_named_person", "named", ["person"])
    op.create_table(
        "accounts",
        sa.Column("actor", WORDS, primary_key=True),
        sa.Column("password", WORDS, nullable=False),
        sa.Column("changed", WORDS, nullable=False),
        sa.Column("once_until", WORDS),
        sa.Column("totp", WORDS),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_ins",
        sa.Column("key", WORDS, primary_key=True),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("began", WORDS, nullable=False),
        sa.Column("seen", WORDS, nullable=False),
        sa.Column("device", WORDS, nullable=False),
        sa.Column("kept", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tries",
        sa.Column("key", WORDS, primary_key=True),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("last", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sign_ins_actor", "sign_ins", ["actor"])
    op.create_table(
        "drafts",
        sa.Column("owner", WORDS, primary_key=True),
        sa.Column("path", WORDS, primary_key=True),
        sa.Column("form", WORDS, primary_key=True),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("sealed", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_drafts_at", "drafts", ["at"])
    op.create_table(
        "ledger_headers",
        sa.Column("organisation", WORDS, primary_key=True),
        sa.Column("header", WORDS, primary_key=True),
        sa.Column("column", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tokens",
        sa.Column("key", WORDS, primary_key=True),
        sa.Column("id", WORDS, nullable=False, unique=True),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("office", WORDS, nullable=False),
        sa.Column("scopes", WORDS, nullable=False),
        sa.Column("made", WORDS, nullable=False),
        sa.Column("until", WORDS, nullable=False),
        sa.Column("seen", WORDS),
        sa.Column("ended", WORDS),
        sa.Column("salt", sa.LargeBinary()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "links",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("key", WORDS, nullable=False, unique=True),
        sa.Column("pin", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("case", WORDS, nullable=False),
        sa.Column("instance", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("issued_by", WORDS, nullable=False),
        sa.Column("issued", WORDS, nullable=False),
        sa.Column("until", WORDS, nullable=False),
        sa.Column("revoked", WORDS),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("opened", WORDS),
        sa.Column("used", WORDS),
        sa.Column("session", WORDS),
        sa.Column("entered", WORDS),
        sa.Column("seen", WORDS),
        sa.Column("code", WORDS, unique=True),
        sa.Column("texts", WORDS),
        sa.Column("window", sa.Boolean(), nullable=False),
        sa.Column("called", WORDS),
        sa.Column("phone", WORDS),
        sa.Column("salt", sa.LargeBinary()),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_links_case", "links", ["case"])
    op.create_index("ix_links_called", "links", ["called"])
    op.create_index("ix_links_session", "links", ["session"])
    op.create_table(
        "substitutions",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("organisation", WORDS, nullable=False),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("acts", WORDS, nullable=False),
        sa.Column("first", WORDS, nullable=False),
        sa.Column("last", WORDS, nullable=False),
        sa.Column("named_by", WORDS, nullable=False),
        sa.Column("ended", WORDS),
        sa.Column("salt", sa.LargeBinary()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "exemptions",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("case", WORDS, nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.Column("about", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("office", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("ends", WORDS),
        sa.Column("salt", sa.LargeBinary()),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_exemptions_case", "exemptions", ["case"])
    op.create_table(
        "frozen_reports",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("organisation", WORDS, nullable=False),
        sa.Column("period", WORDS, nullable=False),
        sa.Column("forms", sa.Boolean(), nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("after", WORDS),
        sa.Column("salt", sa.LargeBinary()),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_frozen_reports_organisation", "frozen_reports", ["organisation"])
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("paper", WORDS, nullable=False),
        sa.Column("paper_day", WORDS, nullable=False),
        sa.Column("text", WORDS, nullable=False),
        sa.Column("days", WORDS, nullable=False),
        sa.Column("imported_by", WORDS, nullable=False),
        sa.Column("imported_at", WORDS, nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sqlite_with_rowid=False,
    )
    op.create_index("case_list_by_opening", "case_list", ["organisation", "opened", "case"])
    op.create_table(
        "recounts",
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("after", WORDS, nullable=False),
        sa.Column("done", WORDS),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "moved_deadlines",
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("instance", WORDS, primary_key=True),
        sa.Column("kind", WORDS, primary_key=True),
        sa.Column("before", WORDS, nullable=False),
        sa.Column("after", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "claims",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("instance", WORDS, primary_key=True),
        sa.Column("kind", WORDS, primary_key=True),
        sa.Column("due", WORDS, primary_key=True),
        sa.Column("at", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "messages",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("recipient", WORDS, nullable=False),
        sa.Column("topic", WORDS, nullable=False),
        sa.Column("case", WORDS, nullable=False),
        sa.Column("instance", WORDS, nullable=False),
        sa.Column("workflow", WORDS, nullable=False),
        sa.Column("day", WORDS, nullable=False),
        sa.Column("written", WORDS, nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("read", WORDS),
        sqlite_with_rowid=False,
    )
    op.create_index("messages_by_recipient", "messages", ["recipient", "written", "id"])
    op.create_index("messages_unread", "messages", ["recipient"], sqlite_where=UNREAD, postgresql_where=UNREAD)
    op.create_table(
        "sendings",
        sa.Column("message", WORDS, primary_key=True),
        sa.Column("channel", WORDS, primary_key=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next", WORDS, nullable=False),
        sa.Column("sent", WORDS),
        sa.Column("dead", WORDS),
        sa.Column("fault", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("sendings_on_their_way", "sendings", ["next"], sqlite_where=ON_ITS_WAY, postgresql_where=ON_ITS_WAY)
    op.create_table(
        "contacts",
        sa.Column("actor", WORDS, primary_key=True),
        sa.Column("channel", WORDS, primary_key=True),
        sa.Column("address", WORDS, nullable=False),
        sa.Column("takes", WORDS, nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "parked",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("kind", WORDS, primary_key=True),
        sa.Column("instance", WORDS, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "jottings",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("made", WORDS, nullable=False),
        sa.Column("case", WORDS),
        sa.Column("key", sa.LargeBinary()),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("filed_at", WORDS),
        sa.Column("filed_case", WORDS),
        sa.Column("filed_line", sa.Integer()),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_jottings_made", "jottings", ["made"])
    op.create_index("jottings_by_actor", "jottings", ["actor", "made", "id"])
    op.create_index("jottings_unfiled", "jottings", ["actor"], sqlite_where=UNFILED, postgresql_where=UNFILED)
    op.create_table(
        "jotting_files",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("blob", WORDS, nullable=False),
        sa.Column("sealed", WORDS, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("pepper", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "heartbeats",
        sa.Column("worker", WORDS, primary_key=True),
        sa.Column("at", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    guards.set_up(op.get_bind())


def downgrade() -> None:
    for table in (
        "exemptions",
        "moved_deadlines",
        "recounts",
        "calendar_years",
        "jottings",
        "jotting_files",
        "heartbeats",
        "parked",
        "contacts",
        "sendings",
        "messages",
        "claims",
        "substitutions",
        "links",
        "tokens",
        "ledger_headers",
        "drafts",
        "tries",
        "sign_ins",
        "accounts",
        "name_words",
        "number_words",
        "frozen_reports",
        "uncounted",
        "counted",
        "mentions",
        "tasks",
        "marks",
        "corrections",
        "named",
        "reads",
        "outbox",
        "due_dates",
        "case_list",
        "exhibits",
        "numbers",
        "actors",
        "organisations",
        "people_index",
        "same_people",
        "people_erasures",
        "people_keys",
        "people",
        "journal",
        "texts",
        "orders",
    ):
        op.drop_table(table)
    guards.take_down(op.get_bind())
