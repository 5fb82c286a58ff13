"""How often an event happened on Mixpanel yesterday, or how many people did it."""

from base64 import b64encode
from datetime import datetime, timedelta

from django import forms

from monitoring.metrics.fetching import fetch_json, number
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import Kind, Question, SourceFailed, Values, kinds, secret_field, single
from opsconsole.lib.calendars import zone
from opsconsole.ui.fields import ZoneField

APIS = {"us": "https://mixpanel.com", "eu": "https://eu.mixpanel.com", "in": "https://in.mixpanel.com"}


class Form(Question):
    secret = ("password",)
    project = forms.RegexField(
        r"^[0-9]{1,20}$",
        label="Project’s number",
        error_messages={"invalid": "Write the number of the project."},
    )
    residency = forms.ChoiceField(
        choices=[("us", "United States"), ("eu", "Europe"), ("in", "India")], label="Where its data is"
    )
    user = forms.CharField(
        max_length=200, label="Service account", help_text="Its user name, which ends in mp-service-account."
    )
    password = secret_field("Secret of the service account", required=True)
    event = forms.CharField(max_length=255, label="Event", help_text="Exactly as it is called there.")
    counted = forms.ChoiceField(
        choices=[("unique", "People who did it"), ("general", "How often it happened")], label="Counted"
    )
    zone = ZoneField(initial="UTC", help_text="That of the project: its midnights are counted from.")


def read(given: Values, now: datetime) -> list[Sample]:
    day = f"{now.astimezone(zone(given['zone'])) - timedelta(days=1):%Y-%m-%d}"
    login = b64encode(f"{given['user']}:{given['password']}".encode()).decode()
    query = {
        "project_id": given["project"], "event": given["event"], "from_date": day, "to_date": day, "unit": "day", "type": given["counted"],
    }  # fmt: skip
    said = fetch_json(
        f"{APIS[given['residency']]}/api/query/segmentation",
        headers={"Authorization": f"Basic {login}"},
        query=query,
    )
    try:
        days = said["data"]["values"][given["event"]]
    except (TypeError, KeyError):
        raise SourceFailed(f"Mixpanel knows no event “{given['event'][:60]}” on {day}.") from None
    unit = "people" if given["counted"] == "unique" else "events"
    return single(number(days.get(day), f"The count of {day}"), unit=unit)


kinds.register("mixpanel", Kind("mixpanel", "Mixpanel", Form, read, every=timedelta(hours=1), order=25))
