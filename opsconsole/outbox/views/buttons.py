"""Buttons in chats: each press is a signed call, and the answer says who acknowledged."""

import hmac
import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from opsconsole.accounts.middleware import public
from opsconsole.lib import clock
from opsconsole.lib.secrets import SecretUnreadable
from opsconsole.outbox.acts import Done
from opsconsole.outbox.models import Channel
from opsconsole.outbox.services.presses import press_take
from opsconsole.outbox.transports.addresses import is_of
from opsconsole.outbox.transports.slack import is_signed
from opsconsole.outbox.transports.telegram import secret_token
from opsconsole.outbox.views.hooks import DENIED, called


@public
@csrf_exempt  # signed by Slack
@require_POST
def slack(request: HttpRequest, token: str) -> HttpResponse:
    """Slack wants an answer within three seconds; what is said in the chat goes out as a message of its own."""
    channel = called(token, "slack")
    if not _is_from_slack(request, channel):
        return _denied()
    told = _object(request.POST.get("payload", ""))
    action = _first(told.get("actions"))
    uuid = _uuid(action.get("value")) if action.get("action_id") == "acknowledge" else None
    if uuid:
        back = str(told.get("response_url", ""))
        press_take(
            channel=channel,
            uuid=uuid,
            name=_name(told.get("user"), "name", "username", "id"),
            back=back if is_of(back, "hooks.slack.com", "hooks.slack-gov.com") else "",
            key=str(told.get("trigger_id", "")),
            now=clock.now(),
        )
    return HttpResponse(status=200)


def _is_from_slack(request: HttpRequest, channel: Channel) -> bool:
    sent_at = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    try:
        secret = channel.config.get("signing", "")
    except SecretUnreadable:
        return False
    return bool(secret) and is_signed(request.body, sent_at, signature, secret, clock.now())


@public
@csrf_exempt  # signed by the secret that we gave to Telegram
@require_POST
def telegram(request: HttpRequest, token: str) -> HttpResponse:
    """The answer is a call of Telegram's API: it shows the sentence to whoever pressed."""
    channel = called(token, "telegram")
    if not _is_from_telegram(request, channel):
        return _denied()
    query = _object(request.body).get("callback_query")
    query = query if isinstance(query, dict) else {}
    verb, _, hexed = str(query.get("data", "")).partition(":")
    uuid = _uuid(hexed) if verb == "a" else None
    if uuid is None:
        return HttpResponse(status=200)
    who, key = _name(query.get("from"), "first_name", "username", "id"), str(query.get("id", ""))
    return _shown(key, press_take(channel=channel, uuid=uuid, name=who, back="", key=key, now=clock.now()))


def _shown(query: str, done: Done) -> HttpResponse:
    call = {"method": "answerCallbackQuery", "callback_query_id": query}
    return JsonResponse({**call, "text": done.sentence[:200], "show_alert": True})


def _is_from_telegram(request: HttpRequest, channel: Channel) -> bool:
    given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    try:
        return hmac.compare_digest(given.encode(errors="replace"), secret_token(channel.config).encode())
    except SecretUnreadable:
        return False


def _denied() -> HttpResponse:
    return HttpResponse(DENIED, status=403, content_type="text/plain; charset=utf-8")


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _first(things: object) -> dict[str, Any]:
    return things[0] if isinstance(things, list) and things and isinstance(things[0], dict) else {}


def _name(who: object, *names: str) -> str:
    """As the chat calls them; at worst their id."""
    facts = who if isinstance(who, dict) else {}
    return next((str(facts[name])[:60] for name in names if facts.get(name)), "")


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
