from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "maintenance.today"
    label = "today"
