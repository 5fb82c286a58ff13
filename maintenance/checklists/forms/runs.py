"""What people say to a run."""

from django import forms

from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import able


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(able(Role.RESPONDER), label="Who goes on with it?", empty_label=None)
