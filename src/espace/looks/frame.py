"""What surrounds every page: its door, who is signed in, the places, the language; and the one way to render."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.template.context import make_context
from django.urls import get_script_prefix, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from espace.edge import now
from espace.kernel.reasons import Reason, Sentence
from espace.looks.words import english, full_date, local_day


@dataclass(frozen=True, slots=True)
class Place:
    """One of the places of a door; `icon` names its pictogram, `current` is the value of aria-current, or ""."""

    path: str
    label: str
    icon: str
    current: str


@dataclass(frozen=True, slots=True)
class Door:
    """A door for people, as its pages show it.

    `home` is the path of its first page, under which all its pages are. `places` are (name of the address, label,
    icon); `signout` names the address that signs out. `told` picks the sentence of a reason that is written for
    its audience, `fix` what it may do. `beside` are addresses that belong to a place without being under it: (place,
    name of the address). `service` stands after the brand, `promise` at the foot of every page. Labels and sentences
    are French, marked for translation. `absent` names its page for an address that does not exist, when
    somebody may be signed in there. `switch` names what says in whose space a page is, where one may be in several:
    all pages of another's have their addresses under a prefix, but those about the account, of which `account_path`
    names what gives the address; those of them that are tabs are `alone`. `say` names what puts the label of a place in
    the language of the page, and says whose it is. `bell` names what says how
    many notices whoever is signed in has not read.
    """

    home: str
    places: tuple[tuple[str, str, str], ...]
    signout: str
    told: Callable[[Reason], Sentence]
    promise: str
    fix: Callable[[Reason], Sentence | None] = attrgetter("fix")
    service: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    absent: str = ""
    switch: str = ""
    bell: str = ""
    account_path: str = "django.urls.reverse"
    alone: frozenset[str] = frozenset()
    say: str = "django.utils.translation.gettext"


@dataclass(frozen=True, slots=True)
class Bell:
    """Where the notices are, and how many were not read: "" for none, and where the page did not ask. `said` is the
    whole, for whoever does not see the bell."""

    path: str
    unread: str
    said: str


@dataclass(frozen=True, slots=True)
class Session:
    """A digital adviser's session, as long as it lasts: `said` says who helps whom until when, `look` is where what was
    done is read, "" for who does it, `end` where it is ended."""

    said: str
    look: str
    end: str


@dataclass(frozen=True, slots=True)
class Switch:
    """Whose space this is, and the others that the person may go to. `helped` is the name of whom they help here, ""
    in their own, `of_helped` the same after « de », `given` the given name, `said` the sentence that says so; `closed`
    are the places of the door that this space does not offer them. `guest`: they read on the page, take nothing away,
    delete nothing. `sessions` are those of digital advisers that whoever is signed in must see on every page."""

    helped: str
    of_helped: str
    given: str
    said: str
    spaces: tuple[Place, ...]
    closed: frozenset[str] = frozenset()
    guest: bool = False
    sessions: tuple[Session, ...] = ()


OWN = Switch("", "", "", "", ())
"""Somebody who has one space only."""


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
    switch: Switch = OWN
    language_path: str = "/langue/"
    bell: Bell | None = None


def door_of(request: HttpRequest) -> Door:
    """The door to which an address belongs: of those that `ESPACE_DOORS` names, the one whose home is the nearest."""
    doors: list[Door] = [import_string(name) for name in settings.ESPACE_DOORS]
    return max((one for one in doors if request.path.startswith(one.home)), key=lambda one: len(one.home))


class _Page(HttpResponse):
    """With what it was made of, which is let go once it was sent: of a long record that takes an eighth of the time to
    the first byte. A Django context holds itself in a circle, and would keep a thousand documents until the collector
    of garbage comes."""

    def __init__(self, content: str, made_of: Context, status: int) -> None:
        super().__init__(content, status=status)
        self._made_of = made_of

    def close(self) -> None:
        self._made_of.dicts.clear()
        super().close()


def render(
    request: HttpRequest, template: str, context: Mapping[str, object], *, name: str = "", status: int = 200
) -> HttpResponse:
    """A page in the frame of its door; `name` is that of who is signed in there, "" for nobody."""
    made_of = make_context({**context, "frame": frame(request, name)}, request)
    return _Page(Engine.get_default().get_template(template).render(made_of), made_of, status)


def home_of(request: HttpRequest) -> str:
    """The path of the first page of the door, in the space where the request is."""
    return get_script_prefix().rstrip("/") + door_of(request).home


def frame(request: HttpRequest, name: str) -> Frame:
    door, home = door_of(request), home_of(request)
    switch = (import_string(door.switch)(request) if door.switch else None) or OWN
    account_path = import_string(door.account_path)
    return Frame(
        language="en" if english() else "fr",
        other_language="fr" if english() else "en",
        other_language_name="Français" if english() else "English",
        name=name,
        home=home,
        service=gettext(door.service) if door.service else "",
        promise=gettext(door.promise),
        signout=account_path(door.signout),
        places=tuple(_place(request.path, home, door, *one) for one in door.places if one[0] not in switch.closed),
        return_to=request.get_full_path() if request.method == "GET" else request.path,
        today=full_date(local_day(now())),
        demonstration=bool(getattr(settings, "ESPACE_DEMONSTRATION", False)),
        switch=switch,
        language_path=account_path("language"),
        bell=import_string(door.bell)(request) if door.bell and name else None,
    )


def tabs(request: HttpRequest, pages: Iterable[tuple[str, str]]) -> tuple[Place, ...]:
    """The pages of one place, (name of the address, label), for `looks/parts/tabs.html`: the current one is marked."""
    alone = door_of(request).alone if get_script_prefix() != "/" else frozenset()
    own = ((reverse(name), gettext(label)) for name, label in pages if name not in alone)
    return tuple(Place(path, label, "", "page" if path == request.path else "") for path, label in own)


def _place(path: str, home: str, door: Door, name: str, label: str, pictogram: str) -> Place:
    own = reverse(name)
    roots = (own, *(reverse(other) for place, other in door.beside if place == name))
    inside = "true" if own != home and path.startswith(roots) else ""
    return Place(own, str(import_string(door.say)(label)), pictogram, "page" if path == own else inside)
