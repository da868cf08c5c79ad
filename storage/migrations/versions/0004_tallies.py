"""what is counted is kept by triggers: a run costs what it changed

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

from storage.models import Key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CLOSED = sa.text("closed_at IS NOT NULL")
_BACKEND = sa.text("state = 'open' AND role IN ('backend-developer', 'backend-architect')")
_CLAIMED = [
    "state", "role", "salary_source", "salary_currency", "years_min", "salary_year_usd_min", "salary_year_usd_max",
    "locations", "remote_regions", "job_id",
]  # fmt: skip
_WAITING = ["company_key", "title_core", "posting_key"]


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("tally_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", Key, nullable=False),
        sa.Column("key", Key, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tally_id", name=op.f("pk_tally")),
    )
    for table in ("posting", "job"):
        name, columns = f"ix_{table}_closed_at", ["state", "closed_at"]
        op.create_index(name, table, columns, sqlite_where=_CLOSED, postgresql_where=_CLOSED)
    op.create_index("ix_posting_first_run", "posting", ["first_run"])
    op.drop_index("ix_posting_to_match", "posting")
    _index_to_match(_WAITING, "to_match = 1")
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_job_backend", "job", _CLAIMED, sqlite_where=_BACKEND)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_job_backend", "job")
    op.drop_index("ix_posting_to_match", "posting")
    _index_to_match(["to_match"], "to_match")
    op.drop_index("ix_posting_first_run", "posting")
    for table in ("posting", "job"):
        op.drop_index(f"ix_{table}_closed_at", table)
    op.drop_table("tally")


def _index_to_match(columns: list[str], in_sqlite: str) -> None:
    waiting, name = sa.text("to_match"), "ix_posting_to_match"
    op.create_index(name, "posting", columns, sqlite_where=sa.text(in_sqlite), postgresql_where=waiting)
