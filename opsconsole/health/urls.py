from django.urls import path

from opsconsole.health import views

app_name = "health"
urlpatterns = [
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("settings/health/", views.page, name="page"),
]
