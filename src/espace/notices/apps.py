from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "espace.notices"
    label = "notices"
