"""The professionals' door, as its pages show it."""

from operator import attrgetter

from django.utils.translation import gettext_noop

from espace.looks.frame import Door

DOOR = Door(
    home="/pro/",
    places=(
        ("pro_home", gettext_noop("Trouver un patient"), "search"),
        ("pro_help", gettext_noop("Accès"), "info"),
    ),
    signout="pro_signout",
    told=attrgetter("professional"),
    promise=gettext_noop("Chaque ouverture d’un espace est notée, et son titulaire lit qui l’a ouvert et pourquoi."),
    service=gettext_noop("Professionnels"),
    absent="espace.workstation.visit.absent",
)
