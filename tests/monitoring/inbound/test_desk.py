"""Pages of integrations: keys are shown once, to managers; what came can be read by those who answer alerts."""

import re

import pytest
from auditlog.models import LogEntry

from monitoring.alerts.models import Alert
from monitoring.inbound import pruning
from monitoring.inbound.kinds import in_order, kinds
from monitoring.inbound.models import Arrival, Integration
from monitoring.inbound.pruning import KEPT_FOR
from monitoring.inbound.selectors import opened_by
from monitoring.inbound.tasks import forget
from opsconsole.lib.logs import discreet
from tests.monitoring.inbound.conftest import KEY, integration, payload

pytestmark = pytest.mark.django_db
URL = "/monitoring/inbound/"


@pytest.fixture
def browser(signed_in, manager, frozen):
    return signed_in(manager)


def made(browser, kind="alertmanager"):
    """The page with the key, and the key."""
    page = browser.post(f"{URL}new/{kind}/", {"name": "Prometheus", "severity": "2"}).text
    return page, page.partition('<pre id="key">')[2].partition("<")[0]


@pytest.mark.parametrize("kind", [kind.name for kind in in_order()])
def test_it_makes_an_address_with_what_to_set_there(browser, kind, now):
    page, key = made(browser, kind)
    assert opened_by(key, now) == Integration.objects.get()
    assert "curl -X POST" in page
    assert page.count(key) >= 3
    assert "{key}" not in page
    assert "{url}" not in page


def test_it_shows_the_key_once(browser):
    _, key = made(browser)
    pk = Integration.objects.get().pk
    for path in (URL, f"{URL}{pk}/", f"{URL}{pk}/edit/"):
        assert key not in browser.get(path).text
    assert key not in str(list(LogEntry.objects.values_list("changes", flat=True)))
    assert key not in str(Integration.objects.values().get())


def test_it_opens_with_the_line_that_it_shows(browser, client):
    _, key = made(browser)
    client.logout()
    assert (
        client.post(f"/in/alertmanager/{key}", payload("alertmanager"), "application/json").status_code == 200
    )


def test_it_replaces_the_key(browser, now):
    _, key = made(browser)
    page = browser.post(f"{URL}{Integration.objects.get().pk}/key/").text
    assert key not in page
    assert "The former key opens until" in page


def test_it_is_for_managers_alone(signed_in, responder, frozen):
    pk = integration().pk
    client = signed_in(responder)
    for path in ("", "new/alertmanager/", f"{pk}/", f"{pk}/edit/", f"{pk}/mapping/", f"{pk}/preview/"):
        assert client.get(f"{URL}{path}").status_code == 403
    for verb in ("key", "switch", "remove"):
        assert client.post(f"{URL}{pk}/{verb}/").status_code in (403, 404)
    assert "/monitoring/inbound/" not in client.get("/monitoring/services/").text


def test_it_keeps_keys_out_of_logs():
    for path in (
        f"/in/alertmanager/{KEY}",
        f"/in/sns/{KEY}/x",
        f"/api/v2/alerts?key={KEY}&a=1",
        f"/x?a=1&key={KEY}",
    ):
        assert KEY not in discreet(f"Not Found: {path}")


def test_it_lists_what_came_last(browser, post):
    integration()
    assert "Nothing came yet" in browser.get(URL).text
    post(f"/in/alertmanager/{KEY}", payload("alertmanager"))
    assert "1 alert firing and 1 over" in browser.get(URL).text
    post(f"/in/alertmanager/{KEY}", b"{")
    assert "Could not be read" in browser.get(URL).text


def test_it_shows_what_came_as_text(signed_in, responder, post):
    integration()
    post(f"/in/alertmanager/{KEY}", {"x": "<script>alert(1)</script>"})
    page = signed_in(responder).get(f"{URL}arrivals/{Arrival.objects.get().pk}/").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("count", [1, 60])
def test_it_asks_a_constant_number_of_queries(browser, post, count, django_assert_max_num_queries):
    for n in range(count):
        row = integration(key=f"{n:032}", name=f"System {n}")
        Arrival.objects.create(integration=row, at=row.created_at, due_at=row.created_at, size=1, packed=b"")
    with django_assert_max_num_queries(13):
        browser.get(URL)
    with django_assert_max_num_queries(13):
        browser.get(f"{URL}{row.pk}/")


def test_it_shows_the_fields_of_what_came_and_what_it_becomes(browser, post):
    row = integration("webhook")
    post(f"/in/webhook/{KEY}", {"check": {"name": "Disk"}, "status": "bad"})
    assert "There is no title" not in browser.get(f"{URL}{row.pk}/mapping/").text
    page = browser.get(f"{URL}{row.pk}/preview/?title=$.check.name&state=$.status").text
    assert "<b>Disk</b>" in page
    assert "Fires" in page
    assert "is no JSON path" in browser.get(f"{URL}{row.pk}/preview/?title=$.check[").text


@pytest.mark.parametrize(("field", "said"), [("at", "no time"), ("url", "no web"), ("severity", "not know")])
def test_it_says_what_it_does_not_take(browser, post, field, said):
    row = integration("webhook")
    post(f"/in/webhook/{KEY}", {"title": "Disk", "odd": "odd", "at": 1763452800, "priority": "p1"})
    page = browser.get(f"{URL}{row.pk}/preview/?title=$.title&{field}=$.odd").text
    assert re.search(f"odd, <b>which [a-z ]*{said}", page)
    assert (
        "<b>which"
        not in browser.get(f"{URL}{row.pk}/preview/?title=$.title&at=$.at&severity=$.priority").text
    )


def test_it_reads_by_the_fields_that_were_saved(browser, post):
    row = integration("webhook")
    browser.post(f"{URL}{row.pk}/mapping/", {"title": "$.check.name", "state": "$.s", "over": "fine"})
    post(f"/in/webhook/{KEY}", {"check": {"name": "Disk"}, "s": "poor"})
    assert Alert.objects.get().title == "Disk"


def test_it_is_removed_after_it_was_switched_off(browser, post):
    row = integration()
    post(f"/in/alertmanager/{KEY}", payload("alertmanager"))
    assert browser.post(f"{URL}{row.pk}/remove/").status_code == 404
    browser.post(f"{URL}{row.pk}/switch/")
    browser.post(f"{URL}{row.pk}/remove/")
    assert not Integration.objects.exists()
    assert Alert.objects.get().state == "resolved"


def test_it_forgets_old_deliveries_and_too_many(now, monkeypatch):
    monkeypatch.setattr(pruning, "KEPT_OF_ONE", 2)
    row = integration()
    for fate, at in [("read", now - 2 * KEPT_FOR), ("waiting", now - 2 * KEPT_FOR), *[("read", now)] * 3]:
        Arrival.objects.create(integration=row, at=at, due_at=at, size=1, packed=b"", fate=fate)
    assert forget(now) == 2
    assert sorted(Arrival.objects.values_list("fate", flat=True)) == ["read", "read", "waiting"]


def test_it_has_a_kind_of_every_name(browser):
    assert {"alertmanager", "grafana", "pagerduty", "webhook"} <= {kind.name for kind in kinds}
    assert browser.get(f"{URL}new/nonsense/").status_code == 404
