"""The pages of integrations in a real browser."""

import pytest

from monitoring.inbound.views import doors
from tests.browser.conftest import DESKTOP
from tests.monitoring.inbound.conftest import KEY, integration

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mapping(client, monkeypatch):
    """The address of the mapping form of one that has sent something without any usual name."""
    monkeypatch.setattr(doors, "PATIENCE", 3600)
    row = integration("webhook")
    client.post(
        f"/in/webhook/{KEY}", {"check": {"label": "Disk"}, "s": "bad"}, content_type="application/json"
    )
    return f"/monitoring/inbound/{row.pk}/mapping/"


def test_it_shows_what_paths_find_while_they_are_typed(owner, page_at, mapping):
    page = page_at(DESKTOP, user=owner)
    page.goto(mapping)
    page.locator("[name=key]").fill("$[")
    page.locator("#preview").get_by_text("“$[” is no JSON path").wait_for()
    page.locator("[name=key]").fill("")
    page.locator("[name=title]").fill("$.check.label")
    page.locator("#preview b", has_text="Disk").wait_for()
    page.locator("[name=state]").fill("$.s")
    page.locator("[name=over]").fill("bad")
    page.locator("#preview").get_by_text("Over").wait_for()
