from django.urls import path

from opsconsole.health import views

app_name = "health"
urlpatterns = [
    path("readyz", views.readyz, name="readyz"),
    path("settings/health/", views.page, name="page"),
]
