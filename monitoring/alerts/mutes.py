"""What is muted, as pages show it: now, and what is planned. Everything has an end."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.urls import reverse

from monitoring.alerts.models import Silence, Window
from monitoring.alerts.muting import Mutes, times
from monitoring.alerts.windows import BACK
from opsconsole.lib.calendars import BadSchedule
from opsconsole.lib.phrases import capital, in_words, listed


@dataclass(frozen=True)
class Row:
    """A silence or a window: what it mutes, by whom, and until when (this time); `end_url` is where it can be ended, `url` where
    it can be changed."""

    title: str
    what: str
    by: str
    ends_at: datetime
    end_url: str
    starts_at: datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class Muted:
    now: list[Row]
    planned: list[Row]
    past: list[Row]

    @property
    def heading(self) -> str:
        """The heading of the list."""
        number = len(self.now)
        if number > 1:
            return f"{capital(in_words(number))} mutes are in force; each ends by itself."
        return "One mute is in force and ends by itself." if number else "Nothing is muted."


def muted(now: datetime) -> Muted:
    return Muted(muted_now(now), _planned(now), _past(now))


def muted_now(now: datetime) -> list[Row]:
    """What is in force; for a banner too."""
    found = Mutes(now)
    silences = [_silence(row) for row in found.silences]
    windows = [_window(window, span) for window, span in found.windows]
    return sorted(silences + windows, key=lambda row: row.ends_at)


def _silence(row: Silence) -> Row:
    what = listed(map(str, row.rules))
    return Row(row.reason, what, row.signature, row.ends_at, reverse("alerts:silence_end", args=[row.pk]))


def _window(window: Window, span: tuple[datetime, datetime]) -> Row:
    what = f"Maintenance of {listed([s.name for s in window.services.all()], 3)}"
    url = reverse("alerts:window_end", args=[window.pk])
    change = reverse("alerts:window", args=[window.pk])
    return Row(window.reason, what, window.signature, span[1], url, span[0], change)


def _planned(now: datetime) -> list[Row]:
    """The next time of each window that is not over."""
    rows = Window.objects.filter(until__gt=now).prefetch_related("services")
    spans = ((window, _next(window, now)) for window in rows)
    found = [_window(window, span) for window, span in spans if span]
    return list(islice(sorted(found, key=lambda row: row.starts_at or now), 50))


def _past(now: datetime) -> list[Row]:
    """The last time of each window that is over, as far back as it may be changed."""
    rows = Window.objects.filter(until__gt=now - BACK, until__lte=now).prefetch_related("services")
    spans = ((window, times(window, now - BACK, now)) for window in rows)
    found = [_window(window, span[-1]) for window, span in spans if span]
    return sorted(found, key=lambda row: row.ends_at, reverse=True)[:50]


def _next(window: Window, now: datetime) -> tuple[datetime, datetime] | None:
    try:
        start = window.recurrence.begins_after(now)
    except BadSchedule:
        return None
    return (start, min(start + window.lasts, window.until)) if start else None
