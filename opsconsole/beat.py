"""Beat on rows, as django-celery-beat has it, that bears a clock set back."""

import time
from datetime import datetime
from typing import Any

from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry


class Entry(ModelEntry):  # type: ignore[misc] # no types in the package
    last_run_at: datetime

    def is_due(self) -> Any:
        """A run in what is now the future would make the next one wait until that time has come again."""
        self.last_run_at = min(self.last_run_at, self._default_now())
        return super().is_due()


class Scheduler(DatabaseScheduler):  # type: ignore[misc] # likewise
    Entry = Entry
    _seen = 0.0

    def tick(self, *args: Any, **options: Any) -> Any:
        """The order of what comes next is kept by the clock; when that goes back, it is made anew."""
        now = time.time()
        if now < self._seen:
            self._heap = None
        self._seen = now
        return super().tick(*args, **options)
