from django.urls import path

from opsconsole.measures import views

app_name = "measures"
urlpatterns = [
    path("", views.list_, name="list"),
    path("<str:slug>/", views.detail, name="detail"),
    path("<str:slug>/days.csv", views.days_csv, name="days_csv"),
]
