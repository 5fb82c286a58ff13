from django.urls import URLPattern

app_name = "heartbeats"
urlpatterns: list[URLPattern] = []
