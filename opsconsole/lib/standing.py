"""How something stands, as a page shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """A verdict's tone and its word."""

    tone: str
    word: str
