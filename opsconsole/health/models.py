"""What the console knows of itself."""

from django.db import models


class Pulse(models.Model):
    """When a part of the console was last seen alive (“listener” takes pings, “engine” runs sweeps)."""

    part = models.CharField(max_length=40, unique=True)
    seen_at = models.DateTimeField()
    started_at = models.DateTimeField()


class Gap(models.Model):
    """A time in which a part was not alive: stopped, suspended, or its clock was moved."""

    part = models.CharField(max_length=40)
    start = models.DateTimeField()
    end = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["part", "end"], name="health_gap_part_end")]
        ordering = ("-end",)


class SweepRun(models.Model):
    """The last run of each sweep that came to its end, and the last that did not, for /readyz and the health page."""

    sweep = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=120, blank=True)
    every_seconds = models.PositiveIntegerField(default=60)
    announced_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0, help_text="Rows handled by the last run that handled any.")
    last_error = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("sweep",)

    def __str__(self) -> str:
        return self.title or self.sweep

    @property
    def fails(self) -> bool:
        """Whether the last run that was noted did not come to its end."""
        return self.failed_at is not None and (self.finished_at is None or self.failed_at > self.finished_at)


class Switch(models.Model):
    """When the outside dead-man's switch last heard from us, and why it did not when it last should have; one row."""

    told_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    @property
    def fails(self) -> bool:
        return self.failed_at is not None and (self.told_at is None or self.failed_at > self.told_at)
