"""What somebody changed on purpose: it stands beside what broke soon after."""

from django.db import models

from monitoring.catalogue.models import Service
from opsconsole.accounts.models import User

LONGEST_SUMMARY, LONGEST_DETAILS, LONGEST_URL = 1024, 20_000, 1000


class Kind(models.TextChoices):
    DEPLOY = "deploy", "Deploy"
    FLAG = "flag", "Feature flag"
    MIGRATION = "migration", "Migration"
    CONFIG = "config", "Configuration"
    OTHER = "other", "Other"


class Change(models.Model):
    """One change, told by a person or by a system that does such changes. It tells nobody; it is looked up.

    `at` is when it was done, `noted_at` when the console heard of it. A repetition with the same `dedup_key` is the same change.
    """

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    summary = models.CharField(max_length=LONGEST_SUMMARY)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="deliberate_changes"
    )
    source = models.CharField(
        max_length=200, blank=True, help_text="The system that told of it; empty for a person."
    )
    author = models.CharField(max_length=120, blank=True, help_text="Who did it, as the source names them.")
    url = models.CharField(max_length=LONGEST_URL, blank=True)
    details = models.TextField(blank=True)
    at = models.DateTimeField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    dedup_key = models.CharField(max_length=64, blank=True, help_text="Empty: noted by hand.")

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["dedup_key"], condition=~models.Q(dedup_key=""), name="changes_told_once"
            )
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="changes_newest"),
            models.Index(fields=["service", "-at", "-id"], name="changes_of_service"),
        ]

    def __str__(self) -> str:
        return self.summary
