"""Weekly reports as they were published, and what people said beside them."""

from typing import Any

from django.db import models

from opsconsole.accounts.models import User


class Status(models.TextChoices):
    PREVIEW = "preview", "Preview"
    PUBLISHED = "published", "Published"


class WeeklyReport(models.Model):
    """One week. Once published, `data` never changes; a preview has no data, it is made anew for each reader.

    `data` is what `builder.build` returns. `recomputed` says which figures would differ today, and since when.
    """

    week = models.CharField(max_length=8, unique=True, help_text="Such as 2026-W47.")
    status = models.CharField(max_length=10, choices=Status, default=Status.PREVIEW)
    data: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(
        max_length=80, blank=True, help_text="Who published it; “console” by itself."
    )
    recomputed: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    recomputed_at = models.DateTimeField(
        null=True, help_text="When the figures were last compared with the rows."
    )

    class Meta:
        ordering = ("-week",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status=Status.PUBLISHED, published_at__isnull=False)
                | models.Q(status=Status.PREVIEW, published_at__isnull=True),
                name="reports_published_at",
            )
        ]

    def __str__(self) -> str:
        return self.week


class Comment(models.Model):
    """What somebody says beside a report or one of its figures; it changes no figure."""

    report = models.ForeignKey(WeeklyReport, on_delete=models.CASCADE, related_name="comments")
    figure = models.CharField(
        max_length=80, blank=True, help_text="A measure's slug; empty for the whole report."
    )
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="report_comments")
    signature = models.CharField(max_length=100, help_text="The author's name as it was then.")
    text = models.TextField()
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"on {self.report}"
