from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    name = "maintenance.checklists"
    label = "checklists"
