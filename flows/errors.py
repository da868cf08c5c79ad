"""What ends a run that nobody found fault with."""

from __future__ import annotations


class Cancelled(BaseException):
    """SIGTERM or Ctrl-C: what is complete is kept. A BaseException, so that no stage mistakes it for a fault."""

    code = 130
