"""Everything needs a signed-in person unless its view says otherwise; times are shown in the reader's zone."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone

from opsconsole.accounts.models import User
from opsconsole.accounts.selectors import is_set_up, team_zone
from opsconsole.lib.calendars import zone

Get = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Mark a view that people who are not signed in may see."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


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
            return HttpResponse(status=204, headers={"HX-Redirect": redirect_to_login(request.path).url})
        answer: HttpResponseRedirect = redirect_to_login(
            request.get_full_path() if request.method == "GET" else "/"
        )
        return answer


class TimeZoneMiddleware:
    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        chosen = user.time_zone if isinstance(user, User) else ""
        with timezone.override(zone(chosen) if chosen else team_zone()):
            return self.get_response(request)
