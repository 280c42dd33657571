"""The holder's door, as its pages show it."""

from operator import attrgetter
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.looks.frame import Door
from espace.looks.reading import Addresses

SHARING = (
    ("sharing", gettext_noop("Qui peut lire")),
    ("relatives", gettext_noop("Proches")),
    ("history", gettext_noop("Historique")),
    ("visibility", gettext_noop("Visibilité")),
    ("see_as_choose", gettext_noop("Voir comme…")),
    ("emergencies", gettext_noop("Urgences")),
    ("applications", gettext_noop("Applications")),
    ("notifications", gettext_noop("Notifications")),
    ("copy", gettext_noop("Tout télécharger")),
    ("security", gettext_noop("Sécurité")),
)
"""The pages of « Partage et accès »."""

DOOR = Door(
    home="/",
    places=(
        ("home", gettext_noop("Accueil"), "home"),
        ("documents", gettext_noop("Documents"), "page"),
        ("health", gettext_noop("Ma santé"), "heart"),
        ("sharing", gettext_noop("Partage et accès"), "access"),
    ),
    signout="signout",
    beside=(("sharing", "security"),),
    told=attrgetter("holder"),
    fix=lambda reason: reason.holder_fix or reason.fix,
    promise=gettext_noop("Vos documents de santé sont gardés sous clé, et chaque accès est noté."),
    absent="espace.portal.pages.visit.absent",
    switch="espace.portal.spaces.switch",
    bell="espace.portal.pages.visit.bell",
    account_path="espace.portal.spaces.account_path",
    alone=frozenset({"security"}),
    say="espace.portal.whose.gettext",
)


def document_path(document_id: UUID) -> str:
    return reverse("reading", args=[document_id])


ADDRESSES = Addresses(
    page=document_path,
    original=lambda document_id: reverse("download", args=[document_id]),
    piece=lambda document_id, number: reverse("piece", args=[document_id, number]),
)
"""Where the holder reads a document."""
