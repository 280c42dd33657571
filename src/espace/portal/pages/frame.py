"""What surrounds every page: who is signed in, the places, the language; and the one way to render."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from espace.portal.pages.words import english

_PLACES = (
    ("home", gettext_noop("Accueil"), "home"),
    ("documents", gettext_noop("Documents"), "page"),
    ("sharing", gettext_noop("Partage et accès"), "access"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One of the places of the space; `current` is the value of aria-current, or ""."""

    path: str
    label: str
    icon: str
    current: str


@dataclass(frozen=True, slots=True)
class Frame:
    language: str
    other_language: str
    other_language_name: str
    name: str
    places: tuple[Place, ...]
    return_to: str
    demonstration: bool


def icon(name: str) -> str:
    return f"portal/icons/{name}.svg"


def render(
    request: HttpRequest, template: str, context: Mapping[str, object], *, name: str = "", status: int = 200
) -> HttpResponse:
    """A page in its frame; `name` is the signed-in holder's, "" for nobody."""
    content = render_to_string(template, {**context, "frame": frame(request, name)}, request)
    return HttpResponse(content, status=status)


def frame(request: HttpRequest, name: str) -> Frame:
    return Frame(
        language="en" if english() else "fr",
        other_language="fr" if english() else "en",
        other_language_name="Français" if english() else "English",
        name=name,
        places=tuple(_place(request.path, *place) for place in _PLACES),
        return_to=request.get_full_path() if request.method == "GET" else request.path,
        demonstration=bool(getattr(settings, "ESPACE_DEMONSTRATION", False)),
    )


def _place(path: str, name: str, label: str, pictogram: str) -> Place:
    own = reverse(name)
    inside = "true" if own != "/" and path.startswith(own) else ""
    return Place(own, gettext(label), icon(pictogram), "page" if path == own else inside)
