from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, register_converter

from incidents.response.converters import NumberConverter

register_converter(NumberConverter, "inc")


def todo(_request: HttpRequest, **_kwargs: object) -> HttpResponse:
    return HttpResponse("todo")


app_name = "response"
urlpatterns: list[URLPattern] = [
    path("incidents/INC-<inc:number>/", todo, name="detail"),
    path("a/<str:token>", todo, name="acknowledge"),
]
