"""The spaces that a person may be in: their own, and at `/pour/<mandate>/…` that of each person whom they help.

There the pages are the same, with their addresses under that prefix: a form that was opened in one person's space can
never be sent to another's, whatever other tabs show. The prefix names a mandate, which nobody else can use.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from re import compile as pattern
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils.translation import gettext

from espace.identity.facts.mandates import CHOSEN, Helped, Helps, Mandate, MandateState
from espace.looks.frame import Place, Session, Switch
from espace.looks.words import clock_time
from espace.portal.whose import of_person, speak_of, speaking_of

ROOT = "/"
HELPED = "espace.helped"
"""In the environment of a request: the mandate that its address names."""
SHARED = "in_spaces"
"""The mark of a page that is in the space of another person too."""
_KNOWN = "espace.spaces"
"""In the environment of a request: whom the person helps, read once."""
_ADDRESS = pattern(r"(/pour/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))(/.*)")
_PAGES = "espace.portal.urls"
_CLOSED = {kind: frozenset({"sharing"}) for kind in CHOSEN}
"""Places that a helper does not have: who reads and who helps is not theirs to know whom the holder chose."""
_SUPERVISED = "espace.supervised"
"""In the environment of a request: what is known of digital advisers for its frame."""

Handler = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Known:
    """Whom the person who is signed in helps or is asked to, and in whose space this request is, if in another's."""

    helped: tuple[Helped, ...]
    here: Helped | None = None


@dataclass(frozen=True, slots=True)
class Supervised:
    """`advised` is the session in which a digital adviser helps whoever is signed in, `adviser` whether they are a
    digital adviser themselves."""

    advised: Mandate | None = None
    adviser: bool = False


def helped_space(get_response: Handler) -> Handler:
    """Take the prefix off the address, and have every address of the answer under it; an address that is no page of a
    person's space is left as it is, and leads nowhere."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        found = _ADDRESS.fullmatch(request.path_info)
        if found is None or not _shared(found[3]):
            return get_response(request)
        before = get_script_prefix()
        request.META[HELPED], request.path_info = UUID(found[2]), found[3]
        set_script_prefix(f"{found[1]}/")
        try:
            with speaking_of(""):
                return get_response(request)
        finally:
            set_script_prefix(before)

    return middleware


def _shared(path: str) -> bool:
    try:
        return bool(getattr(resolve(path, _PAGES).func, SHARED, False))
    except Resolver404:
        return False


def mandate_in(request: HttpRequest) -> UUID | None:
    """The mandate under whose prefix this request is."""
    found = request.META.get(HELPED)
    return found if isinstance(found, UUID) else None


def leave(request: HttpRequest) -> None:
    """From now on this request is in no other person's space: its answer leads to one's own."""
    request.META.pop(HELPED, None)
    known = _known(request)
    request.META[_KNOWN] = Known(known.helped)
    set_script_prefix(ROOT)
    speak_of("")


def keep(request: HttpRequest, helped: tuple[Helped, ...], here: Helped | None) -> None:
    """For the frame of the answer."""
    request.META[_KNOWN] = Known(helped, here)
    speak_of(here.mandate.helped_name if here else "")


def supervise(request: HttpRequest, found: Supervised) -> None:
    """For the frame of the answer, in whosever space it is."""
    request.META[_SUPERVISED] = found


def _supervised(request: HttpRequest) -> Supervised:
    found = request.META.get(_SUPERVISED)
    return found if isinstance(found, Supervised) else Supervised()


def _known(request: HttpRequest) -> Known:
    found = request.META.get(_KNOWN)
    return found if isinstance(found, Known) else Known(())


def helped_in(request: HttpRequest) -> tuple[Helped, ...]:
    """Whom the person who is signed in helps, or is asked to."""
    return _known(request).helped


def account_path(name: str) -> str:
    """The address of a page about the account, which is nobody else's: never under a prefix."""
    return f"{ROOT}{reverse(name).removeprefix(get_script_prefix())}"


def path_of(helped: Helped) -> str:
    """Where the space of somebody whom one helps begins."""
    return f"/pour/{helped.mandate.id}/"


def switch(request: HttpRequest) -> Switch | None:
    """Whose space this is, and where else one may go; None for who helps nobody, and whom no adviser helps."""
    known, supervised = _known(request), _supervised(request)
    ready = [one for one in known.helped if one.state is MandateState.IN_FORCE]
    here = known.here.mandate if known.here else None
    sessions = (*_helped_by(supervised.advised), *_helps_in(here))
    if not ready and here is None and not supervised.adviser:
        return Switch("", "", "", "", (), sessions=sessions) if sessions else None
    name, guest = here.helped_name if here else "", here is not None and here.kind is Helps.ADVISER
    return Switch(
        helped=name,
        of_helped=of_person(name) if name else "",
        given=name.split(" ")[0],
        said=gettext("Vous aidez %(name)s") % {"name": name} if name and not guest else "",
        spaces=tuple(_spaces(request, known, ready, adviser=supervised.adviser)),
        closed=_CLOSED.get(here.kind, frozenset()) if here else frozenset(),
        guest=guest,
        sessions=sessions,
    )


def _spaces(request: HttpRequest, known: Known, ready: list[Helped], *, adviser: bool) -> Iterator[Place]:
    """Where somebody may go: their own space, where a digital adviser types a code, those of whom they help."""
    desk = account_path("adviser") if adviser else ""
    at_desk = bool(desk) and request.path == desk
    yield Place(ROOT, gettext("Mon espace"), "", "" if known.here or at_desk else "true")
    if adviser:
        yield Place(desk, gettext("Aider quelqu’un"), "", "page" if at_desk else "")
    for one in ready:
        same = known.here is not None and one.patient == known.here.patient
        yield Place(path_of(one), one.mandate.helped_name, "", "true" if same else "")


def _helped_by(advised: Mandate | None) -> Iterator[Session]:
    """What the holder sees on every page while a digital adviser helps them."""
    if advised is not None:
        words = {"name": advised.helper_name, "place": advised.structure, "time": _end(advised)}
        said = gettext("%(name)s, conseiller numérique (%(place)s), vous aide jusqu’à %(time)s.") % words
        yield Session(said, account_path("advising"), account_path("end_advising"))


def _helps_in(here: Mandate | None) -> Iterator[Session]:
    """What the adviser sees on every page of that space."""
    if here is not None and here.kind is Helps.ADVISER:
        said = gettext("Vous aidez %(name)s jusqu’à %(time)s.") % {"name": here.helped_name, "time": _end(here)}
        yield Session(said, "", reverse("leave_help"))


def _end(session: Mandate) -> str:
    return clock_time(session.until) if session.until else ""
