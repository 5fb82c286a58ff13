from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "monitoring.changes"
    label = "changes"
