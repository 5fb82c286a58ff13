"""Choosing among the kinds of channels, and secrets that are kept and not shown again."""

import pytest

from opsconsole.outbox.models import Channel, Topic
from opsconsole.outbox.transports.base import transports
from tests.opsconsole import make

pytestmark = pytest.mark.usefixtures("names")
URL = "/settings/channels/"
SLACK = {"name": "Chat", "topics": ["incidents"], "user": ""}
HOOK = "https://hooks.slack.com/services/T0/B1/abcdef"


@pytest.fixture
def slack(team):
    return make.webhook(kind="slack", name="Chat", config={"url": HOOK})


def test_it_offers_every_kind_with_a_line_about_it(signed_in, manager):
    text = signed_in(manager).get(f"{URL}new/").text
    for kind in transports:
        assert kind.about
        assert f'href="{URL}new/{kind.kind}/"' in text
        assert kind.about in text


def test_it_leads_to_the_choice_from_the_list(signed_in, manager, slack):
    assert f'href="{URL}new/"' in signed_in(manager).get(URL).text


def test_it_offers_nothing_to_whoever_may_not_add(signed_in, viewer):
    client = signed_in(viewer)
    assert client.get(f"{URL}new/").status_code == 403
    assert f'href="{URL}new/' not in client.get(URL).text


@pytest.mark.parametrize(
    "kind", [kind for kind in transports if kind.kind != "push"], ids=lambda kind: kind.kind
)
def test_it_says_where_to_find_each_value(signed_in, manager, kind):
    answer = signed_in(manager).get(f"{URL}new/{kind.kind}/")
    assert f"Add {kind.called}" in answer.text
    for name, field in kind.form.base_fields.items():
        assert field.help_text or field.widget.attrs.get("placeholder") or field.initial, name


def test_it_does_not_show_a_secret_again(signed_in, manager, slack):
    text = signed_in(manager).get(f"{URL}{slack.pk}/edit/").text
    assert "hooks.slack.com/services/T0" not in text
    assert "kept; write a new one only to replace it" in text
    assert "/T0/" not in signed_in(manager).get(f"{URL}{slack.pk}/").text


def test_it_keeps_a_secret_that_is_not_given_again(signed_in, manager, slack):
    signed_in(manager).post(f"{URL}{slack.pk}/edit/", SLACK | {"name": "Team chat"})
    channel = Channel.objects.get()
    assert (channel.name, channel.config["url"]) == ("Team chat", HOOK)


def test_it_replaces_a_secret_that_is_given(signed_in, manager, slack):
    signed_in(manager).post(f"{URL}{slack.pk}/edit/", SLACK | {"url": f"{HOOK}2"})
    assert Channel.objects.get().config["url"] == f"{HOOK}2"


def test_it_tells_a_pager_of_incidents_alone(signed_in, manager):
    text = signed_in(manager).get(f"{URL}new/pagerduty/").text
    assert text.count("checked") == 1
    assert signed_in(manager).get(f"{URL}new/slack/").text.count("checked") == len(Topic)
