"""Channels that were told of everything before there was a new topic are told of it too; others are left as they are."""

from importlib import import_module

import pytest
from django.apps import apps

from opsconsole.outbox.models import Channel

tell = import_module("opsconsole.outbox.migrations.0003_endings").tell


@pytest.mark.django_db
def test_it_adds_the_topic_where_everything_was_wanted():
    everything = ["incidents", "checklists", "reports", "console"]
    Channel.objects.create(kind="email", name="All", topics=everything)
    Channel.objects.create(kind="email", name="Some", topics=["incidents"])
    tell(apps, None)
    tell(apps, None)
    told = dict(Channel.objects.values_list("name", "topics"))
    assert told == {"All": [*everything, "endings"], "Some": ["incidents"]}
