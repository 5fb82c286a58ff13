"""How the error budget of a month burns down, and when it will be used up at the pace so far. Pure; times in seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.utils.safestring import SafeString

from monitoring.catalogue.states import Budget
from opsconsole.lib import durations
from opsconsole.lib.figures import per_cent
from opsconsole.ui.charts import Line, line_chart


@dataclass(frozen=True)
class Burning:
    """`down` is the time down of each day of the month so far, oldest first; `elapsed` how much of the month has passed."""

    budget: Budget
    first: date
    length: int
    down: Sequence[float]
    elapsed: float

    @property
    def left(self) -> list[float]:
        """What was left at the end of each day; below zero once it was overdrawn."""
        return [self.budget.allowed - spent for spent in accumulate(self.down)]

    @property
    def used_up(self) -> date | None:
        """The day on which it ran out."""
        over = next((i for i, left in enumerate(self.left) if left < 0), None)
        return None if over is None else self.first + timedelta(days=over)

    @property
    def will_be_used_up(self) -> date | None:
        """The day on which it runs out at the pace so far, if that lies within the month."""
        if self.used_up or not self.budget.spent or not self.elapsed:
            return None
        days = self.budget.allowed * self.elapsed / self.budget.spent / 86400
        return self.first + timedelta(days=int(days)) if days < self.length else None

    @property
    def sentence(self) -> str:
        if self.used_up:
            return f"Used up on {_said(self.used_up)}; {durations.words(-self.budget.left)} over."
        if not self.budget.spent:
            return "Nothing of it is spent."
        if day := self.will_be_used_up:
            return f"At this pace it is used up on {_said(day)}."
        at_end = 1 - self.budget.spent / self.elapsed * self.length * 86400 / self.budget.allowed
        return f"At this pace {per_cent(at_end, 0)} of it is left at the end of the month."

    @property
    def chart(self) -> SafeString:
        """Minutes left day by day, down to the line at zero; days to come are empty."""
        minutes = [left / 60 for left in self.left]
        every = [self.first + timedelta(days=n) for n in range(self.length)]
        line = Line("Left", [*minutes, *[None] * (self.length - len(minutes))])
        titles = [
            f"{_said(day)}: {durations.words(max(0, left))} left"
            + (f", down {durations.words(down)}" if down else "")
            for day, left, down in zip(every, self.left, self.down, strict=False)
        ]
        label = f"Minutes of the error budget of {self.first:%B} left, day by day; the table of days has the outages."
        return line_chart(
            [line], [_said(day) for day in every], unit="min", target=0, label=label, titles=titles
        )


def _said(day: date) -> str:
    return f"{day.day} {day:%b}"
