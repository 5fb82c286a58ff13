"""Channels, messages to be delivered, and every attempt."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from opsconsole.accounts.models import User
from opsconsole.lib.secrets import EncryptedJSONField


class Topic(models.TextChoices):
    """What a channel is told about."""

    INCIDENTS = "incidents", "Incidents"
    CHECKLISTS = "checklists", "Checklists that are missed or handed over"
    REPORTS = "reports", "Reports"
    ENDINGS = "endings", "Certificates and domains that end soon"
    CONSOLE = "console", "Trouble of the console itself"


def every_topic() -> list[str]:
    return list(Topic.values)


class Health(models.TextChoices):
    """What the last attempts through a channel said."""

    UNTRIED = "untried", "Not tried yet"
    WORKS = "works", "Works"
    FAILING = "failing", "Failing"


class PresentChannels(models.Manager["Channel"]):
    """Those that were not removed."""

    def get_queryset(self) -> models.QuerySet["Channel"]:
        return super().get_queryset().filter(removed_at=None)

    def open(self) -> models.QuerySet["Channel"]:
        """Those that messages go through."""
        return self.filter(is_enabled=True)


class Channel(models.Model):
    """A way out: a mailbox, a webhook. Its settings are encrypted, since they hold secrets.

    A removed channel stays as a row, closed: its deliveries are evidence of who was told when.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    config = EncryptedJSONField(default=dict)
    topics: "models.JSONField[Any, Any]" = models.JSONField(default=every_topic)
    user = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="channels",
        help_text="The person it reaches; acknowledging from its link counts as theirs.",
    )
    fallback = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Gets the message when this one is closed or does not take it.",
    )
    fallback_after = models.PositiveSmallIntegerField(
        default=3, help_text="So many attempts fail before the fallback gets the message."
    )
    is_enabled = models.BooleanField(default=True)
    disabled_reason = models.TextField(blank=True, help_text="Set when a permanent error closed the channel.")
    health = models.CharField(max_length=8, choices=Health, default=Health.UNTRIED)
    health_since = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    removed_at = models.DateTimeField(null=True)
    hook = models.CharField(
        max_length=64,
        blank=True,
        db_index=True,
        help_text="Digest of the token in the address at which its provider calls back.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PresentChannels()
    with_removed: ClassVar[models.Manager["Channel"]] = models.Manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(removed_at=None),
                name="outbox_channel_name_once",
                violation_error_message="There is a channel of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Delivered"
    FAILED = "failed", "Not delivered"
    CANCELLED = "cancelled", "No longer needed"


class Delivery(models.Model):
    """One message to one recipient. `uuid` is its Message-ID and webhook id on every attempt."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField(
        max_length=120, help_text="The cause, e.g. incident.opened:17; one message each."
    )
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    recipient = models.CharField(
        max_length=254, blank=True, help_text="An e-mail address, when there is no channel."
    )
    topic = models.CharField(max_length=20, choices=Topic)
    subject = models.CharField(max_length=250)
    content = EncryptedJSONField(help_text="text, html and data as rendered at the cause.")
    about = models.CharField(max_length=250, blank=True, help_text="Path of the page of the cause.")
    status = models.CharField(max_length=10, choices=DeliveryStatus, default=DeliveryStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(
        null=True, help_text="After this it would only confuse; it is cancelled."
    )
    leased_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    instead_of = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="stand_ins",
        help_text="The message that another channel did not take.",
    )
    because = models.CharField(max_length=300, blank=True, help_text="Why a fallback got it.")
    let_through_at = models.DateTimeField(null=True, help_text="When a kind with a limit last sent it.")
    throttled_at = models.DateTimeField(null=True, help_text="When it was held back by such a limit.")
    bundled_into = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="bundled",
        help_text="The message that it was sent together with.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "channel", "recipient"],
                condition=Q(channel__isnull=False),
                name="outbox_delivery_once",
            ),
            models.UniqueConstraint(
                fields=["event", "recipient"],
                condition=Q(channel__isnull=True),
                name="outbox_delivery_once_direct",
            ),
        ]
        indexes = [
            models.Index(F("due_at"), condition=Q(status="waiting"), name="outbox_delivery_due"),
            models.Index(fields=["status", "-id"], name="outbox_delivery_status"),
            models.Index(fields=["status", "created_at"], name="outbox_delivery_counts"),
            models.Index(fields=["channel", "-id"], name="outbox_delivery_channel"),
            models.Index(fields=["about", "-id"], name="outbox_delivery_about"),
            models.Index(fields=["created_at"], name="outbox_delivery_created"),
            models.Index(
                F("let_through_at"), condition=Q(let_through_at__isnull=False), name="outbox_delivery_limited"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_throttled(self) -> bool:
        """It waits because a limit held it back, not because an attempt failed."""
        held_back = self.throttled_at if self.status == DeliveryStatus.WAITING else None
        return bool(held_back and (self.let_through_at is None or self.let_through_at < held_back))


class Attempt(models.Model):
    """One try of a delivery and what the other side said."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    ok = models.BooleanField()
    detail = models.TextField(blank=True)
    ms = models.PositiveIntegerField(default=0)
    receipt = models.CharField(
        max_length=250,
        blank=True,
        help_text="What the provider said later: that it arrived, or why it did not.",
    )
    receipt_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")
        indexes = [models.Index(fields=["at"], name="outbox_attempt_at")]


class Reply(models.Model):
    """What somebody wrote back, such as “7a”, and what we answered; `sid` is the provider's id, so each counts once."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="replies")
    sid = models.CharField(max_length=64)
    at = models.DateTimeField()
    text = models.CharField(max_length=160)
    answer = models.CharField(max_length=320, blank=True)
    was_help = models.BooleanField(
        default=False, help_text="It was not understood, and was told what would be."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "sid"], name="outbox_reply_once")]
        indexes = [models.Index(fields=["at"], name="outbox_reply_at")]


class PushKey(models.Model):
    """One row: the key by which push services know this console. Encrypted, since whoever has it may notify everybody."""

    config = EncryptedJSONField(default=dict)
