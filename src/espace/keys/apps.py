from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "espace.keys"
    label = "keys"
