from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "opsconsole.health"
    label = "health"
