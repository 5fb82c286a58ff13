"""The clock is read once, at the edge; rules take `now` as an argument."""

from datetime import UTC, datetime

from django.utils import timezone


def now() -> datetime:
    return timezone.now()


def parse(text: str | None) -> datetime:
    """An ISO moment given on a command line or to a task (UTC unless it says otherwise); the present when absent.

    Raises ValueError with a sentence.
    """
    if not text:
        return now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"“{text}” is not a time; write it as 2026-11-16T09:00 or 2026-11-16T09:00+01:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970."""
    return int(moment.timestamp())


def moment(epoch_seconds: float) -> datetime:
    return datetime.fromtimestamp(epoch_seconds, UTC)


def iso(moment: datetime) -> str:
    """The moment for machines: ISO 8601 in UTC, ending in Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
