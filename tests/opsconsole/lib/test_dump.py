"""A dump of the database brings everything to another one: how a console moves from SQLite to PostgreSQL."""

import re

import pytest
from django.core.management import call_command

from monitoring.catalogue.models import Service
from monitoring.probes.models import Bucket, Probe, Result
from opsconsole.lib.moments import to_ms
from opsconsole.outbox.models import Channel
from tests.monitoring import make as monitoring
from tests.opsconsole import make

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = (Channel.with_removed, Probe.objects, Result.objects, Bucket.objects)


@pytest.fixture
def file(tmp_path, owner, now, frozen):
    """Rows of each kind that is not plain, and where to dump them."""
    make.webhook(removed_at=now)
    probe = monitoring.probe(secrets={"headers": {"Authorization": "Bearer hush"}}, status_since=now)
    Result.objects.create(probe=probe, at=now, outcome=0, ms=12)
    Bucket.objects.create(probe=probe, size=60, start=to_ms(now) // 1000, up=60_000)
    return tmp_path / "rows.jsonl"


def dump(file):
    excluded = [f"--exclude={name}" for name in ("contenttypes", "auth", "sessions")]
    call_command("dumpdata", "--all", "--natural-foreign", *excluded, "--format=jsonl", f"--output={file}")


def everything():
    return [list(rows.order_by("pk").values()) for rows in ROWS]


def test_it_reads_back_what_it_wrote(file):
    before = everything()
    dump(file)
    for rows in ROWS:
        rows.all().delete()
    Service.objects.all().delete()
    call_command("loaddata", file, verbosity=0)
    assert everything() == before


def test_it_holds_secrets_sealed(file):
    dump(file)
    assert not re.search("hush|whsec", file.read_text())
