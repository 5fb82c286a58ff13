from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "maintenance.reports"
    label = "reports"
