from django.urls import path

from maintenance.setup import views

app_name = "setup"
urlpatterns = [
    path("setup/", views.owner, name="owner"),
    path("setup/next/", views.next_steps, name="next"),
]
