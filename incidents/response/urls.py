from django.urls import URLPattern

app_name = "response"
urlpatterns: list[URLPattern] = []
