"""The list of an organisation's cases, the latest registered first."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index("case_list_by_opening", "case_list", ["organisation", "opened", "case"])


def downgrade() -> None:
    op.drop_index("case_list_by_opening", "case_list")
