from django.urls import path

from monitoring.metrics import views

app_name = "metrics"
urlpatterns = [
    path("", views.series_list, name="list"),
    path("keys/", views.keys, name="keys"),
    path("keys/<int:pk>/revoke/", views.key_revoke, name="revoke"),
    path("<int:pk>/", views.series_detail, name="detail"),
    path("<int:pk>/edit/", views.series_edit, name="edit"),
    path("<int:pk>/remove/", views.series_remove, name="remove"),
]
