"""The web process: pings and pushed metrics are answered in front, everything else by Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opsconsole.settings")
django_application = get_wsgi_application()

from monitoring.heartbeats.inbox import inbox  # noqa: E402 — models can be imported only now
from monitoring.heartbeats.ingest import front  # noqa: E402 — likewise
from monitoring.metrics.ingest import front as metrics_front  # noqa: E402 — likewise

application = front(metrics_front(django_application))
inbox.start()  # at once, not with the first ping: its beat tells that we listen
