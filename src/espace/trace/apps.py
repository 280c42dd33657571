from django.apps import AppConfig


class TraceConfig(AppConfig):
    name = "espace.trace"
    label = "trace"
