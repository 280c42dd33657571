from django.apps import AppConfig


class LooksConfig(AppConfig):
    name = "espace.looks"
    label = "looks"
