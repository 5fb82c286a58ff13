from django.apps import AppConfig


class InmailConfig(AppConfig):
    name = "opsconsole.inmail"
    label = "inmail"
