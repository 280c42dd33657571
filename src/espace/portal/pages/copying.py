"""« Tout télécharger »: a copy of the whole space, asked for, awaited, downloaded, destroyed (N06-N08, M12)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from espace.edge import now
from espace.kernel.words import Grant, Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in
from espace.looks.reading import CLOSED
from espace.looks.words import counted_documents, full_moment, local_day, readable_size
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.portal.sending import Sending
from espace.record.actions.copying import ask_copy, drop_copy
from espace.record.facts import Copy
from espace.record.queries.copying import copy_of, take_copy
from espace.wire.zip import MEDIA_TYPE

TEMPLATE = "portal/copy.html"


@dataclass(frozen=True, slots=True)
class Told:
    """The copy as its page says it: `state` is a word of CopyState, "" without one."""

    state: str = ""
    asked: str = ""
    progress: str = ""
    done: int = 0
    total: int = 0
    size: str = ""
    until: str = ""


def copy(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Whether there is one, how far it is, and what may be corrected where."""
    with visit.open(Verb.HISTORY) as grant:
        found = copy_of(grant)
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "copy": _told(found) if found else Told(),
        "days": _days(),
        "own": visit.own,
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _days() -> str:
    count = settings.ESPACE_COPY_DAYS
    return ngettext("%(count)s jour", "%(count)s jours", count) % {"count": count}


def _told(found: Copy) -> Told:
    progress = gettext("%(done)s sur %(total)s") % {"done": found.done, "total": counted_documents(found.total).lower()}
    return Told(
        state=found.state.value,
        asked=full_moment(found.asked_at),
        progress=progress if found.total else "",
        done=found.done,
        total=max(found.total, 1),
        size=readable_size(found.size),
        until=full_moment(found.expires_at),
    )


def ask(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    about = gettext("Vous pouvez fermer cette page et revenir : la copie se prépare sans vous.")
    return confirmed(
        request,
        visit,
        ASK,
        opened_to=Verb.HISTORY,
        look=lambda grant: Object(about),
        press=_nameless(ask_copy),
        back=reverse("copy"),
    )


def _nameless(act: Callable[[Grant], None]) -> Callable[[Grant], str]:
    """An act about nobody."""

    def press(grant: Grant) -> str:
        act(grant)
        return ""

    return press


def drop(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    return confirmed(
        request,
        visit,
        DROP,
        opened_to=Verb.HISTORY,
        look=lambda grant: Object(""),
        press=_nameless(drop_copy),
        back=reverse("copy"),
    )


def take(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The copy, a part at a time: what is in memory does not grow with it, and no proxy may keep it on its disk. One
    that was cut goes on from any byte (RFC 9110, section 14), for whoever may still have it."""
    sending, wanted = Sending(), request.headers.get("Range", "")
    try:
        with visit.open(Verb.TAKE_COPY) as grant:
            taken = take_copy(grant, wanted=wanted, unless=request.headers.get("If-Range", ""))
    except BaseException:
        sending.close()
        raise
    cut = taken.cut
    status = 206 if cut.partial and cut.satisfiable else 200 if cut.satisfiable else 416
    answer = StreamingHttpResponse(sending.of(taken.bytes), content_type=MEDIA_TYPE, status=status)
    answer.headers["X-Accel-Buffering"] = "no"
    answer.headers["Content-Length"] = str(cut.end - cut.first if cut.satisfiable else 0)
    answer.headers["Accept-Ranges"], answer.headers["ETag"] = "bytes", taken.tag
    if cut.partial:
        answer.headers["Content-Range"] = cut.content_range
    name = f"espace-de-sante-{local_day(now()).isoformat()}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = CLOSED
    return answer


ASK = Act(
    Verb.COPY,
    title=gettext_noop("Préparer une copie de tout l’espace ?"),
    effects=(
        gettext_noop("La copie contient les documents, l’historique entier, les dossiers et les choix."),
        gettext_noop("Sa préparation peut prendre plusieurs heures. Un courriel vous dira quand elle est prête."),
        gettext_noop("Elle est gardée sous clé, puis détruite. Vous seul pouvez la télécharger."),
        gettext_noop("Une fois sur votre appareil, elle n’est plus protégée : c’est à vous d’en prendre soin."),
    ),
    button=gettext_noop("Préparer la copie"),
    done=gettext_noop("C’est noté : la copie se prépare."),
)
DROP = Act(
    Verb.COPY,
    title=gettext_noop("Supprimer cette copie ?"),
    effects=(
        gettext_noop("La copie est détruite, et ne peut plus être téléchargée."),
        gettext_noop("Rien d’autre ne change. Vous pourrez en demander une autre."),
    ),
    button=gettext_noop("Supprimer la copie"),
    done=gettext_noop("C’est fait : la copie est supprimée."),
)
