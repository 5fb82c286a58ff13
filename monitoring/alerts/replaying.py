"""What a rule would have done: the same judgement, at each step of the past, given only what was known then."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString

from monitoring.alerts.rules.base import Config, Kind, Points, Verdict
from monitoring.alerts.subjects import BY_MINUTE, minutes_of, points_of
from opsconsole.lib.durations import words
from opsconsole.lib.figures import counted
from opsconsole.lib.phrases import in_words
from opsconsole.ui.charts import Line, line_chart
from opsconsole.ui.templatetags.ui import said

BACK, PACE, MINUTE = timedelta(days=30), timedelta(hours=1), timedelta(minutes=1)


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


@dataclass(frozen=True)
class Stretch:
    """A time that is judged by these points, every `pace`, each time by those of the last `back`."""

    points: Points
    start: datetime
    end: datetime
    pace: timedelta
    back: timedelta = timedelta(days=365)

    def moments(self) -> Iterator[tuple[datetime, Points]]:
        at = self.start
        while at <= self.end:
            yield at, self.points.between(at - self.back, at)
            at += self.pace


def replay(kind: Kind, stretches: Iterable[Stretch], config: Config) -> list[Firing]:
    """One stretch after the other. Unknown changes nothing."""
    found: list[Firing] = []
    running = None
    for at, points in (moment for stretch in stretches for moment in stretch.moments()):
        judgement = kind.judge(points, config, at)
        if judgement.verdict == Verdict.FIRING and running is None:
            running = Firing(at, judgement.sentence)
        elif judgement.verdict == Verdict.OK and running:
            found.append(Firing(running.starts_at, running.sentence, at))
            running = None
    return [*found, running] if running else found


def preview(kind: Kind, subject: str, config: Config, now: datetime) -> Replay:
    """The last 30 days: by the minute as far back as minutes are kept, before that by the hour, and figures by the day."""
    points = points_of([subject], BACK + kind.span(config), now, past=True).get(subject)
    minutes = minutes_of(subject, kind.span(config), now)
    if points is None or not (points.at or (minutes and minutes.at)):
        return Replay("Nothing is known of the last 30 days, so nobody can say.", [], SafeString(""), "")
    stretches = _stretches(kind, points, minutes, config, now)
    firings = replay(kind, stretches, config)
    times = {1: "once", 2: "twice"}.get(len(firings), f"{in_words(len(firings))} times")
    heading = f"It would have fired {times}." if firings else "It would not have fired."
    end = stretches[-1].end
    chart = _chart(points.between(end - BACK, end), firings) if points.at else SafeString("")
    return Replay(heading, firings, chart, _method(stretches, now))


def _stretches(
    kind: Kind, points: Points, minutes: Points | None, config: Config, now: datetime
) -> list[Stretch]:
    newest = points.at[-1] if points.at else now
    end = newest if now - newest < points.step * 2 else now - (now - newest) % points.step
    pace = min(points.step, PACE)
    if not minutes or not minutes.at:
        return [Stretch(points, end - BACK, end, pace)]
    fine = minutes.at[0] + kind.span(config)
    by_minute = Stretch(minutes, fine, now, max(MINUTE, kind.every), BY_MINUTE)
    return [Stretch(points, end - BACK, fine - pace, pace), by_minute]


def _method(stretches: Sequence[Stretch], now: datetime) -> str:
    """Of which values each time was judged."""
    values = counted(sum(len(s.points.between(s.start, s.end).at) for s in stretches), "value")
    unit = "day" if stretches[0].points.step >= timedelta(days=1) else "hour"
    if len(stretches) == 1:
        return f"The last 30 days, judged by the values of each {unit}: {values}."
    days = words(timedelta(days=round((now - stretches[1].start) / timedelta(days=1))) or timedelta(days=1))
    return (
        f"The last {days} are judged by the minute, as the rule will be; before that, 30 days in all, by the mean of each {unit},"
        f" in which what is short does not show: {values}."
    )


def _chart(points: Points, firings: Sequence[Firing]) -> SafeString:
    labels = [said(timezone.localtime(at), "short") for at in points.at]
    tones = ["bad" if any(_falls(f, at - points.step, at) for f in firings) else "" for at in points.at]
    return line_chart(
        [Line("value", list(points.values))],
        [f"{timezone.localtime(at):%-d %b}" for at in points.at],
        unit=points.unit if len(points.unit) <= 3 else "",
        label="The values of the last 30 days, shaded where the rule would have fired; the list below says when.",
        titles=[f"{label}: {points.said(value)}" for label, value in zip(labels, points.values, strict=True)],
        tones=tones,
        from_zero=min(points.values, default=0) >= 0,
    )


def _falls(firing: Firing, begin: datetime, end: datetime) -> bool:
    """Whether it fired at some moment after `begin`, up to `end`."""
    return firing.starts_at <= end and (firing.ends_at is None or begin < firing.ends_at)
