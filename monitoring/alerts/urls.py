from django.urls import path

from monitoring.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.board, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("groups/<int:pk>/", views.group, name="group"),
]
