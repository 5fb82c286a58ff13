"""The form of a heartbeat."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from monitoring.catalogue.models import Service
from monitoring.heartbeats.meanings import Where
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.services.heartbeats import Options
from monitoring.heartbeats.services.plans import LONGEST, SHORTEST
from monitoring.heartbeats.states import Schedule
from opsconsole.ui.fields import SpanField, ZoneField

PAUSES = (("", "until resumed"), ("20", "20 min"), ("60", "1 h"), ("240", "4 h"), ("1440", "1 day"))


class PauseForm(forms.Form):
    """For how long; its cleaned value is an argument of `heartbeat_pause`."""

    span = forms.TypedChoiceField(
        choices=PAUSES,
        coerce=lambda minutes: timedelta(minutes=int(minutes)),
        empty_value=None,
        required=False,
        label="Pause for",
    )


class AdjustForm(forms.Form):
    """One change that the console proposed; its cleaned values are arguments of `heartbeat_adjust`."""

    zone = ZoneField(required=False)
    grace = SpanField(least=SHORTEST, most=LONGEST, required=False, label="Grace")


def _words(label: str, help_text: str) -> forms.CharField:
    text = forms.TextInput({"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(max_length=200, required=False, label=label, help_text=help_text, widget=text)


class HeartbeatForm(forms.Form):
    """Its cleaned values are the arguments of `heartbeat_create` and `heartbeat_update`."""

    name = forms.CharField(
        max_length=100, label="Name", help_text="As people here call the job, e.g. Nightly backup."
    )
    service = forms.ModelChoiceField(
        Service.objects.order_by("name"),
        required=False,
        empty_label="Jobs",
        label="Service",
        help_text="What suffers when the job fails.",
    )
    schedule = forms.ChoiceField(
        choices=Schedule, initial=Schedule.PERIOD, widget=forms.RadioSelect, label="It runs"
    )
    period = SpanField(
        least=SHORTEST,
        most=LONGEST,
        required=False,
        label="Every",
        help_text="“5 min”, “1 h”, “1 day”, “2 weeks”.",
    )
    cron = forms.CharField(
        max_length=100,
        required=False,
        label="Cron expression",
        help_text="Minute, hour, day, month, weekday, as in the job’s crontab.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "placeholder": "0 3 * * *"}),
    )
    calendar = forms.CharField(
        max_length=400,
        required=False,
        label="OnCalendar",
        help_text="As in the timer’s unit, a line each, at most ten; a line may end in a zone of its own.",
        widget=forms.Textarea(
            {"rows": 2, "autocomplete": "off", "spellcheck": "false", "placeholder": "Mon..Fri 03:00"}
        ),
    )
    zone = ZoneField(
        guess=True, required=False, help_text="In which the machine’s clock runs; servers often run in UTC."
    )
    grace = SpanField(
        least=SHORTEST,
        most=LONGEST,
        label="Grace",
        help_text="How late it may be before somebody is told. Leave room for how long it usually takes.",
    )
    max_run_time = SpanField(
        least=SHORTEST,
        most=LONGEST,
        required=False,
        label="Longest run",
        help_text="Only for jobs that also report their start. Empty: a run may take any time.",
    )
    slug = forms.SlugField(
        max_length=100,
        required=False,
        label="Short name",
        help_text="For the address with the ping key. Empty: made from the name.",
    )

    failure_words = _words(
        "Failed when it writes", "Several with commas, e.g. “ERROR, fatal”; small and capital letters differ."
    )
    success_words = _words("Succeeded when it writes", "Looked for only where no word of failure stands.")
    start_words = _words("Started when it writes", "Looked for last.")
    words_in = forms.ChoiceField(
        choices=Where, initial=Where.BODY, required=False, label="Where these words are looked for"
    )
    else_fails = forms.BooleanField(
        required=False,
        label="Failed when none of the words stands in it",
        help_text="Otherwise such a ping is ignored. Without any words, this does nothing.",
    )
    post_only = forms.BooleanField(
        required=False,
        label="Only POST counts",
        help_text="For addresses that browsers or scanners might open; other calls are answered and ignored.",
    )
    assertions = forms.CharField(
        max_length=400,
        required=False,
        label="What the figures of a run should be",
        help_text="A line each, e.g. “rows > 0”; a run that says otherwise, or does not say, counts as failed.",
        widget=forms.Textarea(
            {"rows": 2, "autocomplete": "off", "spellcheck": "false", "placeholder": "rows > 0"}
        ),
    )
    stuck_after = forms.IntegerField(
        min_value=2,
        max_value=100,
        required=False,
        label="Stuck when it says the same progress so often",
        help_text="For jobs that add e.g. progress=<last row> to their ping: on time, but doing nothing.",
    )
    ping_resumes = forms.BooleanField(
        required=False,
        label="A ping ends a pause",
        help_text="Otherwise a paused job stays so until somebody resumes it, or its pause is over.",
    )

    @classmethod
    def of(cls, beat: Heartbeat, data: Any = None) -> "HeartbeatForm":
        return cls(data, initial={name: getattr(beat, name) for name in cls.base_fields})

    @property
    def has_rules(self) -> bool:
        """Whether any of these says another thing than usual, or is wrong."""
        usual = ("", False, None, Where.BODY)
        return any(bound.errors or bound.value() not in usual for bound in self.rules)

    @property
    def rules(self) -> list[forms.BoundField]:
        """The fields that say what its pings mean."""
        return [self[name] for name in Options.__annotations__]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug != slug.lower():
            raise ValidationError("Use small letters, digits, “-” and “_” only.")
        return slug

    def clean(self) -> dict[str, Any]:
        """Only the schedule that is chosen counts; the other keeps what stood there, or a harmless default."""
        found = super().clean() or self.cleaned_data
        chosen = found.get("schedule")
        if chosen == Schedule.CRON and not found.get("cron") and "cron" not in self.errors:
            self.add_error("cron", "Write when it runs, e.g. “0 3 * * *” for three in the morning.")
        if chosen == Schedule.CALENDAR and not found.get("calendar") and "calendar" not in self.errors:
            self.add_error("calendar", "Write when it runs, e.g. “Mon..Fri 03:00”.")
        if chosen == Schedule.PERIOD and not found.get("period") and "period" not in self.errors:
            self.add_error("period", "Write how often it runs, e.g. “1 day”.")
        found["period"] = found.get("period") or self.initial.get("period") or LONGEST
        found["zone"] = found.get("zone") or "UTC"
        found["words_in"] = found.get("words_in") or Where.BODY
        return found
