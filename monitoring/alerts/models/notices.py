"""News of groups, and the alerts in them."""

from django.db import models
from django.db.models import F, Q

from monitoring.alerts.models.alerts import Alert
from monitoring.alerts.models.groups import Group
from monitoring.alerts.states import News


class Notice(models.Model):
    """News of a group, for those who act on alerts: what fires anew and what is over since the last time.

    It is written in the transaction that decides it. `handled_at` is set by the consumer in the transaction of what it did.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="notices")
    news = models.CharField(max_length=8, choices=News)
    at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(F("id"), condition=Q(handled_at__isnull=True), name="alerts_notice_unhandled"),
            models.Index(fields=["group", "-id"], name="alerts_notice_group"),
        ]
        ordering = ("id",)


class Line(models.Model):
    """One alert in a notice: that it fires, that it goes on and off, or that it is over."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="lines")
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="lines")
    firing = models.BooleanField()
    flaps = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["alert", "-id"], name="alerts_line_last")]
        ordering = ("id",)
