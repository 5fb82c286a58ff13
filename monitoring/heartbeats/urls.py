from django.urls import path

from monitoring.heartbeats import badge_views, views

app_name = "heartbeats"
urlpatterns = [
    path("", views.heartbeat_list, name="list"),
    path("new/", views.heartbeat_new, name="new"),
    path("runs/", views.run_list, name="runs"),
    path("preview/", views.schedule_preview, name="preview"),
    path("<int:pk>/", views.heartbeat_detail, name="detail"),
    path("<int:pk>/edit/", views.heartbeat_edit, name="edit"),
    path("<int:pk>/adjust/", views.heartbeat_adjust, name="adjust"),
    path("badge/", badge_views.badge_change, name="badge_all"),
    path("<int:pk>/badge/", badge_views.badge_change, name="badge"),
    path("<int:pk>/pause/", views.heartbeat_pause, name="pause"),
    path("<int:pk>/resume/", views.heartbeat_resume, name="resume"),
    path("<int:pk>/remove/", views.heartbeat_remove, name="remove"),
    path("<int:pk>/restore/", views.heartbeat_restore, name="restore"),
]
