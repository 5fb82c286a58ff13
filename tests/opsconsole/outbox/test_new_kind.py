"""A new kind of channel is one file: what it registers can be added, is sent through, and is shown."""

import pytest
from django import forms

from opsconsole.outbox.models import Channel
from opsconsole.outbox.tasks import deliveries_send
from opsconsole.outbox.transports.base import ConfigForm, Receipt, Transport, transports
from tests.opsconsole import make

pytestmark = pytest.mark.django_db


class PigeonForm(ConfigForm):
    loft = forms.CharField(label="Loft")


class Pigeon(Transport):
    kind, label, icon, form = "pigeon", "Pigeon", "bird", PigeonForm

    def send(self, outgoing):
        return Receipt(f"flew to {outgoing.config['loft']} with {outgoing.subject}")

    def target(self, config):
        return config["loft"]


@pytest.fixture
def pigeon(monkeypatch):
    monkeypatch.setattr(transports, "_entries", dict(transports.items()))
    return transports.register("pigeon", Pigeon())


def test_it_is_added_by_its_own_form_and_sent_through(pigeon, signed_in, manager, now):
    client = signed_in(manager)
    assert "Add pigeon" in client.get("/settings/channels/").text
    client.post("/settings/channels/new/pigeon/", {"name": "P", "loft": "Roof", "topics": ["incidents"]})
    delivery = make.delivery(Channel.objects.get())
    deliveries_send(now)
    text = client.get(f"/settings/deliveries/{delivery.pk}/").text
    assert "flew to Roof with API is down" in text


def test_it_refuses_two_kinds_of_one_name(pigeon):
    with pytest.raises(ValueError, match="already a kind of channel"):
        transports.register("pigeon", Pigeon())
