"""Readers of reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from maintenance.reports import builder, figures, weeks
from maintenance.reports.figures import Figure
from maintenance.reports.models import Comment, Status, WeeklyReport
from maintenance.reports.verdict import WORDS
from maintenance.reports.weeks import Standing
from opsconsole.accounts.selectors import team
from opsconsole.lib import calendars
from opsconsole.lib.periods import Week

PAGE = 13  # a quarter
STRIP = 6


class NoReport(LookupError):
    """There is no report of a week; the message says why, in a sentence."""


@dataclass(frozen=True)
class Sheet:
    """A report as it is shown: frozen when published, made anew when not."""

    week: Week
    standing: Standing
    publishes_at: datetime
    data: dict[str, Any]
    report: WeeklyReport | None
    comments: list[Comment]

    @property
    def is_published(self) -> bool:
        return self.report is not None and self.report.status == Status.PUBLISHED

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.data["as_of"])

    @property
    def figures(self) -> list[Figure]:
        return figures.thaw(self.data["figures"])

    @property
    def word(self) -> str:
        return WORDS[self.data["verdict"]["tone"]]

    def sections(self, place: str) -> list[dict[str, Any]]:
        """Those with something to say."""
        return [s for s in self.data["sections"] if s["place"] == place and (s["items"] or s["empty"])]


def sheet(week: Week, zone: ZoneInfo, now: datetime) -> Sheet:
    """A week's report. Raises NoReport for a week that has not begun, or that was over before the console began."""
    report = WeeklyReport.objects.filter(week=str(week)).first()
    standing = weeks.standing(week, zone, now)
    if report is None or report.status != Status.PUBLISHED:
        _check_reportable(week, zone, standing)
        data = builder.build(week, zone, now)
    else:
        data = report.data
    comments = list(report.comments.select_related("author")) if report else []
    return Sheet(week, standing, weeks.publishes_at(week, zone), data, report, comments)


def _check_reportable(week: Week, zone: ZoneInfo, standing: Standing) -> None:
    if standing is Standing.AHEAD:
        day = f"{week.monday.day} {week.monday:%B %Y}"
        raise NoReport(
            f"Week {week.number} of {week.year} has not begun; its report grows from Monday {day} on."
        )
    if began := _began_after(week, zone):
        day = f"{began.day} {began:%B %Y}"
        raise NoReport(
            f"There is no report of week {week.number} of {week.year}: this console began later, on {day}."
        )


def _began_after(week: Week, zone: ZoneInfo) -> datetime | None:
    """When the console began, if the week was over by then."""
    found = team()
    return found.created_at.astimezone(zone) if found and week.period(zone).end <= found.created_at else None


def week_before(week: Week, zone: ZoneInfo) -> Week | None:
    """The week before, unless there cannot be a report of it."""
    before = week.plus(-1)
    stored = WeeklyReport.objects.filter(week=str(before), status=Status.PUBLISHED)
    return before if not _began_after(before, zone) or stored.exists() else None


def missing(now: datetime) -> list[Week]:
    """The weeks whose report should stand by now and does not, oldest first."""
    found = team()
    if found is None:
        return []
    due = weeks.due(calendars.zone(found.time_zone), now, found.created_at)
    stored = WeeklyReport.objects.filter(week__in=[str(week) for week in due], status=Status.PUBLISHED)
    out = set(stored.values_list("week", flat=True))
    return [week for week in due if str(week) not in out]


def pending(zone: ZoneInfo, now: datetime) -> Week | None:
    """Last week, while its report is not out; None when it is, or when there cannot be one."""
    last = weeks.current(zone, now).plus(-1)
    stored = WeeklyReport.objects.filter(week=str(last), status=Status.PUBLISHED)
    return None if stored.exists() or _began_after(last, zone) else last


@dataclass(frozen=True)
class Line:
    """A published report in the list, with a few of its figures."""

    report: WeeklyReport
    week: Week
    dates: str
    tone: str
    word: str
    opening: str
    rest: str
    figures: Sequence[Figure]


def published(before: str = "") -> tuple[list[Line], str]:
    """A quarter of published reports, newest first, and the cursor of the next ones (empty on the last page)."""
    rows = WeeklyReport.objects.filter(status=Status.PUBLISHED).defer("recomputed").order_by("-week")
    if before:
        rows = rows.filter(week__lt=before)
    found = list(rows[: PAGE + 1])
    more = found[PAGE - 1].week if len(found) > PAGE else ""
    return [_line(report) for report in found[:PAGE]], more


def _line(report: WeeklyReport) -> Line:
    week, verdict = Week.parse(report.week), report.data["verdict"]
    shown, tone, opening = figures.thaw(report.data["figures"][:3]), verdict["tone"], verdict["opening"]
    rest = verdict["sentence"].removeprefix(opening).strip()
    return Line(report, week, weeks.dates(week), tone, WORDS[tone], opening, rest, shown)
