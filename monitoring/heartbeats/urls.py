from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "heartbeats"


def stub(_request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(str(pk))


urlpatterns = [path("<int:pk>/", stub, name="detail")]
