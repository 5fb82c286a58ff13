"""Google Chat: a webhook of one space, as a card."""

from html import escape
from typing import Any

from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.addresses import provider_address
from opsconsole.outbox.transports.base import Config, ConfigForm, Group, Outgoing, SecretField, transports
from opsconsole.outbox.transports.posting import Complaint, Posting, posted, said
from opsconsole.outbox.transports.wording import body, cut, links

MOST = 8000
GONE = ("NOT_FOUND", "PERMISSION_DENIED", "UNAUTHENTICATED")


class GoogleChatForm(ConfigForm):
    url = SecretField(
        label="Webhook address",
        help_text="In Google Chat: the space’s menu, Apps & integrations, Webhooks, Add webhook; copy its link.",
    )

    def clean_url(self) -> str:
        example = "https://chat.googleapis.com/v1/spaces/"
        return provider_address(self.cleaned_data["url"], "chat.googleapis.com", example=example)


class GoogleChatTransport(Posting):
    kind, label, icon, form = "googlechat", "Google Chat", "message-circle", GoogleChatForm
    group, about = Group.CHAT, "To a space of your workspace."

    def request(self, outgoing: Outgoing) -> Request:
        return posted(outgoing.config["url"], written(outgoing))

    def complaint(self, answer: Answer) -> Complaint | None:
        """200 names the message; errors have a status in words."""
        if answer.status == 200:
            return None if said(answer).get("name") else Complaint()
        error = said(answer).get("error")
        gone = isinstance(error, dict) and error.get("status") in GONE
        return Complaint("The webhook was deleted: make a new one." if gone else "", permanent=gone)

    def taken(self, answer: Answer) -> str:
        return f"posted as {said(answer)['name']}"

    def target(self, _config: Config) -> str:
        return "the webhook’s space"


def written(outgoing: Outgoing) -> dict[str, Any]:
    """A card's text is a little HTML, so ours is escaped."""
    widgets: list[dict[str, Any]] = []
    if text := body(outgoing):
        widgets.append({"textParagraph": {"text": escape(cut(text, MOST)).replace("\n", "<br>")}})
    if found := links(outgoing):
        buttons = [{"text": link.label, "onClick": {"openLink": {"url": link.url}}} for link in found]
        widgets.append({"buttonList": {"buttons": buttons}})
    card = {
        "header": {"title": cut(outgoing.subject, 250)},
        "sections": [{"widgets": widgets}] if widgets else [],
    }
    return {"cardsV2": [{"cardId": str(outgoing.uuid), "card": card}]}


transports.register("googlechat", GoogleChatTransport())
