"""The page of an exporter, as Prometheus would scrape it: every series on it, or those whose names are chosen."""

import re
from collections.abc import Callable, Iterable, Sequence
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
        help_text="Separated by blanks, “*” for any ending, “-” for what to leave out: node_* -node_cpu_*. Empty: all of them.",
    )
    authorization = secret_field("Authorization", "Sent as this header, such as Bearer abc… Empty: none.")


def read(given: Values, now: datetime) -> list[Sample]:
    is_wanted = _wanted(given.get("only", ""))
    answer = fetch(given["url"], headers={"Accept": _ACCEPT, "Authorization": given.get("authorization", "")})
    try:
        samples = parsing_text.read(
            text_of(answer.body),
            Window(to_ms(now)),
            answer.headers.get("content-type", ""),
            lambda name: not is_wanted((name, *_stems(name))),
        )
    except BadPush as error:
        raise SourceFailed(f"The page cannot be read: {error}.") from None
    found = [sample for sample in samples if is_wanted(_names(sample))]
    if not found:
        raise SourceFailed(
            "No series on the page has one of these names." if samples else "There is no sample on the page."
        )
    return found


def _wanted(only: str) -> Callable[[Iterable[str]], bool]:
    """Whether what has these names is chosen by one of them, and left out by none."""
    words = only.split()
    some = _pattern([word for word in words if word[0] != "-"] or ["*"])
    none = _pattern([word[1:] for word in words if word[0] == "-"])
    return lambda names: any(map(some.fullmatch, names)) and not any(map(none.fullmatch, names))


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    """Of no name: what no text is."""
    return re.compile("|".join(re.escape(name).replace(r"\*", ".*") for name in names) or r"(?!)")


def _stems(name: str) -> list[str]:
    """What the lines of a histogram say together."""
    return [name.removesuffix(end) for end in ("_bucket", "_sum", "_count") if name.endswith(end)]


def _names(sample: Sample) -> tuple[str, ...]:
    """A histogram may be chosen by the name of its buckets too, as the page has it."""
    return (sample.name, f"{sample.name}_bucket") if sample.buckets else (sample.name,)


kinds.register(
    "prometheus", Kind("prometheus", "An exporter (Prometheus)", Form, read, names_itself=True, order=1)
)
