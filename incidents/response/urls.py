from django.urls import path

import incidents.response.converters  # noqa: F401 # defines inc and level
from incidents.response.views import acknowledge, board, figures, incident

app_name = "response"
urlpatterns = [
    path("incidents/", board.index, name="list"),
    path("incidents/new/", board.new, name="new"),
    path("incidents/figures/", figures.figures, name="figures"),
    path("incidents/severities/", board.severities, name="severities"),
    path("incidents/severities/P<level:level>/", board.severity, name="severity"),
    path("incidents/INC-<inc:number>/", incident.detail, name="detail"),
    path("incidents/INC-<inc:number>/act/<slug:verb>/", incident.act, name="act"),
    path("a/<str:token>", acknowledge.acknowledge, name="acknowledge"),
]
