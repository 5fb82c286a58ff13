"""A new kind of integration is one file: what it registers can be chosen, and has an address at once."""

import pytest

from monitoring.alerts.models import Alert
from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.parcels import Heard, Reading
from tests.monitoring.inbound.conftest import KEY, integration


def read(parcel):
    return Reading([Heard(fingerprint="pot", firing=parcel.object["hot"], title="The pot boils")])


@pytest.fixture
def teapot(monkeypatch, db):
    monkeypatch.setattr(kinds, "_entries", dict(kinds.items()))
    setup, example = "POST {url}", '{"hot": true}'
    return kinds.register(
        "teapot", Kind("teapot", "Teapot", "Boils.", read, "/in/teapot/{key}", setup, example)
    )


def test_it_is_chosen_and_takes_what_comes(teapot, signed_in, manager, post):
    assert "Teapot" in signed_in(manager).get("/monitoring/inbound/").text
    integration("teapot")
    assert post(f"/in/teapot/{KEY}", {"hot": True}).status_code == 200
    assert Alert.objects.get().title == "The pot boils"
