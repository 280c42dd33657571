"""« Historique »: the register of accesses, newest first, by day."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from espace.kernel.words import Verb
from espace.looks.frame import render, tabs
from espace.looks.paging import Pager
from espace.portal.pages.lines import by_day, known, may_read, own_consultation, shown
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.trace import queries as trace
from espace.trace.facts import History, TraceEvent

PER_PAGE = 40
TEMPLATE = "portal/history.html"
WITHOUT_ME = "moi"


def history(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    without_me = request.GET.get("sans") == WITHOUT_ME
    before = _line_id(request.GET.get("avant", ""))
    with visit.open(Verb.HISTORY) as grant:
        about = known(grant)
        found = trace.read_shown(grant, may_read(grant, about.visible), most=trace.MOST_LINES, before=before)
        waiting = trace.waiting(grant)
    told = shown(found.lines, about.visible, helper=not visit.own)
    kept = [event for event in told if not (without_me and own_consultation(event, visit.reader))]
    context = {
        "tabs": tabs(request, SHARING),
        "days": by_day(kept[:PER_PAGE], about, waiting),
        "altered": altered_words(found.altered),
        "filtered": without_me,
        "pager": _pager(kept, found, without_me=without_me, first=before is None),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _line_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def altered_words(count: int) -> str:
    """What the holder is told of lines that somebody changed in the database; "" for none."""
    said = ngettext(
        "Une ligne de cet historique a été modifiée sans droit dans notre base : nous ne la montrons pas.",
        "%(count)s lignes de cet historique ont été modifiées sans droit dans notre base : nous ne les montrons pas.",
        count,
    )
    return said % {"count": count} if count else ""


def _pager(kept: list[TraceEvent], found: History, *, without_me: bool, first: bool) -> Pager:
    """Older lines exist when this page is full, or when all that could be read in one go was read."""
    full = len(kept) > PER_PAGE
    cursor = kept[PER_PAGE - 1].id if full else _last(found)
    return Pager(
        previous="" if first else "?" + urlencode({"sans": WITHOUT_ME} if without_me else {}),
        next="" if cursor is None else _older(cursor, without_me=without_me),
        previous_label=gettext("Revenir au plus récent"),
        next_label=gettext("Plus ancien"),
    )


def _last(found: History) -> UUID | None:
    return found.last if found.rows == trace.MOST_LINES else None


def _older(cursor: UUID, *, without_me: bool) -> str:
    return "?" + urlencode({**({"sans": WITHOUT_ME} if without_me else {}), "avant": str(cursor)})
