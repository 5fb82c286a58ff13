"""What was learnt from an incident, and the actions that follow from it."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from incidents.postmortems.states import Status
from incidents.response.models import Incident
from opsconsole.accounts.models import User


class Postmortem(models.Model):
    """The review of one incident. The facts are read from the records while it is a draft and frozen when it is published."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="postmortem")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    required = models.BooleanField(help_text="The policy of the severity asked for it.")
    due_at = models.DateTimeField()
    summary = models.TextField(blank=True)
    root_cause = models.CharField(max_length=300, blank=True)
    customers = models.TextField(blank=True)
    why = models.TextField(blank=True)
    unnoticed = models.TextField(blank=True)
    helped = models.TextField(blank=True)
    improve = models.TextField(blank=True)
    facts: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    version = models.PositiveIntegerField(
        default=1, help_text="Counts saves, so that nobody overwrites unseen."
    )
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    remind_at = models.DateTimeField(null=True, help_text="When somebody must be reminded that it is late.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, published_at__isnull=True)
                | Q(status=Status.PUBLISHED, published_at__isnull=False),
                name="postmortems_published_at",
            )
        ]
        indexes = [
            models.Index(F("due_at"), condition=Q(status="draft"), name="postmortems_draft_due"),
            models.Index(F("remind_at"), condition=Q(remind_at__isnull=False), name="postmortems_remind"),
        ]

    def __str__(self) -> str:
        return f"Postmortem of {self.incident}"

    @property
    def waits(self) -> bool:
        """Its incident was opened again and has not ended yet."""
        return self.incident.is_live()


class Action(models.Model):
    """Something that will be changed, by whom and by when; followed until it is done."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="actions")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="actions")
    due_on = models.DateField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    remind_at = models.DateTimeField(null=True, help_text="When somebody must be reminded that it is late.")

    class Meta:
        indexes = [
            models.Index(F("due_on"), condition=Q(done_at__isnull=True), name="postmortems_action_open"),
            models.Index(
                F("remind_at"), condition=Q(remind_at__isnull=False), name="postmortems_action_remind"
            ),
        ]
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.title
