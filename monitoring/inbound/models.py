"""Where other systems send their alerts and changes, and what came from them."""

import zlib
from typing import Any

from django.db import models
from django.db.models import F, Q

from monitoring.alerts.states import Level
from monitoring.catalogue.models import Service
from opsconsole.lib.secrets import EncryptedJSONField


class Fate(models.TextChoices):
    """What became of a delivery."""

    WAITING = "waiting", "Not read yet"
    READ = "read", "Read"
    UNREADABLE = "unreadable", "Could not be read"
    FORGED = "forged", "Not believed"


class Integration(models.Model):
    """One system that may send here. Of its key only the digest is kept; the prefix tells keys apart.

    The former key opens as well until `former_until`, so that it can be replaced without losing anything. `config` holds the
    sender's secret and the mapping of fields, where its kind has them.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=6)
    digest = models.CharField(max_length=64, unique=True)
    former_digest = models.CharField(max_length=64, blank=True, db_index=True)
    former_until = models.DateTimeField(null=True, blank=True)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    severity = models.PositiveSmallIntegerField(choices=Level, default=Level.P2)
    config = EncryptedJSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        """What its alerts name as where they came from."""
        return f"inbound:{self.pk}"


class Arrival(models.Model):
    """One delivery as it came, written before it is answered. `identity` is the sender's own id of it, "" where it has none.

    A row that waits is read by whoever holds the lease; a process that dies leaves a lease that runs out.
    """

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="arrivals")
    at = models.DateTimeField()
    identity = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, help_text="Of the bytes and headers, to know a repetition.")
    headers: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    packed = models.BinaryField(help_text="The body, compressed, without the key.")
    size = models.PositiveIntegerField(help_text="Bytes as they came.")
    fate = models.CharField(max_length=12, choices=Fate, default=Fate.WAITING)
    note = models.TextField(blank=True, help_text="What it said, or why it could not be read.")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "identity"], condition=~Q(identity=""), name="inbound_arrival_once"
            )
        ]
        indexes = [
            models.Index(fields=["integration", "-id"], name="inbound_arrival_newest"),
            models.Index(fields=["integration", "at"], name="inbound_arrival_rate"),
            models.Index(F("due_at"), condition=Q(fate=Fate.WAITING), name="inbound_arrival_waiting"),
        ]

    @property
    def body(self) -> bytes:
        return zlib.decompress(bytes(self.packed))


class ErrorIssue(models.Model):
    """An error that a tracker grouped, as it last told of it. Counts are the tracker's; None where it never told them."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="issues")
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=60, blank=True, help_text="Its short name there.")
    title = models.CharField(max_length=300)
    place = models.CharField(max_length=300, blank=True)
    level = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20, blank=True)
    project = models.CharField(max_length=100, blank=True)
    release = models.CharField(
        max_length=100, blank=True, help_text="The version of the software in which it was last seen."
    )
    url = models.CharField(max_length=500, blank=True)
    replay = models.CharField(max_length=500, blank=True, help_text="The session in which it happened.")
    count = models.PositiveBigIntegerField(null=True)
    users = models.PositiveBigIntegerField(null=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    told_at = models.DateTimeField(help_text="When the console last heard of it.")

    class Meta:
        ordering = ("-last_at", "-id")
        constraints = [models.UniqueConstraint(fields=["integration", "key"], name="inbound_issue_once")]
        indexes = [models.Index(fields=["-last_at", "-id"], name="inbound_issue_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status not in ("resolved", "archived", "ignored")

    @property
    def tone(self) -> str:
        if not self.is_open:
            return "ok" if self.status == "resolved" else "unknown"
        return "bad" if self.level in ("fatal", "error", "") else "look"

    @property
    def word(self) -> str:
        """What it is while it is open; else what was done about it."""
        return ((self.level or "error") if self.is_open else self.status).capitalize()
