from django.apps import AppConfig


class HeartbeatsConfig(AppConfig):
    name = "monitoring.heartbeats"
    label = "heartbeats"
