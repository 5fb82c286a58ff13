"""A text message by Twilio: short, with the link, and with what to write back."""

from opsconsole.outbox.transports.base import Outgoing, limits, transports
from opsconsole.outbox.transports.phones import Twilio, TwilioForm
from opsconsole.outbox.transports.wording import acknowledge_url, cut

MOST = 300  # characters, two text messages in one
# One sign outside the alphabet of text messages would more than halve what fits into one.
_PLAIN = str.maketrans(
    {"·": "-", "–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "…": "...", "\u00a0": " "}
)


class SmsTransport(Twilio):
    kind, label, icon, form = "sms", "Text message (Twilio)", "message-square", TwilioForm
    about = "An SMS to one person, who acknowledges by writing back “a”."
    resource = "Messages"
    limits = limits((5, 15), (11, 60), (21, 180))
    hook_use = (
        "So that people can write back “a”: in Twilio, at your number, under Messaging, “A message comes in”, enter this "
        "address as webhook. One is enough for all numbers that you write to from it."
    )

    def written(self, outgoing: Outgoing) -> dict[str, str | int]:
        back = {"StatusCallback": url} if (url := self.back(outgoing, "status")) else {}
        return {"Body": text_of(outgoing), **back}


def text_of(outgoing: Outgoing) -> str:
    """What it is about, what to write back, and where to look."""
    url, number = acknowledge_url(outgoing), outgoing.data.get("number")
    if numbers := outgoing.data.get("numbers"):
        return _bundled(outgoing, [f"{number}a" for number in numbers])
    wanted = f"Reply {number}a to acknowledge, {number}e to escalate, or open {url}" if url and number else ""
    rest = wanted or str(outgoing.data.get("acknowledge_url") or outgoing.url)
    about = cut(outgoing.subject.translate(_PLAIN), max(MOST - len(rest) - 3, 80))
    return f"{about}\n{rest}".strip().translate(_PLAIN)


def _bundled(outgoing: Outgoing, replies: list[str]) -> str:
    """Several messages in one: what each is about, and what to write back about each."""
    rest = cut(f"Reply {', '.join(replies)} to acknowledge", 100)
    return f"{cut(outgoing.subject.translate(_PLAIN), MOST - len(rest) - 9)}\n{rest}".translate(_PLAIN)


transports.register("sms", SmsTransport())
