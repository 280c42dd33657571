"""A topic: its documents, masking them to professionals in one act, showing them again, taking some off."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop, ngettext

from espace.edge import now
from espace.kernel.words import Grant, Verb
from espace.looks import cards
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.paging import cut, page_number, pager
from espace.looks.words import counted_documents
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.own.choosing import NAME, among, chosen_ids
from espace.portal.pages.topics.finding import (
    UNCHOSEN,
    current,
    named,
    near,
    nothing_ticked,
    path_of,
    rows,
    told,
    topic_of,
)
from espace.portal.pages.topics.naming import freed_words
from espace.portal.pages.visit import Visit
from espace.portal.whose import gettext
from espace.record import actions
from espace.record import queries as record
from espace.record.facts import Extent

TEMPLATE, MASKING = "portal/topics/topic.html", "portal/topics/masking.html"
MOST_NEAR = 20

MASK = (
    gettext_noop(
        "D’autres documents peuvent parler de ce sujet : ordonnances, comptes rendus, résultats. Masquer un sujet ne "
        "masque que les documents que vous y rattachez."
    ),
    gettext_noop("Les professionnels ne verront plus ces documents, et rien ne leur dira qu’ils existent."),
    gettext_noop("Ceux que vous y rattacherez plus tard seront masqués aussitôt, et leurs nouvelles versions aussi."),
    gettext_noop(
        "Qui a écrit un document le verra encore, si cette personne peut lire votre espace. Votre médecin traitant "
        "aussi."
    ),
    gettext_noop("Ce qui a déjà été lu ou copié ne peut pas être repris."),
    gettext_noop("Un professionnel qui vous soigne pourrait en avoir besoin."),
    gettext_noop("Vous pourrez tout montrer de nouveau d’un coup."),
)
SHOW = Act(
    Verb.VISIBILITY,
    title=gettext_noop("Ne plus masquer le sujet « %(name)s » ?"),
    effects=(
        gettext_noop("Les professionnels qui peuvent lire votre espace verront les documents que ce sujet masquait."),
        gettext_noop("Ce qui est masqué par un autre choix, ou par son auteur, reste masqué."),
        gettext_noop("Ce qui a déjà été lu ou copié ne peut pas être repris."),
        gettext_noop("Vous pourrez le masquer de nouveau quand vous voudrez."),
    ),
    button=gettext_noop("Ne plus masquer"),
    done=gettext_noop("C’est fait. Redevenu visible des professionnels : %(name)s."),
)
UNLINK = Act(
    Verb.VISIBILITY,
    title=gettext_noop("Retirer du sujet « %(name)s » ?"),
    effects=(
        gettext_noop("Les documents restent dans votre espace."),
        gettext_noop("Ce qui est masqué par un autre choix, ou par son auteur, reste masqué."),
    ),
    button=gettext_noop("Retirer du sujet"),
    done=gettext_noop("C’est fait. Redevenu visible des professionnels : %(name)s."),
)


def topic(request: HttpRequest, visit: Visit, topic_id: UUID) -> HttpResponseBase:
    """Its documents, and what may be done with it."""
    with visit.open(Verb.HISTORY) as grant:
        topics, documents = record.linked(grant)
    one = topic_of(topics, topic_id)
    kept = current(document for document in documents if topic_id in document.topics)
    number = page_number(request.GET.get("page", ""))
    shown, last = cut(kept, number)
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "topic": one,
        "name": named(one),
        "told": told(one.extent),
        "rows": rows(shown),
        "unchosen": UNCHOSEN in request.GET,
        "pager": pager(number, last, lambda page: f"?page={page}"),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def mask(request: HttpRequest, visit: Visit, topic_id: UUID) -> HttpResponseBase:
    """What will happen, with what may speak of the same thing and is not linked; then one press."""
    if request.method == "POST":
        count = visit.decide(Verb.VISIBILITY, lambda grant: actions.mask_topic(grant, topic_id))
        done = gettext("C’est fait. Masqué aux professionnels à l’instant : %(name)s.")
        said = done % {"name": counted_documents(count).lower()}
        return redirect_saying(path_of(topic_id), said, reader=visit.actor.id, at=now())
    with visit.open(Verb.HISTORY) as grant:
        topics, documents = record.linked(grant)
    one = topic_of(topics, topic_id)
    beside = near(one.name, documents, topic=topic_id)
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "topic": one,
        "name": named(one),
        "about": _will_be(one.extent),
        "effects": [gettext(words) for words in MASK],
        "rows": rows(beside[:MOST_NEAR]),
        "more": len(beside) > MOST_NEAR,
    }
    return render(request, MASKING, context, name=visit.name)


def _will_be(extent: Extent) -> str:
    """« 2 documents seront masqués. 1 l’est déjà. »"""
    if not extent.documents:
        return gettext("Aucun document n’est rattaché à ce sujet pour l’instant.")
    if not extent.open:
        return gettext("Aucun document de plus ne sera masqué pour l’instant.")
    words = ngettext("%(count)s document sera masqué.", "%(count)s documents seront masqués.", extent.open)
    said, already = words % {"count": extent.open}, extent.documents - extent.open
    more = ngettext("%(count)s l’est déjà.", "%(count)s le sont déjà.", already) % {"count": already}
    return f"{said} {more}" if already else said


def show(request: HttpRequest, visit: Visit, topic_id: UUID) -> HttpResponseBase:
    """What shows again, then one press."""

    def look(grant: Grant) -> Object:
        one = topic_of(record.topics(grant), topic_id)
        return Object(freed_words(one.extent.freed), named(one))

    def press(grant: Grant) -> str:
        return counted_documents(actions.show_topic(grant, topic_id)).lower()

    back = path_of(topic_id)
    return confirmed(request, visit, SHOW, opened_to=Verb.HISTORY, look=look, press=press, back=back)


def unlink(request: HttpRequest, visit: Visit, topic_id: UUID) -> HttpResponseBase:
    """Which of its documents show again once they are taken off it, then one press."""
    if request.method != "POST" and not request.GET.getlist(NAME):
        return nothing_ticked(path_of(topic_id), request)
    ids = chosen_ids(request)

    def look(grant: Grant) -> Object:
        topics, documents = record.linked(grant)
        found, one = among(documents, ids), topic_of(topics, topic_id)
        shows = sum(document.masked_by == {str(topic_id)} for document in found)
        again = (_may_show(shows),) if shows else ()
        return Object(", ".join(cards.title(document) for document in found), named(one), again)

    def press(grant: Grant) -> str:
        return counted_documents(actions.unlink(grant, topic_id, ids)).lower()

    back = path_of(topic_id)
    return confirmed(request, visit, UNLINK, opened_to=Verb.HISTORY, look=look, press=press, back=back)


def _may_show(count: int) -> str:
    """By the rules alone: a document may be masked by itself besides, which the next sentence says."""
    words = ngettext(
        "%(count)s document ne sera plus masqué par ce sujet. Si rien d’autre ne le masque, les professionnels le "
        "verront.",
        "%(count)s documents ne seront plus masqués par ce sujet. Si rien d’autre ne les masque, les professionnels "
        "les verront.",
        count,
    )
    return words % {"count": count}
