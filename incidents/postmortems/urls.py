from django.urls import path

import incidents.response.converters  # noqa: F401 # defines inc
from incidents.postmortems import views

app_name = "postmortems"
urlpatterns = [
    path("postmortems/", views.index, name="list"),
    path("actions/<int:pk>/done/", views.action_toggle, {"verb": "done"}, name="action_done"),
    path("actions/<int:pk>/reopen/", views.action_toggle, {"verb": "reopen"}, name="action_reopen"),
    path("INC-<inc:number>/postmortem/", views.detail, name="detail"),
    path("INC-<inc:number>/postmortem/create/", views.create, name="create"),
    path("INC-<inc:number>/postmortem/save/", views.save, name="save"),
    path("INC-<inc:number>/postmortem/revise/", views.revise, name="revise"),
    path("INC-<inc:number>/postmortem/action/", views.action_add, name="action_add"),
]
