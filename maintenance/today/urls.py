from django.urls import path

from maintenance.today import views

app_name = "today"
urlpatterns = [path("", views.page, name="page"), path("quarter/", views.quarter, name="quarter")]
