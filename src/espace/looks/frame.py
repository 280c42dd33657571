"""What surrounds every page: its door, who is signed in, the places, the language; and the one way to render."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from espace.edge import now
from espace.kernel.reasons import Reason, Sentence
from espace.looks.words import english, full_date, local_day


@dataclass(frozen=True, slots=True)
class Place:
    """One of the places of a door; `current` is the value of aria-current, or ""."""

    path: str
    label: str
    icon: str
    current: str


@dataclass(frozen=True, slots=True)
class Door:
    """A door for people, as its pages show it.

    `home` is the path of its first page, under which all its pages are. `places` are (name of the address, label,
    icon); `signout` names the address that signs out. `told` picks the sentence of a reason that is written for
    its audience. `beside` are addresses that belong to a place without being under it: (place, name of the address).
    `service` stands after the brand, `promise` at the foot of every page. Labels and sentences are
    French, marked for translation. `absent` names its page for an address that does not exist, when
    somebody may be signed in there.
    """

    home: str
    places: tuple[tuple[str, str, str], ...]
    signout: str
    told: Callable[[Reason], Sentence]
    promise: str
    service: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    language: str
    other_language: str
    other_language_name: str
    name: str
    home: str
    service: str
    promise: str
    signout: str
    places: tuple[Place, ...]
    return_to: str
    today: str
    demonstration: bool


def icon(name: str) -> str:
    return f"looks/icons/{name}.svg"


def door_of(request: HttpRequest) -> Door:
    """The door to which an address belongs: of those that `ESPACE_DOORS` names, the one whose home is the nearest."""
    doors: list[Door] = [import_string(name) for name in settings.ESPACE_DOORS]
    return max((one for one in doors if request.path.startswith(one.home)), key=lambda one: len(one.home))


def render(
    request: HttpRequest, template: str, context: Mapping[str, object], *, name: str = "", status: int = 200
) -> HttpResponse:
    """A page in the frame of its door; `name` is that of who is signed in there, "" for nobody."""
    content = render_to_string(template, {**context, "frame": frame(request, name)}, request)
    return HttpResponse(content, status=status)


def frame(request: HttpRequest, name: str) -> Frame:
    door = door_of(request)
    return Frame(
        language="en" if english() else "fr",
        other_language="fr" if english() else "en",
        other_language_name="Français" if english() else "English",
        name=name,
        home=door.home,
        service=gettext(door.service) if door.service else "",
        promise=gettext(door.promise),
        signout=reverse(door.signout),
        places=tuple(_place(request.path, door, *place) for place in door.places),
        return_to=request.get_full_path() if request.method == "GET" else request.path,
        today=full_date(local_day(now())),
        demonstration=bool(getattr(settings, "ESPACE_DEMONSTRATION", False)),
    )


def tabs(request: HttpRequest, pages: Iterable[tuple[str, str]]) -> tuple[Place, ...]:
    """The pages of one place, (name of the address, label), for `looks/parts/tabs.html`: the current one is marked."""
    own = ((reverse(name), gettext(label)) for name, label in pages)
    return tuple(Place(path, label, "", "page" if path == request.path else "") for path, label in own)


def _place(path: str, door: Door, name: str, label: str, pictogram: str) -> Place:
    own = reverse(name)
    roots = (own, *(reverse(other) for place, other in door.beside if place == name))
    inside = "true" if own != door.home and path.startswith(roots) else ""
    return Place(own, gettext(label), icon(pictogram), "page" if path == own else inside)
