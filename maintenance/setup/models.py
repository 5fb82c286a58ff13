"""Which rows belong to the sample company, so that it can be taken out again."""

from django.db import models


class SampleRow(models.Model):
    """One row that the sample company brought; what hangs on it goes with it."""

    model = models.CharField(max_length=80, help_text="Such as catalogue.service.")
    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="setup_sample_row_once")]
