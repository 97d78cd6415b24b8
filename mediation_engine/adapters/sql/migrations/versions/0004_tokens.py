"""Tokens: what programs come in with."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

WORDS = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
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
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("tokens")
