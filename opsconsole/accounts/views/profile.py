"""One's own name, zone and password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from opsconsole.accounts import services
from opsconsole.accounts.forms import ChangePasswordForm, ProfileForm
from opsconsole.accounts.selectors import signed_in
from opsconsole.ui.forms import attempt


def page(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = ProfileForm(request.POST or None, initial={"name": user.name, "time_zone": user.time_zone})
    if request.method == "POST" and attempt(form, services.profile_update, actor=user) is not None:
        messages.success(request, "Saved.")
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


def password(request: HttpRequest) -> HttpResponse:
    """The session at hand goes on; all others end."""
    user = signed_in(request)
    form = ChangePasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(
            request, "Your password is changed. Wherever else you were signed in, you are signed out."
        )
        return redirect("accounts:profile")
    return render(request, "accounts/password.html", {"form": form})
