"""The page of an exporter, as Prometheus would scrape it: every series on it, or those whose names are chosen."""

import re
from datetime import datetime

from django import forms

from monitoring.metrics import parsing_text
from monitoring.metrics.fetching import fetch, text_of, url_field
from monitoring.metrics.samples import BadPush, Sample, Window
from monitoring.metrics.sources import Kind, Question, SourceFailed, Values, kinds, secret_field
from opsconsole.lib.moments import to_ms

_ACCEPT = "text/plain;version=0.0.4;q=0.9,*/*;q=0.1"


class Form(Question):
    secret = ("authorization",)
    url = url_field("Address of the exporter", placeholder="http://10.0.0.7:9100/metrics")
    only = forms.CharField(
        max_length=500,
        required=False,
        label="Only these names",
        help_text="Separated by blanks, “*” for any ending: node_memory_* node_load1. Empty: all of them.",
    )
    authorization = secret_field("Authorization", "Sent as this header, such as Bearer abc… Empty: none.")


def read(given: Values, now: datetime) -> list[Sample]:
    headers = {"Accept": _ACCEPT, "Authorization": given.get("authorization", "")}
    try:
        samples = parsing_text.read(text_of(fetch(given["url"], headers=headers).body), Window(to_ms(now)))
    except BadPush as error:
        raise SourceFailed(f"The page cannot be read: {error}.") from None
    found = _chosen(samples, given.get("only", ""))
    if not found:
        raise SourceFailed(
            "No series on the page has one of these names." if samples else "There is no sample on the page."
        )
    return found


def _chosen(samples: list[Sample], only: str) -> list[Sample]:
    if not only.strip():
        return samples
    wanted = re.compile("|".join(re.escape(name).replace(r"\*", ".*") for name in only.split()))
    return [s for s in samples if any(map(wanted.fullmatch, _names(s)))]


def _names(sample: Sample) -> tuple[str, ...]:
    """A histogram may be chosen by the name of its buckets too, as the page has it."""
    return (sample.name, f"{sample.name}_bucket") if sample.buckets else (sample.name,)


kinds.register(
    "prometheus", Kind("prometheus", "An exporter (Prometheus)", Form, read, names_itself=True, order=1)
)
