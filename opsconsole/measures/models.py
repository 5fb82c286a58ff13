"""A measure's value for each day, so that comparisons with last year outlive the raw data."""

from django.db import models


class DailyValue(models.Model):
    """One measure on one day (a day of the team's zone). Without a value it could not be read."""

    measure = models.CharField(max_length=80)
    day = models.DateField()
    value = models.FloatField(null=True)
    coverage = models.FloatField(default=1, help_text="How much of the day was measured, 0 to 1.")
    n = models.PositiveIntegerField(null=True, help_text="How many observations it rests on.")
    verdict = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField(default=1, help_text="Of the method that made it.")
    evidence_url = models.CharField(max_length=250, blank=True)
    read_at = models.DateTimeField(help_text="When the measure was last asked.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "day"], name="measures_value_once_a_day")]
        ordering = ("measure", "day")

    @property
    def is_nothing(self) -> bool:
        """Measured, and there was nothing to measure."""
        return self.value is None and self.n == 0 and self.coverage >= 1
