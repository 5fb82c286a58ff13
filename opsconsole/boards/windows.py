"""Which time a board shows: ?span=24h|7d|30d|90d|1y."""

from dataclasses import dataclass
from datetime import date, timedelta

from opsconsole.measures import spans
from opsconsole.measures.spans import Span

DAY = "24h"
CHOICES = {DAY: "24 hours", **{key: name for key, (_, name) in spans.CHOICES.items()}}


@dataclass(frozen=True)
class Window:
    """The last 24 hours, read as they are, or the whole days before today as they were kept (`days`)."""

    key: str
    days: Span | None = None

    @property
    def before(self) -> Span | None:
        """As many days before them."""
        if self.days is None:
            return None
        first = self.days.first
        return Span(first - timedelta(days=self.days.days), first - timedelta(days=1))

    @property
    def name(self) -> str:
        return self.days.name if self.days else "the last 24 hours"


def parse(key: str, today: date) -> Window:
    """Raises ValueError with a sentence for the page."""
    if key not in CHOICES:
        raise ValueError(f"“{key[:20]}” is no span; choose 24h, 7d, 30d, 90d or 1y.")
    return Window(key) if key == DAY else Window(key, spans.last(key, today))
