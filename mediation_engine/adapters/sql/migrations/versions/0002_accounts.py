"""Accounts, sign-ins and failed tries: who may come in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WORDS = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("actor", WORDS, primary_key=True),
        sa.Column("password", WORDS, nullable=False),
        sa.Column("changed", WORDS, nullable=False),
        sa.Column("once_until", WORDS),
        sa.Column("totp", WORDS),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
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


def downgrade() -> None:
    for table in ("tries", "sign_ins", "accounts"):
        op.drop_table(table)
