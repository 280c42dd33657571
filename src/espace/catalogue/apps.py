from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "espace.catalogue"
    label = "catalogue"
