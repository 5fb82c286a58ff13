"""What a ping means by the rules of its heartbeat, whatever its address says. Pure.

The order is that of Healthchecks: words of failure, of success, of a start; and what has none of them fails or is ignored.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import models

from monitoring.heartbeats.states import Kind

MAIL = "EMAIL"
"""The method of a ping that came as a mail."""


class Where(models.TextChoices):
    BODY = "body", "In what it writes"
    SUBJECT = "subject", "In the subject of its mails"
    BOTH = "both", "In either"


class Meaning(NamedTuple):
    """`why` tells people what made it another thing than its address says; empty otherwise."""

    kind: Kind
    why: str = ""


@dataclass(frozen=True)
class Rules:
    """Words are separated by commas, and found as they are written, capitals and all."""

    failure: str = ""
    success: str = ""
    start: str = ""
    where: str = Where.BODY
    else_fails: bool = False
    post_only: bool = False

    def meaning(self, kind: str, method: str, body: str, subject: str = "") -> Meaning:
        if self.post_only and method not in ("POST", MAIL):
            return Meaning(Kind.IGNORED, f"it came by {method or 'another way'}, and only POST counts")
        text = self._text(method, body, subject)
        return Meaning(Kind(kind)) if text is None else self._found(text)

    @property
    def reads_body(self) -> bool:
        """Whether what a job writes decides, whatever its address says."""
        return self.has_words and self.where != Where.SUBJECT

    @property
    def has_words(self) -> bool:
        return bool(self.failure or self.success or self.start)

    def _text(self, method: str, body: str, subject: str) -> str | None:
        """Where to look for words; None where nothing is looked for."""
        if not self.has_words:
            return None
        if self.where == Where.BODY:
            return body
        if method != MAIL:  # only a mail has a subject
            return body if self.where == Where.BOTH else None
        return subject if self.where == Where.SUBJECT else f"{subject}\n{body}"

    def _found(self, text: str) -> Meaning:
        looked = ((Kind.FAIL, self.failure), (Kind.SUCCESS, self.success), (Kind.START, self.start))
        for kind, words in looked:
            if word := _first(words, text):
                return Meaning(kind, f"“{word}” stands in it")
        missing = "none of its words stands in it"
        return Meaning(Kind.FAIL if self.else_fails else Kind.IGNORED, missing)


def _first(words: str, text: str) -> str:
    """The first of these words that stands in a text."""
    return next((word for part in words.split(",") if (word := part.strip()) and word in text), "")
