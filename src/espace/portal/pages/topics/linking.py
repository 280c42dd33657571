"""Linking documents to a topic: from the topic with a search, or one document to some of the topics, from its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import ngettext

from espace.edge import now
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Grant, Refused, Verb
from espace.looks import cards
from espace.looks.filters import Chosen, chosen_in, kinds_in, matches, sealed, unsealed, years_in
from espace.looks.frame import render
from espace.looks.notes import redirect_saying
from espace.looks.paging import cut, page_number, pager
from espace.looks.words import counted_documents
from espace.portal.pages.beside import refused_beside
from espace.portal.pages.own.choosing import ids_in
from espace.portal.pages.topics.finding import UNCHOSEN, current, named, nothing_ticked, path_of, rows, topic_of
from espace.portal.pages.topics.naming import ABOUT_THE_NAME, SUGGESTED, TopicForm
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.portal.whose import gettext
from espace.record import actions
from espace.record import queries as record
from espace.record.facts import Document
from espace.record.queries import Topic

TEMPLATE, CHOOSING = "portal/topics/filling.html", "portal/topics/choosing.html"
BACK = "masquer"
"""What the form of the page that asks says, for the way back to it."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    masked: bool
    chosen: bool


def fill(request: HttpRequest, visit: Visit, topic_id: UUID) -> HttpResponseBase:
    """The documents that are not linked yet, with a search; the words travel sealed."""
    path, owner = path_of(topic_id, "fill_topic"), visit.actor.id
    if request.method == "POST":
        chosen = chosen_in(request.POST)
        return HttpResponseRedirect(f"{path}?{_query(sealed(chosen, owner) if chosen.some else '')}")
    token = request.GET.get("filtre", "")
    chosen = unsealed(token, owner) if token else Chosen()
    with visit.open(Verb.HISTORY) as grant:
        topics, documents = record.linked(grant)
    one = topic_of(topics, topic_id)
    left = [document for document in current(documents) if topic_id not in document.topics]
    kept = [document for document in left if matches(document, chosen)] if chosen.some else left
    return _filling(request, visit, one, Choosing(left, kept, chosen, token))


@dataclass(frozen=True, slots=True)
class Choosing:
    """What is not linked yet, and of that what was looked for."""

    left: Sequence[Document]
    kept: Sequence[Document]
    chosen: Chosen
    token: str


def _query(token: str, page: int = 1) -> str:
    words = [("filtre", token)] if token else []
    return urlencode([*words, *([("page", str(page))] if page > 1 else [])])


def _filling(request: HttpRequest, visit: Visit, one: Topic, choosing: Choosing) -> HttpResponseBase:
    number = page_number(request.GET.get("page", ""))
    shown, last = cut(choosing.kept, number)
    context = {
        "topic": one,
        "name": named(one),
        "any": bool(choosing.left),
        "rows": rows(shown),
        "counted": counted_documents(len(choosing.kept)),
        "chosen": choosing.chosen,
        "kinds": kinds_in(choosing.left, choosing.chosen),
        "years": years_in(choosing.left, choosing.chosen),
        "search_path": path_of(one.id, "fill_topic"),
        "link_path": f"{path_of(one.id, 'link_topic')}?{_query(choosing.token, number)}".rstrip("?"),
        "unchosen": UNCHOSEN in request.GET,
        "pager": pager(number, last, lambda page: f"?{_query(choosing.token, page)}"),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def link(request: HttpRequest, visit: Visit, topic_id: UUID) -> HttpResponseBase:
    """The documents ticked, linked at once: the page that they were ticked on said what that does."""
    ids, asked = ids_in(request.POST), request.POST.get("suite") == BACK
    if not ids:
        return nothing_ticked(path_of(topic_id, "mask_topic" if asked else "fill_topic"), request)
    masked = visit.decide(Verb.VISIBILITY, lambda grant: actions.link(grant, topic_id, ids))
    words = ngettext(
        "C’est fait : %(count)s document rattaché à ce sujet.",
        "C’est fait : %(count)s documents rattachés à ce sujet.",
        len(ids),
    )
    also = gettext("Masqué aux professionnels à l’instant : %(name)s.") % {"name": counted_documents(masked).lower()}
    done = f"{words % {'count': len(ids)}} {also}" if masked else words % {"count": len(ids)}
    path = path_of(topic_id, "mask_topic" if asked else "topic")
    return redirect_saying(path, done, reader=visit.actor.id, at=now())


def topics_of(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    """The topics of one document: ticked, and perhaps a new one."""
    form = TopicForm(request.POST if request.method == "POST" else None)
    form.fields["name"].required = False
    form.fields["name"].label = gettext("Un nouveau sujet (facultatif)")
    if form.is_bound and form.is_valid():
        wanted, name = _wanted(request), form.cleaned_data["name"].strip()

        def act(grant: Grant) -> None:
            new = [actions.make_topic(grant, name=name)] if name else []
            actions.choose_topics(grant, document_id, [*wanted, *new])

        refused = refused_beside(ABOUT_THE_NAME, lambda: visit.decide(Verb.VISIBILITY, act))
        if refused is None:
            done = gettext("C’est fait : les sujets de ce document sont enregistrés.")
            return redirect_saying(document_path(document_id), done, reader=visit.actor.id, at=now())
        form.add_error("name", refused)
    with visit.open(Verb.HISTORY) as grant:
        document, topics = record.document(grant, document_id), record.topics(grant)
    ticked = {str(one) for one in document.topics} if not form.is_bound else {*request.POST.getlist("sujet")}
    context = {
        "title": cards.title(document),
        "back": document_path(document_id),
        "options": [Option(str(one.id), named(one), one.masked, str(one.id) in ticked) for one in topics],
        "form": form,
        "suggested": [gettext(one) for one in SUGGESTED],
    }
    return render(request, CHOOSING, context, name=visit.name)


def _wanted(request: HttpRequest) -> list[UUID]:
    """The topics ticked. Refused(TOPIC_UNKNOWN) for what is none."""
    try:
        return [UUID(one) for one in request.POST.getlist("sujet")]
    except ValueError:
        raise Refused(reasons.TOPIC_UNKNOWN) from None
