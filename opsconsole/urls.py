"""Every address of the console. Wiring: this names everything, nobody imports it."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from opsconsole.outbox.views.pushing import worker
from opsconsole.ui.views import broken, healthz, lost

home = RedirectView.as_view(pattern_name="today:page")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("", include("opsconsole.health.urls")),
    path("", include("opsconsole.accounts.urls")),
    path("", include("maintenance.setup.urls")),
    path("today/", include("maintenance.today.urls")),
    path("monitoring/services/", include("monitoring.catalogue.urls")),
    path("monitoring/probes/regions/", include("monitoring.regions.urls")),
    path("monitoring/probes/", include("monitoring.probes.urls")),
    path("monitoring/changes/", include("monitoring.changes.urls")),
    path("", include("opsconsole.inmail.urls")),  # before the addresses of other kinds
    path("", include("monitoring.inbound.urls")),
    path("monitoring/alerts/", include("monitoring.alerts.urls")),
    path("monitoring/heartbeats/", include("monitoring.heartbeats.urls")),
    path("b/", include("monitoring.heartbeats.badge_urls")),
    path("monitoring/metrics/", include("monitoring.metrics.urls")),
    path("", include("incidents.response.urls")),
    path("incidents/", include("incidents.postmortems.urls")),
    path("maintenance/checklists/", include("maintenance.checklists.urls")),
    path("reports/", include("maintenance.reports.urls")),
    path("dashboards/", include("opsconsole.boards.urls")),
    path("measures/", include("opsconsole.measures.urls")),
    path("settings/", include("opsconsole.outbox.urls")),
    path("in/", include("opsconsole.outbox.hooks")),
    path("push-worker.js", worker, name="push_worker"),
]

handler404 = lost
handler500 = broken
