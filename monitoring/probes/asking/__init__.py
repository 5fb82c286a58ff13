"""How probes speak what libcurl does not: conversations over plain sockets, written as generators that say what they wait for.

The engine (engine/talks.py) resumes each when that has come, so that one which hangs costs a socket and nothing else.
"""

from collections.abc import Generator
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Wait(NamedTuple):
    """Until `events` (select.EPOLL…) of the file `fd`, at most `seconds` and never past the end of the run.

    What is sent back tells whether they came.
    """

    fd: int
    events: int
    seconds: float | None = None


Steps = Generator[Wait, bool, T]


class Failed(Exception):
    """It did not answer as it should; the message is a sentence that says how."""


class Ours(Failed):
    """It could not be asked, through a fault or a rule of this console's: the message says which."""


class OutOfTime(Failed):
    """The run's time is over. Thrown into a conversation, which may close what it opened and say it better."""
