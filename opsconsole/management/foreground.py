"""Ctrl-C for the console alone.

A terminal sends it to every process of its foreground group. `make`, in which the console mostly runs, would then end by the
signal and report failure, although the console ended as it should.
"""

import os
import signal
import sys


def take_foreground() -> int:
    """Be alone in the terminal's foreground. Returns the group to give it back to, 0 where there is nothing to take."""
    parents = os.getpgrp()
    if parents == os.getpid() or not sys.stdin or not sys.stdin.isatty():
        return 0
    terminal = sys.stdin.fileno()
    if os.tcgetpgrp(terminal) != parents:  # started in the background
        return 0
    # Stopped alone, we would leave make waiting and the terminal dead.
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    # Else taking the terminal from the background would stop us.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpid())
    return parents
