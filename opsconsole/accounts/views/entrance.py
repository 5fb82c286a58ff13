"""Signing in and out, and what a locked-out person reads."""

from typing import Any

from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from opsconsole.accounts.forms import SignInForm
from opsconsole.accounts.middleware import public
from opsconsole.accounts.selectors import is_set_up, lock_ends_at
from opsconsole.lib import clock


class SignIn(auth.LoginView):
    """`next` is honoured when it stays on this console."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if is_set_up() else redirect("setup:owner")


sign_in = public(SignIn.as_view())
sign_out = public(auth.LogoutView.as_view())


def locked_out(request: HttpRequest, _response: Any, credentials: dict[str, Any] | None) -> HttpResponse:
    """After five failures: when to try again, and what to do now. The same for addresses that nobody here has."""
    email = str((credentials or {}).get("username", ""))
    until = lock_ends_at(request, email, now=clock.now())
    return render(request, "accounts/locked_out.html", {"until": until}, status=429)
