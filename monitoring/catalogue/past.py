"""What the pages of a service and of a probe say of its past alike."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString

from monitoring.catalogue import days, latencies, tables
from monitoring.catalogue.days import Day
from monitoring.catalogue.histories import Total, added
from opsconsole.ui import charts


@dataclass(frozen=True)
class Past:
    """Ninety days as bars, and latencies over the span that was chosen; `name` is whose they are."""

    name: str
    days: list[Day]
    span: latencies.Span
    points: list[latencies.Point]

    @cached_property
    def quarter(self) -> Total:
        """The days shown as bars, together."""
        return days.together(self.days)

    @property
    def day_rows(self) -> SafeString:
        return tables.day_rows(self.days)

    @property
    def bars(self) -> SafeString:
        said = f"{days.SHOWN} days of {self.name}; the same as a table below"
        return charts.bars([d.bar(sparing=False) for d in self.days], said)

    @cached_property
    def latency(self) -> latencies.Row:
        return latencies.Row(self.span.title, added([p.total for p in self.points]))

    @property
    def latency_rows(self) -> SafeString:
        return tables.latency_rows(latencies.table(self.points, self.span))

    @cached_property
    def chart(self) -> SafeString:
        label = f"Latency of {self.name} over {self.span.title}; the same as a table below"
        return latencies.chart(self.points, self.span, label, self.done)

    @property
    def done(self) -> list[str]:
        """What was done on purpose in the step of each point, as a hover says it; nothing where nobody tells of it."""
        return []
