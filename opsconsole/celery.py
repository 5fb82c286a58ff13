"""The Celery application: the motor that runs sweeps. What is to be done stands in rows, never in messages.

Queues say what a worker is for: one that consumes `celery` runs sweeps, one that consumes `probes` carries the probe engine
(`celery -A opsconsole.celery worker -P threads -Q celery,probes`), and `worker -P threads --region eu-west` stands in another
place and consumes that region's queue alone. A lost message, worker or broker loses time, never work.
"""

import os
import sys

import django
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opsconsole.settings")
django.setup()

from celery.signals import beat_init  # noqa: E402 — the sweeps exist only after Django's set-up

from opsconsole.companions import Companions  # noqa: E402
from opsconsole.health import runner  # noqa: E402
from opsconsole.lib import clock  # noqa: E402
from opsconsole.schedule import sync  # noqa: E402

app = Celery("opsconsole")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(Companions)
if "click" in sys.modules:  # started from the command line; the embedded console does without
    from opsconsole.region_option import option

    app.user_options["worker"].add(option)


@app.task(name="opsconsole.sweep")
def sweep(name: str) -> int:
    """Run one sweep, and again as long as somebody asked for it meanwhile."""
    return runner.run_until_quiet(name, clock.now)


@beat_init.connect
def _sync_schedule(**_: object) -> None:
    sync()
