"""What providers call back: receipts, replies, keys and buttons. Each call proves itself by the provider's own signature."""

from collections.abc import Callable
from uuid import UUID
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from opsconsole.accounts.middleware import public
from opsconsole.lib import clock
from opsconsole.lib.secrets import SecretUnreadable
from opsconsole.outbox.acts import respond
from opsconsole.outbox.models import Channel, Delivery
from opsconsole.outbox.selectors import hooked
from opsconsole.outbox.services.receipts import receipt_note
from opsconsole.outbox.services.replies import reply_take
from opsconsole.outbox.transports.phones import is_signed

DENIED = "The signature does not fit. Is the key in the channel’s settings the one of this account?"
ARRIVED = {"delivered", "read", "completed"}
LOST = {"undelivered", "failed", "busy", "no-answer", "canceled"}
Answer = Callable[[HttpRequest, Channel], HttpResponse]


def called(token: str, hook: str) -> Channel:
    channel = hooked(token, hook)
    if channel is None:
        raise Http404
    return channel


@public
@csrf_exempt  # signed by Twilio
@require_POST
def twilio(request: HttpRequest, token: str) -> HttpResponse:
    """403 for what the account's auth token did not sign, 404 for an address that we never gave out."""
    channel = called(token, "twilio")
    fields = {name: str(value) for name, value in request.POST.items()}
    url = settings.OPSCONSOLE_URL + request.get_full_path()
    try:
        fits = is_signed(url, fields, request.headers.get("X-Twilio-Signature", ""), channel.config["token"])
    except SecretUnreadable:
        fits = False
    if not fits:
        return HttpResponse(DENIED, status=403, content_type="text/plain; charset=utf-8")
    step = {"status": _status, "key": _key}.get(request.GET.get("step", ""), _message)
    return step(request, channel)


def _status(request: HttpRequest, channel: Channel) -> HttpResponse:
    """“delivered”, “busy”, with the number of the error if there is one."""
    word = request.POST.get("MessageStatus") or request.POST.get("CallStatus", "")
    arrived = True if word in ARRIVED else False if word in LOST else None
    error = request.POST.get("ErrorCode")
    words = f"Twilio says “{word}”{f', error {error}' if error else ''}."
    if uuid := _uuid(request):
        receipt_note(channel=channel, uuid=uuid, words=words, arrived=arrived, now=clock.now())
    return HttpResponse(status=204)


def _key(request: HttpRequest, channel: Channel) -> HttpResponse:
    """Key 1 acknowledges all that the call was about; any other does nothing."""
    uuid = _uuid(request)
    rows = Delivery.objects.filter(Q(uuid=uuid) | Q(bundled_into__uuid=uuid), channel=channel) if uuid else []
    if request.POST.get("Digits") != "1" or not rows:
        return twiml("<Say>Nothing was changed. Good bye.</Say>")
    told = {respond("acknowledge", row, now=clock.now()).sentence: None for row in rows}
    return twiml(f"<Say>{escape(' '.join(told))} Good bye.</Say>")


def _message(request: HttpRequest, channel: Channel) -> HttpResponse:
    """Written back from a number that some channel of this account writes to; strangers get no answer."""
    owner = _whose(request.POST.get("From", ""), channel)
    sid = request.POST.get("MessageSid", "")
    text = request.POST.get("Body", "")
    answer = reply_take(channel=owner, sid=sid, text=text, now=clock.now()) if owner and sid else ""
    return twiml(f"<Message>{escape(answer)}</Message>" if answer else "")


def _whose(number: str, asked: Channel) -> Channel | None:
    """One number at Twilio may write to many people, and has one address for what they write back."""
    for channel in Channel.objects.select_related("user").filter(kind="sms").order_by("-is_enabled", "pk"):
        try:
            fits = (channel.config["to"], channel.config["account"]) == (number, asked.config["account"])
        except SecretUnreadable:
            continue
        if fits:
            return channel
    return None


def _uuid(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("delivery", ""))
    except ValueError:
        return None


def twiml(said: str) -> HttpResponse:
    return HttpResponse(f"<Response>{said}</Response>", content_type="text/xml; charset=utf-8")
