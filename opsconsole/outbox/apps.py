from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "opsconsole.outbox"
    label = "outbox"
