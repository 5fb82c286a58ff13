from django.urls import path

from monitoring.probes import views

app_name = "probes"
urlpatterns = [
    path("", views.probe_list, name="list"),
    path("outages/", views.outages, name="outages"),
    path("new/", views.probe_new, name="new"),
    path("trials/<int:pk>/", views.probe_trial, name="trial"),
    path("<int:pk>/", views.probe_detail, name="detail"),
    path("<int:pk>/edit/", views.probe_edit, name="edit"),
    path("<int:pk>/pause/", views.probe_pause, name="pause"),
    path("<int:pk>/resume/", views.probe_resume, name="resume"),
    path("<int:pk>/check/", views.probe_check, name="check"),
    path("<int:pk>/results/", views.probe_results, name="results"),
    path("<int:pk>/answer/", views.probe_answer, name="answer"),
    path("<int:pk>/delete/", views.probe_delete, name="delete"),
]
