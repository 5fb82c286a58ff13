from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "heartbeats"


def stub(_request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse(str(pk))


urlpatterns = [
    path("", stub, name="list"),
    path("new/", stub, name="new"),
    path("<int:pk>/", stub, name="detail"),
    path("<int:pk>/edit/", stub, name="edit"),
]
