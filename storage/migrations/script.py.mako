"""${message}

Revision: ${up_revision}, after ${down_revision}
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from storage.models import Json, Key
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
