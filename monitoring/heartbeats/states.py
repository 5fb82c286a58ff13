"""What a heartbeat and a run can be, and which way a heartbeat's state may go."""

from django.db import models

from monitoring.catalogue.states import Status


class Schedule(models.TextChoices):
    PERIOD = "period", "Every so often"
    CRON = "cron", "At set times (cron)"
    CALENDAR = "calendar", "By a timer of systemd (OnCalendar)"


class Kind(models.TextChoices):
    """What a ping says."""

    START = "start", "Started"
    SUCCESS = "success", "Succeeded"
    FAIL = "fail", "Failed"
    LOG = "log", "Noted"
    IGNORED = "ignored", "Ignored"


class Outcome(models.TextChoices):
    """How a run ended. The first two are open: somebody may still report its end."""

    RUNNING = "running", "Running"
    LONG = "long", "Running too long"
    SUCCESS = "success", "Succeeded"
    FAIL = "fail", "Failed"
    MISSED = "missed", "Missed"
    LOST = "lost", "Never finished"


OPEN = (Outcome.RUNNING, Outcome.LONG)
TONES = {
    Outcome.RUNNING: "unknown",
    Outcome.LONG: "look",
    Outcome.SUCCESS: "ok",
    Outcome.FAIL: "bad",
    Outcome.MISSED: "bad",
    Outcome.LOST: "look",
}

# By hand, paused is left for unknown only: the next ping tells. A pause that ends by itself goes where its last report says.
TRANSITIONS = {
    Status.UNKNOWN: {Status.UP, Status.DOWN, Status.PAUSED},
    Status.UP: {Status.DOWN, Status.UNKNOWN, Status.PAUSED},
    Status.DOWN: {Status.UP, Status.UNKNOWN, Status.PAUSED},
    Status.PAUSED: {Status.UNKNOWN, Status.UP, Status.DOWN},
}


def may_become(old: str, new: str) -> bool:
    return Status(new) in TRANSITIONS[Status(old)]
