"""What an operator sets by environment: ROLECALL_DATABASE, ROLECALL_DATA, ROLECALL_CONTACT ..."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal

from platformdirs import user_data_dir
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.problems import EnvironmentProblem


class Settings(BaseSettings):
    """Settings of one process. Every field is an environment variable ``ROLECALL_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="ROLECALL_", extra="ignore", frozen=True)

    data: Path = Field(
        default_factory=lambda: Path(user_data_dir("rolecall", appauthor=False)),
        description="folder for the default database, landing segments, captures, Prefect's own state",
    )
    database: SecretStr | None = Field(
        None, description="database URL; without it the SQLite file rolecall.db in the data folder"
    )
    contact: str = Field("", description="URL or e-mail that boards may write to; part of the user agent")
    publish: Path | None = Field(
        None, description="folder that receives postings.parquet, jobs.parquet and jobs.csv after each good run"
    )
    offline: bool = Field(False, description="crawls reach nobody but the demo's own server: for tests and rehearsals")
    children: int = Field(2, ge=1, le=32, description="crawl processes side by side")
    workers: int = Field(0, ge=0, le=256, description="processes that clean and classify; 0: one a core")
    keep_captures_days: int = Field(90, ge=0, description="days the records as received are kept")
    log: Literal["text", "json"] = Field("text", description="json: findings go to stderr too, one JSON line each")
    notify: SecretStr | None = Field(
        None, description="where findings are sent: addresses of Apprise, separated by spaces"
    )
    notify_level: Literal["note", "warning", "error"] = Field("error", description="findings from this level on")
    notify_private: str = Field(
        "", description="private IP:PORT pairs that notifications may call, separated by spaces; others are refused"
    )

    def database_url(self, override: str | None = None) -> str:
        """The database in use: the command line's, else the environment's, else the SQLite file."""
        said = override or (self.database.get_secret_value() if self.database else "")
        return said or f"sqlite:///{self.data / 'rolecall.db'}"


@functools.cache
def settings() -> Settings:
    """The settings of this process, read once. Raises EnvironmentProblem that names the variable, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        name = f"ROLECALL_{'_'.join(map(str, wrong['loc'])).upper()}"
        raise EnvironmentProblem(f"{name} is not right: {wrong['msg']}", f"Set it anew, or unset {name}") from None
