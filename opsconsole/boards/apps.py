from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "opsconsole.boards"
    label = "boards"
