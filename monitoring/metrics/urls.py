from django.urls import path

from monitoring.metrics import source_views, views

app_name = "metrics"
urlpatterns = [
    path("", views.series_list, name="list"),
    path("keys/", views.keys, name="keys"),
    path("keys/<int:pk>/revoke/", views.key_revoke, name="revoke"),
    path("performance/<slug:slug>/", views.service_performance, name="performance"),
    path("sources/", source_views.source_list, name="sources"),
    path("upload/", source_views.upload, name="upload"),
    path("sources/new/<slug:kind>/", source_views.source_new, name="source_new"),
    path("sources/<int:pk>/", source_views.source_edit, name="source_edit"),
    path("sources/<int:pk>/pause/", source_views.source_pause, name="source_pause"),
    path("sources/<int:pk>/remove/", source_views.source_remove, name="source_remove"),
    path("<int:pk>/", views.series_detail, name="detail"),
    path("<int:pk>/edit/", views.series_edit, name="edit"),
    path("<int:pk>/remove/", views.series_remove, name="remove"),
]
