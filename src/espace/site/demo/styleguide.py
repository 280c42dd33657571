"""`/styleguide/`, in the demonstration: tokens and components, drawn by the sheet and the templates of the pages."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_noop

from espace.looks.frame import Place, render
from espace.looks.plain import missing
from espace.looks.sheet import Token, pairs, swatches, themed, tokens
from espace.site.demo.examples import COMPONENTS, Component

THEMES = {"clair": "light", "sombre": "dark"}
"""The word in the address, and the theme of the sheet."""

_TABS = (("", gettext_noop("Comme l’appareil")), ("clair", gettext_noop("Clair")), ("sombre", gettext_noop("Sombre")))
_SPACES, _ROUNDS = tuple(f"s{number}" for number in range(1, 9)), ("r1", "r2", "r3")
_TYPES = ("small", "body", "lead", "h3", "h2", "h1")


@dataclass(frozen=True, slots=True)
class State:
    name: str
    drawn: SafeString


@dataclass(frozen=True, slots=True)
class Shown:
    """A component with its states drawn."""

    slug: str
    name: str
    use: str
    template: str
    states: tuple[State, ...]


def styleguide(request: HttpRequest, theme: str = "") -> HttpResponse:
    """Every token and every component, in the device's theme or in the one asked for. A form posted changes nothing."""
    if not settings.ESPACE_DEMONSTRATION or (theme and theme not in THEMES):
        return missing(request)
    known = {one.name: one for one in tokens()}
    context = {
        "theme": theme,
        "tabs": tuple(Place(_path(one), gettext(label), "", "page" if one == theme else "") for one, label in _TABS),
        "tabs_label": gettext("Thème"),
        "colours": [one for one in tokens() if one.is_colour],
        "spaces": _named(known, _SPACES),
        "types": _named(known, _TYPES),
        "rounds": _named(known, _ROUNDS),
        "pairs": pairs(),
        "components": [_shown(request, one) for one in COMPONENTS],
    }
    return render(request, "looks/styleguide.html", context)


def sheet(request: HttpRequest, name: str) -> HttpResponse:
    """The swatches (`jetons`), or one theme kept whatever the device prefers."""
    if not settings.ESPACE_DEMONSTRATION or name not in {"jetons", *THEMES}:
        return missing(request)
    text = swatches() if name == "jetons" else themed(THEMES[name])
    return HttpResponse(text, content_type="text/css; charset=utf-8")


def _path(theme: str) -> str:
    return reverse("styleguide_theme", args=[theme]) if theme else reverse("styleguide")


def _named(known: dict[str, Token], names: tuple[str, ...]) -> list[Token]:
    return [known[name] for name in names]


def _shown(request: HttpRequest, one: Component) -> Shown:
    states = one.states(request)
    drawn = tuple(State(name, render_to_string(one.template, {**values}, request)) for name, values in states)
    return Shown(slugify(one.name), gettext(one.name), gettext(one.use), one.template, drawn)


urlpatterns = [
    path("", styleguide, name="styleguide"),
    path("<slug:name>.css", sheet, name="styleguide_sheet"),
    path("<slug:theme>/", styleguide, name="styleguide_theme"),
]
