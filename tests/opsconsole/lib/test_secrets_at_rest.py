"""Rows whose secrets no key opens can be listed and saved, not read."""

import pytest

from opsconsole.lib.secrets import SecretUnreadable
from opsconsole.outbox.models import Channel
from tests.opsconsole import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost(settings):
    """A channel as it comes from the database after the key was lost."""
    key, settings.SECRET_KEY = settings.SECRET_KEY, "lost"
    channel = make.webhook()
    settings.SECRET_KEY = key
    return Channel.objects.get(pk=channel.pk)


@pytest.mark.parametrize("read", [lambda c: c["url"], lambda c: c.get("url"), lambda c: {**c}, list])
def test_it_refuses_to_be_read(lost, read):
    with pytest.raises(SecretUnreadable, match="SECRET_KEY"):
        read(lost.config)


def test_it_can_be_saved_and_opened_again_with_the_old_key(lost, settings):
    lost.name = "Renamed"
    lost.save()
    settings.SECRET_KEY_FALLBACKS = ["lost"]
    assert Channel.objects.get(name="Renamed").config["url"] == "https://example.com/hook"


def test_it_shows_nothing(lost):
    assert (str(lost.config), bool(lost.config)) == ("(unreadable)", False)


def test_it_needs_no_key_for_nothing(settings):
    settings.SECRET_KEY = "lost"
    channel = Channel.objects.create(kind="webhook", name="Not set up", config={})
    settings.SECRET_KEY = "another"
    assert list(Channel.objects.get(pk=channel.pk).config) == []
