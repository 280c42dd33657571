from django.apps import AppConfig


class WorkstationConfig(AppConfig):
    name = "espace.workstation"
    label = "workstation"
