"""Forms of people and keys."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.core.exceptions import ValidationError

from opsconsole.accounts import services
from opsconsole.accounts.models import Scope, User
from opsconsole.accounts.roles import MEANING, Role
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
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    error_messages = {"invalid_login": _WRONG, "inactive": _WRONG}

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class ResetForm(forms.Form):
    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


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
        self.error_messages = {"password_mismatch": "The two differ: type the same password twice."}

    def save(self, commit: bool = True) -> User:  # noqa: ARG002 — Django's signature
        return services.password_set(user=self.user, password=self.cleaned_data["new_password1"])


class ProfileForm(UserForm):
    name = forms.CharField(label="Your name", max_length=80, required=False)
    time_zone = ZoneField(required=False, help_text="Empty: the team's zone.")

    class Meta:
        model = User
        fields = ("name", "time_zone")


class ChangePasswordForm(NewPasswordForm):
    """As above, after the present one: somebody at an unlocked screen cannot take the account away."""

    old_password = forms.CharField(
        label="Present password", widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    field_order = ("old_password", "new_password1", "new_password2")

    def clean_old_password(self) -> str:
        given = str(self.cleaned_data["old_password"])
        if not self.user.check_password(given):
            raise ValidationError("This is not your present password.")
        return given


class TeamForm(forms.Form):
    name = forms.CharField(label="Name of the team or product", max_length=80)
    time_zone = ZoneField(
        help_text="In it reports are cut into days and weeks, and whoever chose no other reads times."
    )


def _role_choice() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="Role",
        choices=[(role.value, f"{role.label}: {MEANING[role]}") for role in Role],
        coerce=Role,
        initial=Role.RESPONDER,
        widget=forms.RadioSelect,
    )


class PersonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80)
    role = _role_choice()


class InviteForm(PersonForm):
    email = forms.EmailField(label="E-mail", max_length=254, widget=forms.EmailInput({"autocomplete": "off"}))
    field_order = ("email", "name", "role")


class KeyForm(forms.Form):
    name = forms.CharField(
        label="What for", max_length=80, widget=forms.TextInput({"placeholder": "Prometheus"})
    )
    scope = forms.TypedChoiceField(label="It may", choices=Scope.choices, coerce=Scope)
    days = forms.TypedChoiceField(
        label="It ends after",
        choices=[(30, "30 days"), (90, "90 days"), (365, "a year"), (0, "never")],
        initial=90,
        coerce=int,
    )


class AuditFilter(forms.Form):
    """Narrows the audit trail; whatever is given wrongly narrows nothing."""

    who = forms.CharField(required=False)
    kind = forms.CharField(required=False)
    text = forms.CharField(required=False, max_length=100)
