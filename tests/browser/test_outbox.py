"""Channels and deliveries in a real browser: fit for everybody, and a test that reports by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from opsconsole.outbox.models import Attempt, Delivery
from opsconsole.outbox.tasks import deliveries_send
from tests.browser.conftest import PHONE, everywhere
from tests.opsconsole import make
from tests.sinks import WebhookSink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lively(owner):
    """Channels in every state, and messages in most."""
    now, error = (
        datetime.now(UTC),
        "The receiver answered 503 “upstream_connect_error_or_disconnect/reset_before_headers”.",
    )
    make.mailbox(name="Ops mailbox", health="works", health_since=now, user=owner)
    chat = make.webhook(name="Team chat", health="failing", health_since=now, last_error=error)
    gone = make.webhook(name="Old one", is_enabled=False, disabled_reason="The receiver answered 410.")
    for status in ("waiting", "sent", "failed", "cancelled"):
        delivery = make.delivery(chat if status == "waiting" else gone, now=now + timedelta(hours=1))
        Attempt.objects.create(delivery=delivery, at=now, ok=status == "sent", detail=error, ms=15001)
        Delivery.objects.filter(pk=delivery.pk).update(
            status=status, attempts=1, last_error=error, sent_at=now
        )
    return owner


@everywhere
def test_it_is_fit_for_everybody(lively, page_at, good, width, scheme):
    page = page_at(width, scheme, user=lively)
    delivery = Delivery.objects.order_by("pk").values_list("pk", flat=True)
    paths = ["", *(f"{pk}/" for pk in delivery)]
    channels = ["", "new/email/", "new/webhook/", *(f"{d.channel_id}/" for d in Delivery.objects.all()[:2])]
    for path in [f"/settings/deliveries/{p}" for p in paths] + [f"/settings/channels/{c}" for c in channels]:
        page.goto(path)
        good(page)


def test_it_reports_a_test_by_itself(owner, loopback, page_at):
    with WebhookSink((200, {}, "thank you")) as hook:
        channel = make.webhook(hook.url, name="Team chat")
        page = page_at(user=owner)
        page.goto(f"/settings/channels/{channel.pk}/")
        page.wait_for_load_state()
        page.click("text=Send a test")
        page.wait_for_selector("#progress >> text=On its way")
        deliveries_send(datetime.now(UTC))
        page.wait_for_selector("#progress >> text=thank you")
        page.wait_for_selector("h1 >> text=Team chat works")
    assert page.get_attribute("#progress", "hx-get") is None
    assert "Test: Team chat works" in page.inner_text("#told")


def test_it_shows_the_secret_when_asked_for_it(owner, page_at):
    channel = make.webhook()
    page = page_at(user=owner)
    page.goto(f"/settings/channels/{channel.pk}/")
    page.wait_for_load_state()
    assert make.SECRET not in page.content()
    page.click("#secret >> text=Show")
    page.wait_for_selector(f"text={make.SECRET}")


def test_it_works_without_scripts(owner, page_at):
    page = page_at(PHONE, user=owner, scripts=False)
    page.goto("/settings/channels/")
    page.get_by_role("link", name="Add e-mail").click()
    page.fill("#id_name", "Ops")
    page.fill("#id_address", "ops@example.com")
    page.click("text=Add it")
    page.click("button:text('Send a test')")
    assert "On its way" in page.inner_text("#progress")
    page.click("text=Remove")
    page.click("text=Undo")
    assert page.inner_text("h1").startswith("Ops")
