"""What ends a command early, in every room: one line of what is wrong, one of what to do, and the exit code."""

from __future__ import annotations

from typing import ClassVar


class Problem(Exception):
    """Something a person can mend. ``str()`` says what is wrong in one line, ``remedy`` what to do.

    ``code`` is the exit code of a command that it ends: 1 unexpected, 2 usage, 3 environment or database, 4 a gate.
    """

    code: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def line(self) -> str:
        """Message and remedy as one printable line."""
        return f"{self}. {self.remedy}" if self.remedy else str(self)


class UsageProblem(Problem):
    """The command line, or a call, asks for something that does not exist."""

    code = 2


class EnvironmentProblem(Problem):
    """The database, the disk, a file of config/ or a setting stands in the way."""

    code = 3
