"""Everything needs a signed-in person unless its view says otherwise; times are shown in the reader's zone."""

from collections.abc import Callable
from typing import Any

from auditlog.middleware import AuditlogMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from opsconsole.accounts.models import User
from opsconsole.accounts.selectors import is_set_up, team, zone_of
from opsconsole.lib.addresses import client_address, path_of, sent_from
from opsconsole.lib.calendars import zone

Get = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Mark a view that people who are not signed in may see."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def machine(view: View) -> View:
    """A view for systems that post: no sign-in, no cookie, no zone of a reader."""
    view.is_machine = True  # type: ignore[attr-defined]
    return public(csrf_exempt(require_POST(view)))


class PlainAddressMiddleware:
    """NUL cannot be in any text of PostgreSQL, and no link or cookie of ours has one: refused once, for every page."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path_info:
            raise BadRequest("The address has a character in it that no text can have.")
        if r"\000" in request.META.get("HTTP_COOKIE", ""):
            raise BadRequest("A cookie has a character in it that no text can have.")
        return self.get_response(request)


class SignInRequiredMiddleware:
    """Closed by default: a new page that forgets its permission check is still behind the sign-in."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if getattr(view, "is_public", False) or request.user.is_authenticated:
            return None
        if not is_set_up():
            return redirect("setup:owner")
        if request.headers.get("HX-Request"):
            back = path_of(request.headers.get("HX-Current-URL", ""))
            return HttpResponse(status=204, headers={"HX-Redirect": redirect_to_login(back).url})
        answer: HttpResponseRedirect = redirect_to_login(_back(request))
        return answer


def _back(request: HttpRequest) -> str:
    """Where to go on after signing in: the page asked for, or the one that a form was sent from."""
    return request.get_full_path() if request.method == "GET" else sent_from(request)


class TimeZoneMiddleware:
    """Times in the reader's zone, else the team's. `request.team` is read once, and only when somebody asks."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.team = SimpleLazyObject(team)  # type: ignore[attr-defined]
        with timezone.override(None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, _args: Any, _kwargs: Any) -> None:
        """Probes of our own health (`is_machine`) read no database, so not for this either."""
        if not getattr(view, "is_machine", False):
            chosen = request.user.time_zone if isinstance(request.user, User) else ""
            timezone.activate(zone(chosen) if chosen else zone_of(request.team))  # type: ignore[attr-defined]


class AuditMiddleware(AuditlogMiddleware):  # type: ignore[misc] # the package has no types
    """The audit trail names the address that the lock-out counts by; a header that anybody can send is not believed."""

    def __call__(self, request: HttpRequest) -> Any:
        """A GET changes nothing, so nobody is looked up for it."""
        return self.get_response(request) if request.method in ("GET", "HEAD") else super().__call__(request)

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        return client_address(request)
