"""Appended tables refuse changes, and the open flag keeps its grounds (invariants 3 and 8)."""

from alembic import op

from matcher.kit import append_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the triggers."""
    dialect = op.get_bind().dialect.name
    for statement in (*append_only.append_only(dialect), *append_only.open_flag(dialect)):
        op.execute(statement)


def downgrade() -> None:
    """Drop the triggers."""
    for statement in append_only.drop(op.get_bind().dialect.name):
        op.execute(statement)
