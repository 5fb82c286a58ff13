"""What a plan may be."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from monitoring.heartbeats.schedules import Plan
from opsconsole.lib import durations
from opsconsole.lib.calendars import BadSchedule

SHORTEST, LONGEST = timedelta(seconds=10), timedelta(days=366)
NEVER = "This never comes again; check its day, month and year."


def plan_check(plan: Plan, now: datetime) -> None:
    """Raises ValidationError, by field, for what cannot be kept."""
    spans = {"grace": plan.grace, "max_run_time": plan.max_run_time or SHORTEST}
    if not plan.is_timed:
        spans["period"] = plan.period
    wrong = {
        field: f"Choose between {durations.words(SHORTEST)} and {durations.words(LONGEST)}."
        for field, span in spans.items()
        if not SHORTEST <= span <= LONGEST
    }
    field = "calendar" if plan.calendar else "cron"
    try:
        if plan.expected_after(now) is None:
            wrong[field] = NEVER
    except BadSchedule as error:
        wrong["zone" if "time zone" in str(error) else field] = str(error)
    if wrong:
        raise ValidationError(wrong)
