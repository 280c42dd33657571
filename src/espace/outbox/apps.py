from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "espace.outbox"
    label = "outbox"
