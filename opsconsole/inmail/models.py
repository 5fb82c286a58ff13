"""The address that mail servers post to, and what came."""

import zlib

from django.db import models
from django.db.models import F, Q


class Mailbox(models.Model):
    """The address of the team: one row. Of its key only the digest is kept."""

    prefix = models.CharField(max_length=6)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="inmail_mailbox_is_one")]

    def __str__(self) -> str:
        return f"the address {self.prefix}…"


class Fate(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting", "Not read yet"
    TAKEN = "taken", "Taken"
    NOBODYS = "nobodys", "For nobody"
    UNREADABLE = "unreadable", "Could not be read"
    FAILED = "failed", "Not handled"


TONES = {
    Fate.WAITING: "unknown",
    Fate.TAKEN: "ok",
    Fate.NOBODYS: "look",
    Fate.UNREADABLE: "bad",
    Fate.FAILED: "bad",
}


class Message(models.Model):
    """A mail as it came, written before it is answered, and read by the sweep.

    `envelope` is to whom the mail server says it was sent; where it does not say, the headers tell. `identity` is a digest of
    the whole mail and its envelope where it has an id of its own, to know a repetition; two mails without one may well be alike.
    """

    at = models.DateTimeField()
    identity = models.CharField(max_length=64, blank=True)
    envelope = models.JSONField(default=list)
    packed = models.BinaryField(help_text="The mail, compressed.")
    size = models.PositiveIntegerField(help_text="Bytes as they came.")
    sender = models.CharField(max_length=320, blank=True)
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=300, blank=True)
    fate = models.CharField(max_length=12, choices=Fate, default=Fate.WAITING)
    note = models.TextField(blank=True, help_text="What became of it.")
    url = models.CharField(max_length=200, blank=True, help_text="Where that is to be seen.")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], condition=~Q(identity=""), name="inmail_message_once"
            )
        ]
        indexes = [models.Index(F("due_at"), condition=Q(fate="waiting"), name="inmail_message_due")]

    def __str__(self) -> str:
        return self.subject or f"mail {self.pk}"

    @property
    def raw(self) -> bytes:
        return zlib.decompress(self.packed)

    @property
    def tone(self) -> str:
        return TONES[Fate(self.fate)]
