"""Who is a party to which case, and the words a case is found by. Filled by making the read models anew."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WORDS = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "named",
        sa.Column("case", WORDS, primary_key=True),
        sa.Column("instance", WORDS, primary_key=True),
        sa.Column("person", WORDS, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search",
        sa.Column("word", WORDS, primary_key=True),
        sa.Column("case", WORDS, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_named_person", "named", ["person"])
    op.create_index("ix_search_case", "search", ["case"])


def downgrade() -> None:
    for table in ("search", "named"):
        op.drop_table(table)
