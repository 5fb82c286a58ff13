"""The form of the first visit."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from opsconsole.accounts.models import User
from opsconsole.ui.fields import ZoneField


def _text(autocomplete: str) -> forms.TextInput:
    return forms.TextInput({"autocomplete": autocomplete})


class OwnerForm(forms.Form):
    team_name = forms.CharField(
        label="Name of your team or product", max_length=80, widget=_text("organization")
    )
    name = forms.CharField(label="Your name", max_length=80, widget=_text("name"))
    email = forms.EmailField(
        label="Your e-mail",
        max_length=254,
        help_text="You sign in with it, and the first messages go there.",
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Password",
        help_text="At least 10 characters; a few words together are easy to keep.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    time_zone = ZoneField(help_text="In it the team reads times and checklists come due.", guess=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].initial = settings.OPSCONSOLE_TIME_ZONE

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "password" in given:
            try:
                validate_password(
                    given["password"], User(email=given.get("email", ""), name=given.get("name", ""))
                )
            except ValidationError as error:
                self.add_error("password", error)
        return given
