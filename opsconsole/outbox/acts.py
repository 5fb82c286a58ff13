"""What people ask for from within a message. The nouns that send messages say what it means, since they lie above this one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from opsconsole.lib.registry import Registry
from opsconsole.outbox.models import Delivery

Verb = Literal["acknowledge", "escalate"]


@dataclass(frozen=True)
class Done:
    """changed: whether this call did it; sentence: what to tell whoever asked."""

    changed: bool
    sentence: str


class Responder(Protocol):
    def __call__(self, verb: Verb, delivery: Delivery, *, name: str, now: datetime) -> Done | None:
        """Act as whom the message reached; None for a message of another noun.

        name: who it was, as the provider calls them, when the channel belongs to nobody in particular; "" when unknown.
        """


responders: Registry[Responder] = Registry("responder")
FURTHEST = 10
NOTHING = Done(False, "There is nothing to do about this message.")


def respond(verb: Verb, delivery: Delivery, *, name: str = "", now: datetime) -> Done:
    """Never raises for what is wrong with the message: whoever asked gets a sentence."""
    answers = (
        responder(verb, its, name=name, now=now) for its in _same(delivery) for responder in responders
    )
    return next((done for done in answers if done), NOTHING)


def _same(delivery: Delivery) -> Iterator[Delivery]:
    """The message, and those in whose place it was sent."""
    at: Delivery | None = delivery
    for _ in range(FURTHEST):
        if at:
            yield at
            at = at.instead_of
