"""The addresses that other systems post to. Each stores before it answers, and answers a repetition the same."""

import base64
import logging
import time
from collections.abc import Mapping

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.kinds.pagerduty import CHANGES, keyless
from monitoring.inbound.models import Arrival, Integration
from monitoring.inbound.parcels import Forged, NotYet, Parcel, Reading, Unreadable
from monitoring.inbound.selectors import opened_by, sender_in
from monitoring.inbound.taking import (
    TooMany,
    arrival_refuse,
    arrival_settle,
    arrival_spoil,
    arrival_store,
    parcel_of,
    understood,
)
from monitoring.inbound.wording import text
from opsconsole.accounts.middleware import machine
from opsconsole.lib import clock
from opsconsole.lib.receiving import START, BadBody, durable, read_body

log = logging.getLogger(__name__)
LIMIT = 5 * 1024 * 1024
"""Bytes of one delivery: room for some five thousand alerts."""
PATIENCE = 0.3  # seconds: a console so busy that to store took longer leaves the reading to the sweep


@machine
def receive(request: HttpRequest, kind: str, key: str) -> JsonResponse:
    """`/in/<kind>/<key>`. 404 alike for a key and for a kind that are unknown."""
    found = opened_by(key, clock.now())
    if found is None or found.kind != kind:
        return _unknown()
    return _read_and_take(request, found, key)


@machine
def posted(request: HttpRequest) -> JsonResponse:
    """`/api/v2/alerts`, as an Alertmanager has it. The key is the password or name of basic auth, a bearer's token, or `?key=`."""
    key = _credential(request)
    found = opened_by(key, clock.now())
    if not key:
        answer = _say(401, "Give the key of an integration, by basic auth, as a bearer token, or as ?key=…")
        answer["WWW-Authenticate"] = 'Basic realm="Ops Console"'
        return answer
    if found is None or found.kind != "alertmanager":
        return _unknown()
    return _read_and_take(request, found, key)


def _credential(request: HttpRequest) -> str:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() == "basic":
        try:
            name, _, password = base64.b64decode(given).decode().partition(":")
        except ValueError:
            return ""
        return password or name
    return request.GET.get("key", "")


@machine
def enqueue(request: HttpRequest) -> JsonResponse:
    """PagerDuty's `/v2/enqueue` and `/v2/change/enqueue`: the key stands in the body; some clients send it as a header."""
    try:
        body = read_body(request, LIMIT)
    except BadBody as error:
        return _guessed(error)
    try:
        named = Parcel(0, clock.now(), body).object.get("routing_key")
        key = text(named or request.headers.get("X-Routing-Key"))
    except Unreadable as error:
        return _guessed(BadBody(400, str(error), body[:START]))
    found = opened_by(key, clock.now())
    if found is None or found.kind != "pagerduty":
        return JsonResponse(keyless(key), status=400)
    return take(request, found, key, body)


def _guessed(error: BadBody) -> JsonResponse:
    """Nobody can read whose event it is; if the key of one of ours stands in it, its people hear that it came."""
    if found := sender_in(error.start, "pagerduty", clock.now()):
        return _spoiled(*found, error)
    return JsonResponse(kinds["pagerduty"].refusal(str(error), [str(error)]), status=error.status)


def _read_and_take(request: HttpRequest, integration: Integration, key: str) -> JsonResponse:
    try:
        body = read_body(request, LIMIT)
    except BadBody as error:
        return _spoiled(integration, key, error)
    return take(request, integration, key, body)


def _spoiled(integration: Integration, key: str, error: BadBody) -> JsonResponse:
    """It is not taken, and an alert says so: whoever sent it may never look at the answer."""
    try:
        arrival_spoil(integration=integration, key=key, start=error.start, why=str(error), now=clock.now())
    except TooMany:
        return _too_many()
    except DatabaseError:
        log.exception("What came to %s was not taken, and that could not be stored", integration)
    refusal = kinds[integration.kind].refusal
    return JsonResponse(refusal(str(error), [str(error)]), status=error.status)


def take(request: HttpRequest, integration: Integration, key: str, body: bytes) -> JsonResponse:
    """Store, then read if that is quick, then answer."""
    kind, now, began = kinds[integration.kind], clock.now(), time.monotonic()
    try:
        with durable():
            arrival, repeated = arrival_store(
                integration=integration, key=key, body=body, headers=_headers(request, kind), now=now
            )
    except TooMany:
        return _too_many()
    except DatabaseError:
        log.exception("A delivery to %s could not be stored", kind.name)
        return _later(503, "The console could not store this; send it again.", "5")
    arrival.integration = integration
    left = repeated or arrival.leased_until is None or time.monotonic() - began > PATIENCE
    return _answer(kind, arrival, left)


def _headers(request: HttpRequest, kind: Kind) -> dict[str, str]:
    """Those that the kind reads; `path` is the address, where that tells what was sent."""
    given = {"path": CHANGES if request.path == CHANGES else ""}
    given |= {name: request.headers.get(name, "") for name in kind.headers if name != "path"}
    return {name: given[name].replace("\x00", "")[:500] for name in kind.headers}


def _answer(kind: Kind, arrival: Arrival, left: bool) -> JsonResponse:
    """What the kind answers to what was stored. It is read for the answer, and written unless that is `left` to the sweep."""
    try:
        parcel = parcel_of(arrival)
        if kind.waits and parcel.object:
            raise NotYet
        reading = understood(kind, parcel)
    except NotYet:
        return JsonResponse({"status": "ok"}, status=kind.status)
    except (Unreadable, Forged) as error:
        _write(arrival, error, left)
        return _refused(kind, error)
    _write(arrival, reading, left)
    return JsonResponse(kind.answer(parcel, reading), status=kind.status)


def _write(arrival: Arrival, said: Reading | Unreadable | Forged, left: bool) -> None:
    """It is stored, so nothing that fails here is lost: the sweep finds it when the lease is over."""
    if left:
        return
    try:
        if isinstance(said, Reading):
            arrival_settle(arrival=arrival, reading=said, now=clock.now())
        else:
            arrival_refuse(arrival=arrival, why=said, now=clock.now())
    except DatabaseError:
        log.exception("Delivery %s is stored, and will be read by the sweep", arrival.pk)


def _refused(kind: Kind, error: Unreadable | Forged) -> JsonResponse:
    if isinstance(error, Forged):
        return _say(401, str(error))
    return JsonResponse(kind.refusal(str(error), error.errors), status=400)


def _say(status: int, sentence: str) -> JsonResponse:
    said: Mapping[str, str] = {"status": "error", "message": sentence}
    return JsonResponse(said, status=status)


def _too_many() -> JsonResponse:
    return _later(429, "Too many deliveries in a minute; send again.", "30")


def _later(status: int, sentence: str, seconds: str) -> JsonResponse:
    answer = _say(status, sentence)
    answer["Retry-After"] = seconds
    return answer


def _unknown() -> JsonResponse:
    return _say(404, "There is no such address here.")
