"""A digital adviser helps the holder: letting one in with a code, seeing what they do, ending it (O04, O05)."""

from datetime import datetime

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.edge import now
from espace.identity.actions.advising import new_code, session_minutes
from espace.identity.actions.mandates import ask_adviser, end_session
from espace.identity.facts.mandates import Helps, Mandate, Scope
from espace.identity.queries import mandates
from espace.identity.rules import mandate_state
from espace.identity.rules.advising import shown as in_groups
from espace.identity.rules.mandates import session_now
from espace.kernel.words import Grant, Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in, redirect_saying
from espace.looks.words import clock_time, full_moment
from espace.portal.pages.lines import by_day, known, may_read, shown
from espace.portal.pages.relatives.forms import AdviserForm
from espace.portal.pages.relatives.words import session_ended
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent

LOOK, ASK, CODE = (f"portal/relatives/{name}.html" for name in ("advising", "ask_adviser", "code"))
INVALID = 422


def advising(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The session that lasts, or the last one: who, until when, and the lines of what was done, the newest first, among
    the MOST_LINES that the reader may read."""
    at = now()
    with visit.open(Verb.HISTORY) as grant:
        last = _last(grant)
        about = known(grant)
        found = trace.read_shown(grant, may_read(grant, about.visible), most=trace.MOST_LINES)
        waiting = trace.waiting(grant)
    told = shown(found.lines, about.visible, helper=not visit.own)
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=at),
        "adviser": last.helper_name if last else "",
        "structure": last.structure if last else "",
        "lasts": clock_time(last.until) if last and last.until and session_now((last,), at) else "",
        "when": _when(last) if last else "",
        "ended": session_ended(last, mandate_state(last, at)) if last else "",
        "days": by_day([one for one in told if last and _of(one, last)], about, waiting),
        "own": visit.own,
    }
    return render(request, LOOK, context, name=visit.name)


def ask(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """What an adviser will see and never do; then the code, on the answer and nowhere else. Nobody asks for one in the
    place of the holder."""
    form = AdviserForm(request.POST if request.method == "POST" else None, initial={"scope": Scope.READ})
    if form.is_valid():
        code = new_code()
        scope = Scope(form.cleaned_data["scope"])
        asked = visit.decide(Verb.ADVISE, lambda grant: ask_adviser(grant, scope=scope, code=code))
        said = {"code": in_groups(code), "until": clock_time(asked.answer_by)}
        return render(request, CODE, said, name=visit.name)
    with visit.open(Verb.HISTORY if visit.own else Verb.ADVISE) as grant:
        lasts = session_now(mandates(grant), grant.at)
    if lasts:
        return HttpResponseRedirect(reverse("advising"))
    context = {"form": form, "minutes": session_minutes().seconds // 60, "back": reverse("relatives")}
    return render(request, ASK, context, name=visit.name, status=INVALID if form.errors else 200)


def end(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """One press, from any page: the very next request of the adviser is refused."""
    name = visit.decide(Verb.END_HELP, end_session)
    mine, other = gettext("C’est fait : %(name)s ne vous aide plus."), gettext("C’est fait : %(name)s n’aide plus ici.")
    ended = (mine if visit.own else other) % {"name": name}
    told = ended if name else gettext("Aucune séance n’était en cours.")
    return redirect_saying(reverse("advising"), told, reader=visit.actor.id, at=now())


def _last(grant: Grant) -> Mandate | None:
    sessions = [one for one in mandates(grant) if one.kind is Helps.ADVISER and one.accepted_at]
    return sessions[-1] if sessions else None


def _of(event: TraceEvent, session: Mandate) -> bool:
    """Whether the adviser did, or tried this in this session."""
    began, ended = session.accepted_at, session.ended_at or session.until
    return event.actor_id == session.account and _between(began, event.at, ended)


def _between(began: datetime | None, at: datetime, ended: datetime | None) -> bool:
    return began is not None and ended is not None and began <= at <= ended


def _when(session: Mandate) -> str:
    return full_moment(session.accepted_at or session.asked_at)
