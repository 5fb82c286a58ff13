"""The words of alerts: how bad, how it stands, and what may happen to one."""

from django.db import models


class Level(models.IntegerChoices):
    """How bad, from the worst; the same numbers as the severities of incidents."""

    P0 = 0, "P0"
    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"


class State(models.TextChoices):
    FIRING = "firing", "Firing"
    RESOLVED = "resolved", "Resolved"


class Kind(models.TextChoices):
    """What happened to an alert."""

    FIRED = "fired", "It fires"
    RESOLVED = "resolved", "It is over"
    ACKNOWLEDGED = "acknowledged", "Acknowledged where it came from"
