"""« Créer un sujet », its name, and removing it."""

from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from espace.edge import now
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.frame import render
from espace.looks.notes import redirect_saying
from espace.looks.words import counted_documents
from espace.portal.pages.beside import refused_beside
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.topics.finding import named, path_of, topic_of
from espace.portal.pages.visit import Visit
from espace.portal.whose import gettext
from espace.record import actions
from espace.record import queries as record

TEMPLATE = "portal/topics/naming.html"
MOST_NAME = 80
SUGGESTED = (
    gettext_noop("Santé mentale"),
    gettext_noop("Addictions"),
    gettext_noop("Contraception et grossesse"),
    gettext_noop("Fertilité"),
    gettext_noop("Infections sexuellement transmissibles"),
    gettext_noop("Violences subies"),
    gettext_noop("Maladie génétique"),
    gettext_noop("Cancer"),
)
REMOVE = Act(
    Verb.VISIBILITY,
    title=gettext_noop("Supprimer le sujet « %(name)s » ?"),
    effects=(
        gettext_noop("Ses documents restent dans votre espace, sans ce sujet."),
        gettext_noop("Ce qui est masqué par un autre choix, ou par son auteur, reste masqué."),
        gettext_noop("Pour les réunir de nouveau, il faudra refaire un sujet et les y rattacher."),
    ),
    button=gettext_noop("Supprimer le sujet"),
    done=gettext_noop("C’est fait : le sujet est supprimé. Redevenu visible des professionnels : %(name)s."),
)
ABOUT_THE_NAME = (reasons.TOPIC_NAME_REFUSED, reasons.TOPIC_EXISTS, reasons.TOPICS_TOO_MANY)


class TopicForm(forms.Form):
    """The name of a topic."""

    name = forms.CharField(
        label=gettext_lazy("Nom du sujet"),
        help_text=gettext_lazy("Choisissez-le comme vous voulez. Aucun professionnel ne le voit."),
        max_length=MOST_NAME,
        error_messages={
            "required": gettext_lazy("Donnez un nom au sujet."),
            "max_length": gettext_lazy("Le nom est trop long : 80 caractères au plus."),
        },
        widget=forms.TextInput({"autocomplete": "off", "list": "idees"}),
    )


def make(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """A name, chosen or suggested."""
    form = TopicForm(request.POST) if request.method == "POST" else TopicForm()
    if form.is_bound and form.is_valid():
        name, made = form.cleaned_data["name"], list[UUID]()
        refused = refused_beside(
            ABOUT_THE_NAME,
            lambda: made.append(visit.decide(Verb.VISIBILITY, lambda grant: _make(grant, name))),
        )
        if refused is None:
            done = gettext("C’est fait : le sujet est créé. Ajoutez-y maintenant des documents.")
            return redirect_saying(path_of(made[0]), done, reader=visit.actor.id, at=now())
        form.add_error("name", refused)
    with visit.open(Verb.HISTORY):
        context = {"form": form, "suggested": [gettext(one) for one in SUGGESTED], "back": reverse("visibility")}
    return render(request, TEMPLATE, context, name=visit.name)


def _make(grant: Grant, name: str) -> UUID:
    """A new topic. Refused(TOPIC_EXISTS) when one has this name: nobody would find their way among two."""
    there = record.topic_names(grant)
    made = actions.make_topic(grant, name=name)
    if made in there:
        raise Refused(reasons.TOPIC_EXISTS, place="name")
    return made


def rename(request: HttpRequest, visit: Visit, topic_id: UUID) -> HttpResponseBase:
    """Another name. Refused(TOPIC_UNKNOWN) for a topic that is not there, or is not theirs."""
    form = TopicForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        name = form.cleaned_data["name"]
        refused = refused_beside(
            ABOUT_THE_NAME,
            lambda: visit.decide(Verb.VISIBILITY, lambda grant: actions.rename_topic(grant, topic_id, name=name)),
        )
        if refused is None:
            done = gettext("C’est fait : le sujet a un nouveau nom.")
            return redirect_saying(path_of(topic_id), done, reader=visit.actor.id, at=now())
        form.add_error("name", refused)
    with visit.open(Verb.HISTORY) as grant:
        topic = topic_of(record.topics(grant), topic_id)
    context = {
        "form": form or TopicForm(initial={"name": topic.name}),
        "renaming": named(topic),
        "suggested": [gettext(one) for one in SUGGESTED],
        "back": path_of(topic_id),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def remove(request: HttpRequest, visit: Visit, topic_id: UUID) -> HttpResponseBase:
    """What becomes of its documents, then one press."""
    act = REMOVE

    def look(grant: Grant) -> Object:
        topic = topic_of(record.topics(grant), topic_id)
        return Object(counted_documents(topic.extent.documents), named(topic), (freed_words(topic.extent.freed),))

    def press(grant: Grant) -> str:
        return counted_documents(actions.remove_topic(grant, topic_id)).lower()

    return confirmed(request, visit, act, opened_to=Verb.HISTORY, look=look, press=press, back=reverse("visibility"))


def freed_words(count: int) -> str:
    """« 2 documents redeviendront visibles des professionnels. »"""
    if not count:
        return gettext("Aucun document ne redeviendra visible.")
    words = ngettext(
        "%(count)s document redeviendra visible des professionnels.",
        "%(count)s documents redeviendront visibles des professionnels.",
        count,
    )
    return words % {"count": count}
