"""What ends a command early, by exit code: each says in one line what is wrong and what to do."""

from __future__ import annotations


class Stop(Exception):
    """A command that cannot go on. ``code`` is its exit status, ``remedy`` what the user can do."""

    code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def line(self) -> str:
        """Message and remedy as one printable line."""
        return f"{self}. {self.remedy}" if self.remedy else str(self)


class UsageProblem(Stop):
    """The command line asks for something that does not exist."""

    code = 2


class EnvironmentProblem(Stop):
    """The database, the disk or a setting stands in the way."""

    code = 3


class GateFailed(Stop):
    """A quality gate failed; what was good before is kept."""

    code = 4


class Cancelled(BaseException):
    """SIGTERM or Ctrl-C: what is complete is kept. A BaseException, so that no stage mistakes it for a fault."""

    code = 130
