"""an index of what is paid: the best paid jobs without reading them all

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PAID = sa.text("salary_year_usd_max IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_job_paid", "job", ["state", "salary_year_usd_max"], sqlite_where=_PAID, postgresql_where=_PAID)


def downgrade() -> None:
    op.drop_index("ix_job_paid", "job")
