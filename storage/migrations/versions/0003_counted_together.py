"""what is counted stands together: indexes for questions over all jobs, coverage by day

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

from storage.models import Key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FACTS = [
    "state", "role", "server_side", "seniority", "remote_mode", "salary_source", "company_key", "openings",
    "posting_count", "salary_min", "salary_max", "salary_year_usd_min", "salary_year_usd_max", "first_seen",
    "closed_at", "remote_regions", "sources", "taxonomy_version", "job_id",
]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "coverage_daily",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", Key, nullable=False),
        sa.Column("field", Key, nullable=False),
        sa.Column("postings", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source", "field", name=op.f("pk_coverage_daily")),
    )
    op.drop_index("ix_job_company_key", "job")
    op.create_index("ix_job_company_key", "job", ["company_key", "state", "openings"])
    op.create_index("ix_job_first_seen", "job", ["first_seen"])
    op.create_index("ix_job_state_first_seen", "job", ["state", "first_seen"])
    op.create_index("ix_posting_first_seen", "posting", ["first_seen"])
    op.drop_index("ix_posting_job_id", "posting")
    op.create_index("ix_posting_job_id", "posting", ["job_id", "source"])
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_job_facts", "job", _FACTS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_job_facts", "job")
    op.drop_index("ix_posting_job_id", "posting")
    op.create_index("ix_posting_job_id", "posting", ["job_id"])
    op.drop_index("ix_posting_first_seen", "posting")
    op.drop_index("ix_job_state_first_seen", "job")
    op.drop_index("ix_job_first_seen", "job")
    op.drop_index("ix_job_company_key", "job")
    op.create_index("ix_job_company_key", "job", ["company_key"])
    op.drop_table("coverage_daily")
