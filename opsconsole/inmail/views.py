"""The address of mail servers, and the page that shows what came."""

import logging

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from opsconsole.accounts.middleware import machine
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.inmail import services
from opsconsole.inmail.models import Mailbox
from opsconsole.inmail.selectors import messages, opens
from opsconsole.lib import clock, keyset
from opsconsole.lib.receiving import BadBody, durable, read_body

log = logging.getLogger(__name__)
LIMIT = 10 * 1024 * 1024
"""Bytes of one mail."""


@machine
def door(request: HttpRequest, key: str) -> JsonResponse:
    """`POST /in/email/<key>?to=<recipient>` with the raw mail as its body: on the disk before it is answered."""
    # A mail server's pipe writes the address as it is; its “+” arrives as a space, which no address has.
    envelope = [to.replace("\x00", "").replace(" ", "+")[:320] for to in request.GET.getlist("to")[:50]]
    try:
        if not opens(key):
            return _say(404, "There is no such address here.")
        raw = read_body(request, LIMIT)
        with durable():
            services.message_store(raw=raw, envelope=envelope, now=clock.now())
    except BadBody as error:
        return _say(error.status, str(error))
    except DatabaseError:
        log.exception("A mail could not be stored")
        return _say(503, "The console could not store this; send it again.", {"Retry-After": "5"})
    return JsonResponse({"status": "ok"})


def _say(status: int, sentence: str, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse({"status": "error", "message": sentence}, status=status, headers=headers)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Mails may be private: those who may make the address see what comes to it."""
    require(signed_in(request), Role.MANAGER)
    context = {
        "box": Mailbox.objects.first(),
        "page": keyset.page(messages(), request.GET.get("after")),
    }
    return render(request, "inmail/page.html", context)


@require_POST
def key(request: HttpRequest) -> HttpResponse:
    """A new key; it is shown in the answer and never again."""
    made = services.mailbox_key(actor=signed_in(request), now=clock.now())
    address = f"{settings.OPSCONSOLE_URL}/in/email/{made}"
    return render(
        request, "inmail/key.html", {"address": address, "pipe": pipe(address), "try": attempt(address)}
    )


def pipe(address: str) -> str:
    """What a mail server runs for each mail: Postfix in master.cf, Exim and others alike."""
    return f"curl -fsS --retry 5 --data-binary @- '{address}?to='\"$ORIGINAL_RECIPIENT\""


def attempt(address: str) -> str:
    return f"printf 'From: me@example.com\\nTo: nobody@example.com\\nSubject: A try\\n\\nHello' |\n  curl -fsS --data-binary @- '{address}'"
