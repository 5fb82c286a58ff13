"""Forms of people and keys."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm

from opsconsole.accounts import services
from opsconsole.accounts.models import User
from opsconsole.ui.fields import ZoneField

if TYPE_CHECKING:
    PasswordForm = SetPasswordForm[User]
    UserForm = forms.ModelForm[User]
else:
    PasswordForm, UserForm = SetPasswordForm, forms.ModelForm

_WRONG = "That address and password do not belong together. Check both, or set a new password."


class SignInForm(AuthenticationForm):
    """By e-mail address. Its case does not count, neither for finding the person nor for counting failures."""

    username = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    error_messages = {"invalid_login": _WRONG, "inactive": _WRONG}

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class ResetForm(forms.Form):
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class NewPasswordForm(PasswordForm):
    """Twice, and a person's sessions elsewhere end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "New password"
        self.fields[
            "new_password1"
        ].help_text = "At least 10 characters; a few words together are easy to keep."
        self.fields["new_password2"].label = "The same again"
        self.fields["new_password2"].help_text = ""

    def save(self, commit: bool = True) -> User:  # noqa: ARG002 — Django's signature
        return services.password_set(user=self.user, password=self.cleaned_data["new_password1"])


class ProfileForm(UserForm):
    name = forms.CharField(label="Your name", max_length=80, required=False)
    time_zone = ZoneField(required=False, help_text="Empty: the team's zone.")

    class Meta:
        model = User
        fields = ("name", "time_zone")
