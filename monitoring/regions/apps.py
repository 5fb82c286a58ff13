from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "monitoring.regions"
    label = "regions"
