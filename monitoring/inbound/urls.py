from django.urls import path

from monitoring.inbound.views import desk, doors, errors

app_name = "inbound"
urlpatterns = [
    path("monitoring/inbound/", desk.integration_list, name="list"),
    path("monitoring/inbound/new/<slug:kind>/", desk.integration_new, name="new"),
    path("monitoring/inbound/<int:pk>/", desk.integration_detail, name="detail"),
    path("monitoring/inbound/<int:pk>/edit/", desk.integration_edit, name="edit"),
    path("monitoring/inbound/<int:pk>/key/", desk.key_renew, name="key"),
    path("monitoring/inbound/<int:pk>/switch/", desk.switch, name="switch"),
    path("monitoring/inbound/<int:pk>/remove/", desk.remove, name="remove"),
    path("monitoring/inbound/<int:pk>/mapping/", desk.mapping, name="mapping"),
    path("monitoring/inbound/<int:pk>/preview/", desk.preview, name="preview"),
    path("monitoring/inbound/arrivals/<int:pk>/", desk.arrival_detail, name="arrival"),
    path("monitoring/errors/", errors.error_list, name="errors"),
    path("in/<str:kind>/<str:key>", doors.receive),
    path("in/<str:kind>/<str:key>/api/v2/alerts", doors.receive),
    path("api/v2/alerts", doors.posted),
    path("v2/enqueue", doors.enqueue),
    path("v2/change/enqueue", doors.enqueue),
]
