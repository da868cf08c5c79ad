"""The memory limit of a crawl counts the crawl's own memory, not that of the process that started it."""

from __future__ import annotations

import subprocess
import sys

import pytest

CHILD = """
import resource
from spiders.memory import OwnMemory
own = OwnMemory.get_virtual_size(object.__new__(OwnMemory))
print(own // 2**20, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
PARENT = """
import subprocess, sys
held = bytearray(b"x") * (400 * 2**20)
print(subprocess.run([sys.executable, "-c", sys.argv[1]], capture_output=True, text=True, check=True).stdout)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the figure is not inherited")
def test_a_large_parent_does_not_count() -> None:
    said = subprocess.run([sys.executable, "-c", PARENT, CHILD], capture_output=True, text=True, check=True)
    own, inherited = map(int, said.stdout.split())
    assert 10 < own < 300
    assert inherited >= 400
