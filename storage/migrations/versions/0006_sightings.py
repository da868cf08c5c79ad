"""what every sight of an ad writes stands in a narrow table: an ad that is as it was costs no writing of its texts

Revision: 0006, after 0005. On SQLite the ads are written anew once: it takes as much free disk as the file is large.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from storage.models import Key

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("last_seen", UTCDateTime(), nullable=False),
        sa.Column("last_run", Key, nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.Column("read_run", Key, nullable=True),
        sa.Column("content_hash", AutoString(), nullable=False),
        sa.Column("believed_hash", AutoString(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "sighting",
        sa.Column("posting_key", Key, nullable=False),
        *_columns(),
        sa.ForeignKeyConstraint(
            ["posting_key"], ["posting.posting_key"], name=op.f("fk_sighting_posting_key_posting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("posting_key", name=op.f("pk_sighting")),
        sqlite_with_rowid=False,
        postgresql_with={"fillfactor": 50},
    )
    op.execute(
        "INSERT INTO sighting (posting_key, last_seen, last_run, read_at, read_run, content_hash, believed_hash) "
        "SELECT posting_key, COALESCE(last_seen, read_at), last_run, read_at, read_run, content_hash, believed_hash "
        "FROM posting ORDER BY posting_key"
    )
    # it stood on posting until now
    of = " ON posting" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER IF EXISTS tally_seen_update{of}")
    with op.batch_alter_table("posting") as posting:
        posting.drop_index("ix_posting_state")
        for column in _columns():
            posting.drop_column(column.name)
    op.create_index("ix_posting_state", "posting", ["source", "board", "state", "posting_key"])


def downgrade() -> None:
    with op.batch_alter_table("posting") as posting:
        for column in _columns():
            posting.add_column(sa.Column(column.name, column.type, nullable=True))
    op.execute(
        "UPDATE posting SET last_seen = s.last_seen, last_run = s.last_run, read_at = s.read_at, "
        "read_run = s.read_run, content_hash = s.content_hash, believed_hash = s.believed_hash "
        "FROM sighting AS s WHERE s.posting_key = posting.posting_key"
    )
    with op.batch_alter_table("posting") as posting:
        for column in _columns():
            if not column.nullable and column.name != "last_seen":
                posting.alter_column(column.name, existing_type=column.type, nullable=False)
    op.drop_table("sighting")
    op.drop_index("ix_posting_state", "posting")
    op.create_index("ix_posting_state", "posting", ["source", "board", "state"])
