"""Skills and occupations carry the name by which they are known in Spanish."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; loading the taxonomy fills them."""
    op.add_column("skills", sa.Column("name_es", sa.String(length=160), nullable=True))
    op.add_column("occupations", sa.Column("title_es", sa.String(length=160), nullable=True))
    op.add_column("occupation_titles", sa.Column("language", sa.String(length=2), nullable=False, server_default="en"))


def downgrade() -> None:
    """Drop the columns."""
    for table, column in (("occupation_titles", "language"), ("occupations", "title_es"), ("skills", "name_es")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
