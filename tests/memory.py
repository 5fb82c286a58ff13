"""What a process weighs."""

import os
import re
from pathlib import Path


def anonymous(pid: int = 0) -> float:
    """Memory of the process's own, in MB; shared with its parent or children or not."""
    rollup = Path(f"/proc/{pid or os.getpid()}/smaps_rollup").read_text()
    found = re.search(r"^Anonymous:\s+(\d+)", rollup, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0
