"""What people say to an answer."""

from typing import Any

from django import forms

from incidents.response.selectors import policies
from incidents.response.states import Severity
from maintenance.checklists.models import Answer
from maintenance.checklists.states import AnswerKind, ItemKind
from opsconsole.lib.phrases import capital
from opsconsole.measures.verdicts import Verdict

LONGEST = 10_000  # characters of a note or a text


class ActForm(forms.Form):
    """Its fields are what the act's service is given besides the answer."""

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = self.fit(answer)

    def fit(self, answer: Answer) -> dict[str, Any]:
        """Fit the fields to the answer, and say what they begin with."""
        raise NotImplementedError


class NoteForm(ActForm):
    note = forms.CharField(
        label="What did you find or do?",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )

    def fit(self, answer: Answer) -> dict[str, Any]:
        return {"note": answer.note}


class SkipForm(ActForm):
    reason = forms.CharField(
        label="Why is it left out this time?",
        max_length=250,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )

    def fit(self, answer: Answer) -> dict[str, Any]:
        return {"reason": answer.skip_reason}


class IncidentForm(ActForm):
    title = forms.CharField(
        label="What is wrong", max_length=160, widget=forms.TextInput(attrs={"autofocus": True})
    )
    severity = forms.TypedChoiceField(label="Severity", coerce=int, choices=Severity)

    def fit(self, answer: Answer) -> dict[str, Any]:
        field = self.fields["severity"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(policy.level, str(policy)) for policy in policies()]
        severity = Severity.P3 if answer.verdict == Verdict.LOOK else Severity.P2
        return {"title": incident_title(answer)[:160], "severity": severity}


def incident_title(answer: Answer) -> str:
    """What a check found (“API is down”), else “Response time: 912 ms”, “Every payment was processed: no”.

    Where a value is wanted and nobody has given one, the question alone.
    """
    if answer.kind == ItemKind.CHECK and answer.detail:
        return capital(answer.detail)
    found = answer.value if answer.source else ""
    found = found or ("no" if answer.answer_kind == AnswerKind.TICK else "")
    return f"{answer.question}: {found}" if found else answer.question


class ValueForm(ActForm):
    """One field that fits the answer's kind. What is wrong with a value, the service says."""

    value = forms.CharField(required=False, max_length=LONGEST)

    def fit(self, answer: Answer) -> dict[str, Any]:
        field = self.fields["value"]
        field.label = f"{answer.question}{f', in {answer.unit}' if answer.unit else ''}"
        if answer.answer_kind == AnswerKind.CHOICE:
            field.widget = forms.RadioSelect(choices=[(c, c) for c in answer.choices])
        elif answer.answer_kind == AnswerKind.NUMBER:
            field.widget.attrs["inputmode"] = "decimal"
        field.widget.attrs["autofocus"] = True
        return {"value": answer.typed}
