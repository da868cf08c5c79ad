"""What Prefect reads from the environment when it is imported; so this module never imports Prefect."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path


def api_configured() -> str | None:
    """Where a Prefect API is configured: ``environment``, ``profile NAME``, or None."""
    if os.environ.get("PREFECT_API_URL"):
        return "environment"
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect"))
    path = Path(os.environ.get("PREFECT_PROFILES_PATH", home / "profiles.toml"))
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return None
    active = os.environ.get("PREFECT_PROFILE") or said.get("active")
    profile = said.get("profiles", {}).get(active, {})
    return f"profile {active}" if profile.get("PREFECT_API_URL") else None


def prepare_environment(data: Path) -> bool:
    """Set what Prefect reads when it is imported; True if its own temporary server will be used.

    Without a configured API its state goes to the data folder, and its start may take 120 s (the default of 20 s
    fails on a slow first start: docs/speed.md). Telemetry is off either way.
    """
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    if api_configured():
        return False
    home = Path(os.environ.setdefault("PREFECT_HOME", str(data / "prefect")))
    # Prefect makes the folder, but not those above it
    home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
    os.environ.setdefault("PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", "true")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    return True
