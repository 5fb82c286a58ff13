"""A phone call by Twilio: it says twice what is the matter, and key 1 acknowledges."""

from xml.sax.saxutils import escape, quoteattr

from opsconsole.outbox.transports.base import Outgoing, limits, transports
from opsconsole.outbox.transports.phones import Twilio, TwilioForm
from opsconsole.outbox.transports.wording import acknowledge_url, body, cut

MOST, RINGS = 400, 40  # characters; seconds
# What nobody can say is five characters in TwiML, of which Twilio takes 4,000.
_SAID = str.maketrans({"&": "+", "<": " ", ">": " "})


class VoiceTransport(Twilio):
    kind, label, icon, form = "voice", "Phone call (Twilio)", "phone-call", TwilioForm
    about = "It rings one person and reads out what is the matter; key 1 acknowledges."
    resource, calls_only = "Calls", True
    limits = limits((3, 15), (7, 60), (15, 180))
    hook_use = "Twilio tells at this address whether somebody answered, and which key was pressed. You need not enter it."

    def written(self, outgoing: Outgoing) -> dict[str, str | int]:
        status = self.back(outgoing, "status")
        back = {"StatusCallback": status, "StatusCallbackEvent": "completed"} if status else {}
        return {"Twiml": spoken(outgoing, self.back(outgoing, "key")), "Timeout": RINGS, **back}


def spoken(outgoing: Outgoing, key_url: str) -> str:
    """TwiML. A key that is pressed while it speaks counts at once."""
    first = body(outgoing).partition("\n")[0]
    words = escape(cut(f"{outgoing.subject}. {first}", MOST).translate(_SAID))
    keys = bool(key_url and acknowledge_url(outgoing))
    hint = " Press 1 to acknowledge." if keys else ""
    said = f'<Say>{words}{hint}</Say><Pause length="1"/>' * 2
    if keys:
        said = f'<Gather numDigits="1" timeout="8" action={quoteattr(key_url)}>{said}</Gather>'
    return f"<Response>{said}<Say>Good bye.</Say></Response>"


transports.register("voice", VoiceTransport())
