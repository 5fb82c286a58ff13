"""What a rule would have done: the same judgement, at each step of the past, given only what was known then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString

from monitoring.alerts.rules.base import Config, Kind, Points, Verdict
from monitoring.alerts.subjects import points_of
from opsconsole.lib.figures import counted
from opsconsole.lib.phrases import in_words
from opsconsole.ui.charts import Line, line_chart
from opsconsole.ui.templatetags.ui import said

BACK, PACE = timedelta(days=30), timedelta(hours=1)


@dataclass(frozen=True)
class Firing:
    """One time that it would have fired, with the sentence it would have said; `ends_at` None while it would fire now."""

    starts_at: datetime
    sentence: str
    ends_at: datetime | None = None

    @property
    def lasted(self) -> timedelta | None:
        return self.ends_at - self.starts_at if self.ends_at else None


@dataclass(frozen=True)
class Replay:
    heading: str
    firings: list[Firing]
    chart: SafeString
    method: str


def replay(kind: Kind, points: Points, config: Config, start: datetime, end: datetime) -> list[Firing]:
    """From `start` to `end`, hour by hour. Unknown changes nothing."""
    found: list[Firing] = []
    at, running = start, None
    while at <= end:
        judgement = kind.judge(points.until(at), config, at)
        if judgement.verdict == Verdict.FIRING and running is None:
            running = Firing(at, judgement.sentence)
        elif judgement.verdict == Verdict.OK and running:
            found.append(Firing(running.starts_at, running.sentence, at))
            running = None
        at += min(points.step, PACE)
    return [*found, running] if running else found


def preview(kind: Kind, subject: str, config: Config, now: datetime) -> Replay:
    """The last 30 days, by the hour or by the day: minutes are not kept for so long."""
    points = points_of([subject], BACK + kind.span(config), now, past=True).get(subject)
    if points is None or not points.at:
        return Replay("Nothing is known of the last 30 days, so nobody can say.", [], SafeString(""), "")
    end = (
        points.at[-1] if now - points.at[-1] < points.step * 2 else now - (now - points.at[-1]) % points.step
    )
    firings = replay(kind, points, config, end - BACK, end)
    unit = "day" if points.step >= timedelta(days=1) else "hour"
    times = {1: "once", 2: "twice"}.get(len(firings), f"{in_words(len(firings))} times")
    heading = f"It would have fired {times}." if firings else "It would not have fired."
    method = f"The last 30 days, judged by the values of each {unit}: {counted(len(points.at), 'value')}."
    return Replay(heading, firings, _chart(points.between(end - BACK, end), firings), method)


def _chart(points: Points, firings: Sequence[Firing]) -> SafeString:
    labels = [said(timezone.localtime(at), "short") for at in points.at]
    tones = ["bad" if any(_holds(f, at) for f in firings) else "" for at in points.at]
    return line_chart(
        [Line("value", list(points.values))],
        [f"{timezone.localtime(at):%-d %b}" for at in points.at],
        unit=points.unit if len(points.unit) <= 3 else "",
        label="The values of the last 30 days, shaded where the rule would have fired; the list below says when.",
        titles=[f"{label}: {points.said(value)}" for label, value in zip(labels, points.values, strict=True)],
        tones=tones,
        from_zero=min(points.values, default=0) >= 0,
    )


def _holds(firing: Firing, at: datetime) -> bool:
    return firing.starts_at <= at and (firing.ends_at is None or at < firing.ends_at)
