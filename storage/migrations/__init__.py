"""Alembic's scripts; :data:`HEAD` names the newest, so that opening a database does not need Alembic."""

HEAD = "0006"
VERSION_TABLE = "rolecall_version"
"""Not Alembic's default name: Prefect's own database, which may share a PostgreSQL database, uses that one."""
