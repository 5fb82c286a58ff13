"""PagerDuty: Events v2. All messages of one incident share its key, so that they are one incident there."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from opsconsole.lib.clock import iso
from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.base import Config, ConfigForm, Group, Outgoing, SecretField, transports
from opsconsole.outbox.transports.posting import Complaint, Posting, posted, said
from opsconsole.outbox.transports.wording import cut, links, severity

SEVERITIES = {"P0": "critical", "P1": "error", "P2": "warning", "P3": "info"}
KEPT = ("incident", "title", "service", "severity", "status", "impact_start", "detected_at", "drill")


class PagerDutyForm(ConfigForm):
    key = SecretField(
        label="Integration key",
        help_text="In PagerDuty: the service, Integrations, Add an integration, Events API V2. It has 32 characters.",
    )
    region = forms.ChoiceField(
        label="Where your account is", choices=[("us", "United States"), ("eu", "Europe")], initial="us"
    )

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"].strip()
        if key and not re.fullmatch(r"[A-Za-z0-9]{32}", key):
            raise ValidationError("An integration key has 32 letters and digits; a REST API key does not do.")
        return key


class PagerDutyTransport(Posting):
    kind, label, icon, form = "pagerduty", "PagerDuty", "siren", PagerDutyForm
    group, about = Group.OTHERS, "One incident there for each here; acknowledged and resolved with it."
    topics, follows = ("incidents",), True
    apis = {"us": "https://events.pagerduty.com", "eu": "https://events.eu.pagerduty.com"}

    def request(self, outgoing: Outgoing) -> Request:
        where = self.apis[outgoing.config.get("region", "us")]
        return posted(f"{where}/v2/enqueue", {"routing_key": outgoing.config["key"], **event(outgoing)})

    def complaint(self, answer: Answer) -> Complaint | None:
        """202 with “success” takes; 400 names what is wrong with the event, which no repetition mends."""
        if answer.status == 202 and said(answer).get("status") == "success":
            return None
        refused = answer.status == 400 and "status" in said(answer)
        advice = "Is the key one of an “Events API V2” integration that still exists?" if refused else ""
        return Complaint(advice, permanent=refused or answer.status == 410)

    def taken(self, answer: Answer) -> str:
        return f"taken under the key {said(answer).get('dedup_key', '')}"

    def target(self, config: Config) -> str:
        return "a service in Europe" if config.get("region") == "eu" else "a service"


def event(outgoing: Outgoing) -> dict[str, Any]:
    told: dict[str, Any] = {"event_action": action(outgoing), "dedup_key": dedup_key(outgoing)}
    if told["event_action"] != "trigger":
        return told
    return {
        **told,
        "client": "Ops Console",
        "client_url": outgoing.url or settings.OPSCONSOLE_URL,
        "links": [{"href": link.url, "text": link.label} for link in links(outgoing)],
        "payload": payload(outgoing),
    }


def action(outgoing: Outgoing) -> str:
    """“Up again” is no end: whoever looks into it says when it is over."""
    if outgoing.type == "incident.resolved":
        return "resolve"
    return "acknowledge" if outgoing.data.get("status") == "acknowledged" else "trigger"


def dedup_key(outgoing: Outgoing) -> str:
    """The incident's number and the console's address: two consoles may use one service."""
    number = outgoing.data.get("incident")
    return f"{settings.OPSCONSOLE_URL}/{number}"[-255:] if number else str(outgoing.uuid)


def payload(outgoing: Outgoing) -> dict[str, Any]:
    facts = {name: outgoing.data[name] for name in KEPT if outgoing.data.get(name)}
    return {
        "summary": cut(outgoing.subject, 1024),
        "source": str(outgoing.data.get("service") or settings.OPSCONSOLE_URL),
        "severity": SEVERITIES.get(severity(outgoing), "info"),
        "timestamp": iso(outgoing.created_at),
        "custom_details": {"text": cut(outgoing.text, 4000), **facts},
    }


transports.register("pagerduty", PagerDutyTransport())
