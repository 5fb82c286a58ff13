"""`/b/2|3/<key>.svg|json|shields`."""

from django.urls import path, register_converter

from monitoring.heartbeats import badge_views


class TwoOrThree:
    """How many states a badge tells apart."""

    regex = "[23]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(TwoOrThree, "states")
app_name = "badges"
urlpatterns = [
    path("<states:states>/<uuid:key>.svg", badge_views.svg, name="svg"),
    path("<states:states>/<uuid:key>.json", badge_views.json, name="json"),
    path("<states:states>/<uuid:key>.shields", badge_views.shields, name="shields"),
]
