from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "maintenance.setup"
    label = "setup"
