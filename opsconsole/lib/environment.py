"""Settings as people write them into the environment."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")


def wanted(name: str, read: Callable[[], T], sentence: str) -> T:
    """What `read` makes of a setting. Where that makes no sense the process ends and says what is wanted.

    What stands there is not repeated: it may be a secret.
    """
    try:
        return read()
    except (ValueError, LookupError, ImproperlyConfigured):
        raise SystemExit(f"{name} in the environment (or .env) cannot be used: {sentence}") from None


def at_least(least: int, number: int) -> int:
    """Raises ValueError for what is less."""
    if number < least:
        raise ValueError(f"{number} is less than {least}.")
    return number


def begins(text: str, *how: str) -> str:
    """An address that begins in one of these ways, or is empty. Raises ValueError."""
    if text and not text.startswith(how):
        raise ValueError(f"It does not begin with {how}.")
    return text
