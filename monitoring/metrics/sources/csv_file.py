"""A CSV file over HTTP: the number in the last row, or, where a column says when, every row of the last day."""

from datetime import datetime, timedelta

from django import forms

from monitoring.metrics.csv_tables import place, rows_of, timed, value_of
from monitoring.metrics.fetching import fetch, text_of, url_field
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import (
    VALUE,
    Kind,
    Question,
    SourceFailed,
    Values,
    kinds,
    secret_field,
    single,
)
from monitoring.metrics.states import LATE


class Form(Question):
    secret = ("authorization",)
    url = url_field("Address of the file", placeholder="https://files.example.com/orders.csv")
    column = forms.CharField(
        max_length=100, label="Column of the number", help_text="Its name in the first line."
    )
    when = forms.CharField(
        max_length=100,
        required=False,
        label="Column of the time",
        help_text="Written as 2026-11-16 09:00, in UTC unless it says otherwise. Empty: the last row is what is true now.",
    )
    authorization = secret_field("Authorization", "Sent as this header, such as Bearer abc… Empty: none.")


def read(given: Values, now: datetime) -> list[Sample]:
    answer = fetch(given["url"], headers={"Authorization": given.get("authorization", "")})
    rows = rows_of(text_of(answer.body))
    column = place(rows[0], given["column"])
    if not given.get("when"):
        return single(value_of(rows[-1], column, len(rows)))
    # Older rows were read before, or are too late.
    found = timed(rows, column, place(rows[0], given["when"]), now - LATE + timedelta(minutes=5), now)
    if not found:
        raise SourceFailed("The file has no row of the last 24 hours.")
    return [Sample(VALUE, (), value, at) for at, value in found]


kinds.register("csv", Kind("csv", "A CSV file over HTTP", Form, read, order=5))
