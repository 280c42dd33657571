from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "espace.indicators"
    label = "indicators"
