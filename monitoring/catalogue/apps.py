from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "monitoring.catalogue"
    label = "catalogue"
