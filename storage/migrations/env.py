"""How Alembic reaches the database: by the connection that storage.schema hands over."""

from typing import Any, Literal

from alembic import context

from storage.migrations import VERSION_TABLE
from storage.models import Json, Key
from storage.tables import METADATA


def short(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Our own column types by their names; False leaves the rest to Alembic."""
    if kind != "type":
        return False
    return "Json" if value is Json else "Key" if value is Key else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    compare_type=True,
    render_item=short,
)
# the transaction is the caller's: all of an upgrade happens, or nothing
context.run_migrations()
