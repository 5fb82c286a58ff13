from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

# What a noun may bring along; each file registers what it defines when it is imported.
PLUGINS = (
    "audit",
    "navigation",
    "tasks",
    "watches",
    "vitals",
    "measures",
    "checks",
    "gauges",
    "signals",
    "plugins",
)


class OpsConsoleConfig(AppConfig):
    """The project as an app: it finds what the nouns register, and holds the management commands."""

    name = "opsconsole"
    label = "opsconsole"

    def ready(self) -> None:
        autodiscover_modules(*PLUGINS)
