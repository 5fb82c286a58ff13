"""Forms of postmortems. Their field names are the arguments of the services they are handed to."""

from typing import Any

from django import forms

from incidents.postmortems.models import Postmortem
from incidents.postmortems.services import ANSWERS
from incidents.postmortems.states import QUESTIONS
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import able
from opsconsole.ui.fields import DayField

LONGEST = 20_000


class PostmortemForm(forms.Form):
    """Everything may stay empty while it is a draft."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(
        required=False,
        label="Summary",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text="Written from the records; make it yours. Markdown works in every field.",
    )
    root_cause = forms.CharField(
        required=False,
        label="Root cause, in a few words",
        max_length=300,
        help_text="Shown when something like it happens again: “connection pool exhausted”.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.field] = forms.CharField(
                required=False,
                label=question.text,
                max_length=LONGEST,
                widget=forms.Textarea({"rows": 3}),
                help_text=question.hint,
            )

    @classmethod
    def of(cls, postmortem: Postmortem) -> "PostmortemForm":
        initial = {name: getattr(postmortem, name) for name in (*ANSWERS, "version")}
        return cls(initial=initial)


class ActionForm(forms.Form):
    title = forms.CharField(
        max_length=200, label="What will be done", error_messages={"required": "Say what will be done."}
    )
    owner = forms.ModelChoiceField(
        able(Role.RESPONDER),
        label="By whom",
        empty_label=None,
        error_messages={"required": "Choose who does it; nobody's action is nobody's."},
    )
    due_on = DayField(label="Until")

    @classmethod
    def of(cls, postmortem: Postmortem) -> "ActionForm":
        """Whoever had the incident is proposed."""
        return cls(initial={"owner": postmortem.incident.assignee_id})
