"""Microsoft Teams: a workflow that posts what its webhook receives, as an adaptive card."""

from typing import Any

from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.addresses import provider_address
from opsconsole.outbox.transports.base import Config, ConfigForm, Group, Outgoing, SecretField, transports
from opsconsole.outbox.transports.posting import Complaint, Posting, posted
from opsconsole.outbox.transports.wording import body, cut, is_over, links, severity

MOST, LINE = (
    24_000,
    90,
)  # bytes of all lines, of the 28 kB that a card may have, and what each line takes beside its text
FAILED = b"message delivery failed"  # said with 200


class TeamsForm(ConfigForm):
    url = SecretField(
        label="Workflow’s address",
        help_text="In Teams: the channel’s menu, Workflows, “Post to a channel when a webhook request is received”; copy the "
        "address that it shows at the end.",
    )

    def clean_url(self) -> str:
        hosts = (
            "logic.azure.com",
            "powerplatform.com",
            "powerautomate.com",
            "webhook.office.com",
            "azure.us",
        )
        example = "https://….logic.azure.com/workflows/"
        return provider_address(self.cleaned_data["url"].replace(":443/", "/"), *hosts, example=example)


class TeamsTransport(Posting):
    kind, label, icon, form = "teams", "Microsoft Teams", "users", TeamsForm
    group, about = Group.CHAT, "To a channel, through a workflow of Teams."

    def request(self, outgoing: Outgoing) -> Request:
        card = {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": None,
            "content": card_of(outgoing),
        }
        return posted(outgoing.config["url"], {"type": "message", "attachments": [card]})

    def complaint(self, answer: Answer) -> Complaint | None:
        """A workflow that was deleted or switched off stays so; an older connector says 200 to what Teams refused."""
        if 200 <= answer.status < 300:
            return Complaint() if FAILED in answer.body else None
        gone = answer.status in (401, 403, 404, 410)
        return Complaint("Is the workflow still there, and switched on?" if gone else "", permanent=gone)

    def target(self, _config: Config) -> str:
        return "the workflow’s channel"


def card_of(outgoing: Outgoing) -> dict[str, Any]:
    """Text runs, in which nothing is markup; text blocks would read Markdown."""
    tone = (
        "good"
        if is_over(outgoing)
        else {"P0": "attention", "P1": "attention", "P2": "warning"}.get(severity(outgoing), "default")
    )
    heading = {
        "type": "TextRun",
        "text": cut(outgoing.subject, 250),
        "weight": "bolder",
        "size": "medium",
        "color": tone,
    }
    lines = [[heading], *([{"type": "TextRun", "text": line}] for line in fitting(body(outgoing)))]
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [{"type": "RichTextBlock", "inlines": line} for line in lines],
        "actions": [
            {"type": "Action.OpenUrl", "title": link.label, "url": link.url} for link in links(outgoing)
        ],
    }


def fitting(text: str) -> list[str]:
    """The lines that a card has room for; “…” stands for those that were left out."""
    found: list[str] = []
    room = MOST
    for line in filter(None, text.splitlines()):
        raw = line.encode()
        if (room := room - len(raw) - LINE) < 0:
            return [*found, f"{raw[: max(0, room + len(raw))].decode(errors='ignore')}…"]
        found.append(line)
    return found


transports.register("teams", TeamsTransport())
