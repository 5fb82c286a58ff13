from django.urls import path

from monitoring.regions import views

app_name = "regions"
urlpatterns = [
    path("", views.region_list, name="list"),
    path("<slug:name>/forget/", views.region_forget, name="forget"),
]
