"""What keeps the C library from holding memory that nobody uses. Without effect where it is not glibc."""

import ctypes
import threading
import time
from typing import Any

_M_ARENA_MAX = -8


def few_arenas() -> None:
    """glibc gives each thread an arena of its own, which costs this many-threaded console tens of megabytes."""
    if hasattr(_library(), "mallopt"):
        _library().mallopt(_M_ARENA_MAX, 2)


def give_back_every_minute() -> None:
    """Eight large pages at once leave some 13 MB of free memory behind, which the system may as well have."""
    threading.Thread(target=_again_and_again, name="thrift", daemon=True).start()


def _again_and_again() -> None:
    while True:
        time.sleep(60)
        give_back()


def give_back() -> None:
    if hasattr(_library(), "malloc_trim"):
        _library().malloc_trim(0)


def _library() -> Any:
    return ctypes.CDLL(None)
