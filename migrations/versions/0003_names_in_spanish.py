"""Skills carry the name by which they are known in Spanish."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; loading the taxonomy fills it."""
    op.add_column("skills", sa.Column("name_es", sa.String(length=160), nullable=True))


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.drop_column("name_es")
