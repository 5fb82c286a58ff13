from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "opsconsole.measures"
    label = "measures"
