"""The memory limit of a crawl, held against what this process uses itself.

Scrapy's own extension reads ``ru_maxrss``, which on Linux a process inherits from the one that started it: a crawl
begun by a large process would end at once, with nothing read.
"""

from __future__ import annotations

import re
from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

_STATUS = Path("/proc/self/status")
_PEAK = re.compile(r"VmHWM:[ \t]{0,20}(\d{1,15}) kB")


class OwnMemory(MemoryUsage):
    """``MEMUSAGE_LIMIT_MB`` by the peak of this process since it began; elsewhere than on Linux as Scrapy has it."""

    def get_virtual_size(self) -> int:
        """Bytes of resident memory at their peak."""
        try:
            found = _PEAK.search(_STATUS.read_text(encoding="ascii", errors="replace"))
        except OSError:
            found = None
        return int(found[1]) * 1024 if found else super().get_virtual_size()
