"""Setting a password: by a mailed link, from an invitation, or from one's profile."""

from typing import Any

from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy

from opsconsole.accounts import services
from opsconsole.accounts.forms import NewPasswordForm, ResetForm
from opsconsole.accounts.links import links
from opsconsole.accounts.middleware import public
from opsconsole.lib import clock

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether or not somebody here has the address."""
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.password_link_send(email=form.cleaned_data["email"], now=clock.now())
        return redirect("accounts:password_reset_sent")
    return render(request, "accounts/password_reset.html", {"form": form})


@public
def reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_reset_sent.html")


class SetPassword(auth.PasswordResetConfirmView):
    """The link's page. A used, old or broken link says so, and how to get a new one."""

    template_name = "accounts/password_set.html"
    form_class = NewPasswordForm
    token_generator = links
    post_reset_login = True
    post_reset_login_backend = MODEL_BACKEND
    success_url = reverse_lazy("home")

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, status=200 if self.validlink else 410, **kwargs)


set_by_link = public(SetPassword.as_view())
