"""A measure's value for each day, so that comparisons with last year outlive the raw data."""

from django.db import models


class DailyValue(models.Model):
    """One measure on one day (a day of the team's zone)."""

    measure = models.CharField(max_length=80)
    day = models.DateField()
    value = models.FloatField(null=True)
    coverage = models.FloatField(default=1, help_text="How much of the day was measured, 0 to 1.")
    n = models.PositiveIntegerField(null=True, help_text="How many observations it rests on.")
    verdict = models.CharField(max_length=8)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "day"], name="measures_value_once_a_day")]
        ordering = ("measure", "day")
