from django.apps import AppConfig


class InboundConfig(AppConfig):
    name = "monitoring.inbound"
    label = "inbound"
