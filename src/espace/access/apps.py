from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "espace.access"
    label = "access"
