"""One page that says what will happen, then one press: how the holder does whatever changes who reads what."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from espace.edge import now
from espace.kernel.words import Grant, Verb
from espace.looks.frame import render
from espace.looks.notes import redirect_saying
from espace.portal.pages.visit import Visit
from espace.portal.whose import gettext

TEMPLATE = "portal/decision.html"


@dataclass(frozen=True, slots=True)
class Act:
    """An act and its words: French, marked for translation; `%(name)s` in the title and in `done` is `Object.name`."""

    verb: Verb
    title: str
    effects: tuple[str, ...]
    button: str
    done: str


@dataclass(frozen=True, slots=True)
class Object:
    """Whom or what the act is about: their name, what else the page says of them, effects that depend on them;
    `beside` is the address and the words of another way to what somebody may want here."""

    about: str
    name: str = ""
    also: tuple[str, ...] = ()
    beside: tuple[str, str] = ("", "")


def confirmed(
    request: HttpRequest,
    visit: Visit,
    act: Act,
    *,
    opened_to: Verb,
    look: Callable[[Grant], Object],
    press: Callable[[Grant], str],
    back: str,
) -> HttpResponseBase:
    """The page of an act, or after the press the redirection to `back`, which says that it is done.

    `look` finds the object in the record, opened to list or to read its history; `press` acts, and answers the name
    that is said. Both raise Refused for what is not there.
    """
    if request.method == "POST":
        done = gettext(act.done) % {"name": visit.decide(act.verb, press)}
        return redirect_saying(back, done, reader=visit.actor.id, at=now())
    with visit.open(opened_to) as grant:
        found = look(grant)
    first, *others = map(gettext, act.effects)
    context = {
        "title": gettext(act.title) % {"name": found.name},
        "about": found.about,
        "effects": [first, *found.also, *others],
        "button": gettext(act.button),
        "back": back,
        "beside": found.beside,
        "note": None,
    }
    return render(request, TEMPLATE, context, name=visit.name)
