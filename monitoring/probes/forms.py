"""Forms of probes. They only read what was typed; the services judge it, and say on the field what is wrong."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, cast

from django import forms

from monitoring.catalogue.models import Service
from monitoring.probes.afar import where
from monitoring.probes.kinds import kinds
from monitoring.probes.kinds.http.form import url_input, with_scheme
from monitoring.probes.models import Probe
from monitoring.probes.questions import Question
from monitoring.probes.services import Pace, Places
from monitoring.regions.selectors import are_offered, names
from opsconsole.lib.durations import words
from opsconsole.ui.fields import SpanField

_PACE = Pace()
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_SPANS = ("interval", "timeout", "retry_interval")
_PLACES = ("regions", "quorum")
_COUNTS = ("failure_threshold", "recovery_threshold")


class ProbeForm(Question):
    """What every probe has: a service, a name, and how often and how patiently it asks. `form_for` adds the fields of a kind."""

    service = forms.ModelChoiceField(Service.objects.order_by("name"), empty_label="Choose a service")
    name = forms.CharField(
        max_length=80, help_text="As incidents and messages will call it, e.g. Checkout page."
    )
    interval = SpanField(label="Ask every", least=5 * _SECOND, most=_DAY)
    timeout = SpanField(label="Wait for an answer", least=_SECOND, most=120 * _SECOND)
    retry_interval = SpanField(
        label="Retry a failure in", least=5 * _SECOND, most=_DAY,
        help_text="Until the failure is confirmed or disproved.",
    )  # fmt: skip
    failure_threshold = forms.IntegerField(label="Failures until it is down", min_value=1, max_value=20)
    recovery_threshold = forms.IntegerField(label="Successes until it is up", min_value=1, max_value=20)

    regions = forms.MultipleChoiceField(
        label="Regions", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="None: it is asked from here. Of several, one that cannot reach it alarms nobody.",
    )  # fmt: skip
    quorum = forms.IntegerField(
        label="Regions that must say it is down", required=False, min_value=1, max_value=100,
        help_text="Empty: most of those that are chosen. With fewer left that can tell, it is not measured; of two, 1 lets either decide alone.",
    )  # fmt: skip

    where = forms.ChoiceField(label="Try it", required=False)

    def __init__(self, *args: Any, probe: Probe | None = None, **kwargs: Any) -> None:
        shown = self._of(probe) if probe else _pace(self.PACE)
        kwargs["initial"] = shown | (kwargs.get("initial") or {})
        super().__init__(*args, kept=probe.secrets if probe else None, **kwargs)
        self._offer(probe.regions if probe else [])

    def _offer(self, chosen: Collection[str]) -> None:
        """Regions that there are; where none can be, none are asked for."""
        known = {*names(), *chosen} if are_offered() or chosen else set()
        for name in (*_PLACES, "where") if not known else ():
            del self.fields[name]
        if known:
            choices = [(one, one) for one in sorted(known)]
            cast("forms.MultipleChoiceField", self.fields["regions"]).choices = choices
            cast("forms.ChoiceField", self.fields["where"]).choices = where(sorted(known))

    def _of(self, probe: Probe) -> dict[str, Any]:
        """What the form shows of a probe that exists."""
        pace = {name: getattr(probe, name) for name in (*_SPANS, *_COUNTS)}
        known = {"service": probe.service_id, "name": probe.name}
        known |= {"regions": probe.regions, "quorum": probe.quorum or None}
        return self.shown(probe.config, probe.secrets) | known | _pace(pace)

    def clean(self) -> dict[str, Any]:
        """A pause before the retry that was typed and cannot be kept is said; one that only stood there gives way."""
        found = super().clean() or self.cleaned_data
        usual, retry = found.get("interval"), found.get("retry_interval")
        if usual and retry and retry > usual and retry != self.initial["retry_interval"]:
            self.add_error("retry_interval", f"It is asked again in {words(usual)} anyway; choose no more.")
        return found

    @property
    def lacks_regions(self) -> bool:
        """Whether regions could be offered, and there is none yet."""
        return are_offered() and "regions" not in self.fields

    @property
    def pace(self) -> Pace:
        given = self.cleaned_data
        spans = {name: int(given[name].total_seconds()) for name in _SPANS}
        return Pace(**spans, **{name: given[name] for name in _COUNTS})

    @property
    def places(self) -> Places:
        """Nowhere in particular where no region is chosen, and so no quorum either."""
        chosen = tuple(self.cleaned_data.get("regions", ()))
        return Places(chosen, self.cleaned_data.get("quorum") or 0 if chosen else 0)

    def said(self) -> dict[str, Any]:
        """What services of probes take."""
        given = self.cleaned_data
        return {
            "places": self.places,
            "service": given["service"],
            "name": given["name"],
            "config": self.config,
            "secrets": self.secrets,
            "pace": self.pace,
        }

    @property
    def folds(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The advanced parts: title, fields, and whether one of them has an error and must not hide."""
        parts = [*self.FOLDS, ("How often, and how patient it is", (*_SPANS, *_COUNTS))]
        parts += [("Where it is asked from", _PLACES)] if "regions" in self.fields else []
        found = [(title, [self[name] for name in names]) for title, names in parts]
        return [(title, fields, any(f.errors for f in fields)) for title, fields in found]


def form_for(kind: str) -> type[ProbeForm]:
    """The form of a probe of a kind. Raises KeyError for a kind that is not known."""
    return _joined(kinds[kind].form)


@cache
def _joined(question: type[Question]) -> type[ProbeForm]:
    return type(f"{question.__name__}OfProbe", (question, ProbeForm), {})


def _pace(given: Mapping[str, int]) -> dict[str, Any]:
    """Spans of time as such; what is not given is as usual."""
    pace = {name: given.get(name, getattr(_PACE, name)) for name in (*_SPANS, *_COUNTS)}
    return pace | {name: pace[name] * _SECOND for name in _SPANS}


class AddressForm(forms.Form):
    """The first probe of a new service, in one line. Left empty, the service has no probe yet."""

    url = forms.CharField(
        label="Its address",
        max_length=2000,
        required=False,
        widget=url_input(),
        help_text="It is asked every 30 seconds, and two failures in a row open an incident. Empty: watch it otherwise.",
    )

    def clean_url(self) -> str:
        return with_scheme(self.cleaned_data["url"])
