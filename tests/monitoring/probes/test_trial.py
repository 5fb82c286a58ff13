"""“Try it” asks once with what the form says, shows what came back, and saves nothing."""

import pytest
from django.conf import settings

from monitoring.probes.models import Probe
from tests.monitoring import make
from tests.monitoring.probes.test_forms import NEW, given
from tests.sinks import WebhookSink

HTMX = {"HX-Request": "true", "HX-Target": "trial"}


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(settings, "OPSCONSOLE_ALLOWED_NETWORKS", ["127.0.0.1/32"])
    with WebhookSink() as sink:
        yield sink


def tried(client, path=NEW, **fields):
    return client.post(path, given(make.service(), **fields) | {"try": "1"}, headers=HTMX).content.decode()


def test_it_shows_what_came_back(manager, signed_in, server):
    shown = tried(signed_in(manager), url=server.url)
    assert "as expected" in shown
    assert "Nothing was saved." in shown
    assert not Probe.objects.exists()


def test_it_judges_as_the_probe_would(manager, signed_in, server):
    shown = tried(signed_in(manager), url=server.url, keyword_present="Welcome <b>")
    assert "does not contain “Welcome &lt;b&gt;”" in shown
    assert "tag bad" in shown


def test_it_sends_the_headers_that_are_kept(manager, signed_in, server):
    probe = make.probe(url=server.url, secrets={"headers": {"X-Token": "s3cret"}})
    tried(
        signed_in(manager),
        f"/monitoring/probes/{probe.pk}/edit/",
        url=server.url,
        headers="X-Token: ••••••••",
    )
    assert server.wait()[0].headers["x-token"] == "s3cret"


def test_it_says_that_nothing_answers(manager, signed_in, server):
    shown = tried(signed_in(manager), url="http://127.0.0.1:1/")
    assert "Nothing accepts connections at 127.0.0.1:" in shown


def test_it_asks_no_private_address(manager, signed_in):
    shown = tried(signed_in(manager), url="http://127.0.0.1:1/")
    assert "add its network to OPSCONSOLE_ALLOWED_NETWORKS" in shown


def test_it_says_what_to_mend_first(manager, signed_in):
    shown = tried(signed_in(manager), interval="often")
    assert "It cannot be tried yet" in shown
    assert "Write a duration" in shown


def test_it_needs_neither_a_service_nor_a_name_to_ask_once(manager, signed_in, server):
    unnamed = given(make.service(), url=server.url) | {"service": "", "name": "", "try": "1"}
    shown = signed_in(manager).post(NEW, unnamed, headers=HTMX).text
    assert "as expected" in shown


def test_it_names_a_field_once_that_is_to_be_mended(manager, signed_in):
    shown = tried(signed_in(manager), url="")
    assert "<li>“Address” is still empty: fill it in.</li>" in shown


def test_it_speaks_of_no_trial_where_none_was_asked_for(manager, signed_in):
    page = signed_in(manager).post(NEW, given(make.service(), interval="often")).text
    assert "Write a duration" in page
    assert "It cannot be tried yet" not in page


def test_it_shows_the_whole_page_without_scripts(manager, signed_in, server):
    page = signed_in(manager).post(NEW, given(make.service(), url=server.url) | {"try": "1"}).content.decode()
    assert "What came back" in page
    assert f'value="{server.url}"' in page


def test_it_is_for_managers(responder, signed_in):
    answer = signed_in(responder).post(NEW, given(make.service()) | {"try": "1"})
    assert answer.status_code == 403
