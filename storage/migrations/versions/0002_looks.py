"""looks at the own pages of ads

Revision: 0002, after 0001
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from storage.models import Key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("posting_key", Key, nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("run_id", Key, nullable=False),
        sa.Column("source", Key, nullable=False),
        sa.Column("board", Key, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("says", Key, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("etag", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("last_modified", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_key"],
            ["posting.posting_key"],
            name=op.f("fk_look_posting_key_posting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("posting_key", "at", name=op.f("pk_look")),
    )
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.create_index("ix_look_source_at", ["source", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.drop_index("ix_look_source_at")

    op.drop_table("look")
