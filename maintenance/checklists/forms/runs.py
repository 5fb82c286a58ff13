"""What people say to a run."""

from typing import Any

from django import forms

from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import able


class HandOverForm(forms.Form):
    """To anybody who may work on it but `holder`, who has it."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label="Who goes on with it?",
        empty_label="Choose a person",
        error_messages={"required": "Choose who goes on with it."},
    )

    def __init__(self, *args: Any, holder: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = able(Role.RESPONDER).exclude(pk=holder.pk)  # type: ignore[attr-defined]
