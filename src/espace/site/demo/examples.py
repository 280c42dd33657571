"""One example of every component in every state that pages use, each with the template that the pages use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from espace.access.facts import Followed, Outcome, Report, ReportKind
from espace.looks.cards import Card
from espace.looks.filters import Chosen, Option
from espace.looks.frame import Place, Session, Switch
from espace.looks.paging import Pager
from espace.looks.words import clock_time, full_date, local_day
from espace.notices.facts import Kind, Notice
from espace.portal.forms import BirthForm, FirstCodeForm
from espace.portal.pages.kept_words import KeptWords
from espace.portal.pages.lines import Line, Named
from espace.portal.pages.masking_rules import Row as MaskedKind
from espace.portal.pages.notice_words import words_of
from espace.portal.pages.notices import Item
from espace.portal.pages.qr import qr_svg
from espace.portal.pages.readers import Choice, Reader
from espace.portal.pages.relatives.listing import Relative
from espace.portal.pages.reporting import told_report
from espace.site.demo import examples_health, examples_results
from espace.workstation.pages.banner import Banner

HERE = "#"
AT, FIRST, SECOND = datetime(2025, 3, 4, 6, 24, tzinfo=UTC), UUID(int=1), UUID(int=2)
Values = Mapping[str, object]
NOTHING: Values = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Component:
    """`states` are (name of the state, what its template is given); names and uses are French, to be translated."""

    name: str
    use: str
    template: str
    states: Callable[[HttpRequest], tuple[tuple[str, Values], ...]]


class SampleForm(forms.Form):
    """A field of every sort."""

    name = forms.CharField(label=gettext_lazy("Nom"), help_text=gettext_lazy("Comme sur votre carte."))
    place = forms.ChoiceField(
        label=gettext_lazy("Lieu"), choices=(("", gettext_lazy("Choisissez")), ("1", "Nantes"), ("2", "Rennes"))
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Réponse"),
        choices=(("oui", gettext_lazy("Oui")), ("non", gettext_lazy("Non"))),
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label=gettext_lazy("J’ai lu ce qui précède."))


def _fields(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    asked = {"name": "Camille Duval", "place": "1", "how": "oui", "agreed": "on"}
    forms_shown = (
        (gettext("vide"), SampleForm(auto_id="vide_%s")),
        (gettext("rempli"), SampleForm(asked, auto_id="rempli_%s")),
        (gettext("à corriger"), SampleForm({}, auto_id="faux_%s")),
    )
    return tuple((state, {"form": form}) for state, form in forms_shown)


def _birth_date(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    return ((gettext("vide"), {"form": BirthForm(auto_id="naissance_%s")}),)


def _scanning(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    groups = ("ABCD", "EFGH", "IJKL", "MNOP")
    values = {"qr": qr_svg("".join(groups)), "groups": groups, "form": FirstCodeForm(auto_id="application_%s")}
    return ((gettext("vide"), values),)


def _masked_kinds(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    name, said = gettext("Analyses de laboratoire"), gettext("Douze documents")
    shown = MaskedKind(name, "flask", said, False, HERE), MaskedKind(name, "flask", said, True, HERE)
    return (gettext("montrée"), {"row": shown[0]}), (gettext("masquée"), {"row": shown[1]})


def _documents(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    masked, new = (gettext("Masqué aux professionnels"),), gettext("Analyses de sang")
    return (
        (gettext("ordinaire"), {"cards": (_card(gettext("Lettre de liaison"), "bed"),)}),
        (gettext("nouveau"), {"cards": (_card(new, "flask", is_new=True),)}),
        (gettext("masqué"), {"cards": (_card(gettext("Ordonnance de lunettes"), "pill", marks=masked),)}),
    )


def _card(title: str, pictogram: str, *, is_new: bool = False, marks: tuple[str, ...] = ()) -> Card:
    return Card(
        path=HERE, title=title, by="Anne Le Goff · Hôpital Saint-Aubin", date=gettext("mardi 4 mars 2025"),
        iso="2025-03-04", kind=gettext("Documents"), icon=pictogram, is_new=is_new, marks=marks,
    )  # fmt: skip


def _lines(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    read, why = gettext("a lu un document"), gettext("C’est votre médecin traitant.")
    named = (Named(HERE, gettext("Analyses de sang")),)
    return (
        (gettext("permis"), {"line": Line("Anne Morel", read, "", "6 h 24", "06:24", named, True, why, "eye")}),
        (
            gettext("refusé"),
            {"line": Line("Yves Abgrall", gettext("a essayé de lire un document"), "", "9 h 02", "09:02", (), False,
                          gettext("Vous avez bloqué ce professionnel."), "refused")},
        ),
    )  # fmt: skip


def _reports(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    kind, said = ReportKind.UNKNOWN, gettext("Je n’étais pas là ce jour-là.")
    one = Report(FIRST, AT, FIRST, "Yves Abgrall", kind, said, AT, True, alert=SECOND)
    sent = Followed(one, examined=False, closed_at=None, outcome=None)
    closed = Followed(one, examined=True, closed_at=AT, outcome=Outcome.REMINDED)
    return (
        (gettext("reçu"), {"one": told_report(sent), "level": 3}),
        (gettext("répondu"), {"one": told_report(closed), "level": 3}),
    )


def _notices(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    first = words_of(Notice(Kind.FIRST_ACCESS, AT, frozenset(), who="Anne Morel"))
    new = words_of(Notice(Kind.NEW_DOCUMENT, AT, frozenset(), who=gettext("Laboratoire des Tilleuls")))
    titles = ((HERE, gettext("Analyses de sang")), ("", gettext("Lettre de liaison")))
    return (
        (gettext("non lu"), {"item": Item(FIRST, first, "6 h 24", "06:24", True, ())}),
        (gettext("lu"), {"item": Item(SECOND, new, "9 h 02", "09:02", False, titles)}),
    )


def _readers(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    about, why = gettext("Médecin · Cabinet des Tilleuls"), (gettext("Accord en cours."),)
    choices = (Choice(HERE, gettext("Bloquer")),)
    last, kept = gettext("Aucun accès récent."), KeptWords(HERE, gettext("Deux documents lui sont masqués"))
    with_consent = Reader("Léa Petit", about, False, why, last, choices, kept=kept)
    return (
        (gettext("médecin traitant"), {"reader": Reader("Anne Morel", about, True, why, last, choices), "level": 3}),
        (gettext("avec accord"), {"reader": with_consent, "level": 3}),
    )


def _saying(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    told = gettext("Ces courriers ne disent jamais rien de votre santé.")
    return (
        (gettext("information"), {"icon": "info", "text": told}),
        (gettext("avec un titre"), {"icon": "info", "title": gettext("Bon à savoir"), "text": told}),
        (
            gettext("attention"),
            {"icon": "hidden", "tone": "clay", "text": gettext("Ce document est masqué aux autres."),
             "link": HERE, "link_label": gettext("En savoir plus")},
        ),
    )  # fmt: skip


def _tabs(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    shown = tuple(
        Place(HERE, gettext(label), "", "page" if number == 0 else "")
        for number, label in enumerate(("Qui peut lire", "Historique", "Notifications"))
    )
    return ((gettext("première page"), {"tabs": shown, "tabs_label": gettext("Exemple d’onglets")}),)


def _filters(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    values = {
        "filter_path": request.path, "chosen": Chosen(words="liaison", old=True), "has_old": True,
        "kinds": (Option("a", gettext("Analyses de laboratoire"), False),), "years": (Option("2025", "2025", True),),
    }  # fmt: skip
    return ((gettext("rempli"), values),)


def _pager(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    return ((gettext("au milieu"), {"pager": Pager(HERE, HERE, gettext("Plus récents"), gettext("Plus anciens"))}),)


def _banner(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    known = Banner(
        "1 85 03 75 480 253 10", "Camille Duval", "DUVAL", "CAMILLE ROSE", gettext("jeudi 7 mars 1985"),
        gettext("Née le"), gettext("Femme, 41 ans"),
    )  # fmt: skip
    return ((gettext("avec accord"), {"banner": known}),)


def _relatives(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    said = (gettext("Depuis le %(day)s.") % {"day": full_date(local_day(AT))},)
    one = Relative("Marie Duval", gettext("Proche aidant"), said, (Choice(HERE, gettext("Mettre fin à cette aide")),))
    return ((gettext("tous"), {"relative": one}),)


def _session(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    name, time = "Noémie Caradec", clock_time(AT)
    words = {"name": name, "place": "France services de Saint-Junien", "time": time}
    advised = gettext("%(name)s, conseiller numérique (%(place)s), vous aide jusqu’à %(time)s.") % words
    advises = gettext("Vous aidez %(name)s jusqu’à %(time)s.") % {"name": "Camille Duval", "time": time}
    return (
        (gettext("pour le titulaire"), {"session": Session(advised, HERE, HERE)}),
        (gettext("pour le conseiller"), {"session": Session(advises, "", HERE)}),
    )


def _switch(request: HttpRequest) -> tuple[tuple[str, Values], ...]:
    name, own = "Léo Duval", gettext("Mon espace")
    other = (Place(HERE, own, "", ""), Place(HERE, name, "", "true"))
    said = gettext("Vous aidez %(name)s") % {"name": name}
    return (
        (gettext("Dans son propre espace"), {"switch": Switch("", "", "", "", other[::-1])}),
        (gettext("Dans l’espace d’une autre personne"), {"switch": Switch(name, "", "Léo", said, other)}),
    )


def _one(state: str, **values: str) -> Callable[[HttpRequest], tuple[tuple[str, Values], ...]]:
    """A component in one state; its words are French, to be translated."""
    return lambda request: ((gettext(state), {key: _translated(value) for key, value in values.items()}),)


def _translated(value: str) -> str:
    return value if value.isdigit() or value == HERE else gettext(value)


COMPONENTS: tuple[Component, ...] = (
    Component(
        gettext_noop("Textes"), gettext_noop("Un titre par page ; des phrases courtes."), "looks/examples/texts.html",
        _one(gettext_noop("tous")),
    ),
    Component(
        gettext_noop("Boutons"), gettext_noop("Un bouton plein par page : ce que l’on vient y faire."),
        "looks/examples/buttons.html", _one(gettext_noop("tous")),
    ),
    Component(
        gettext_noop("Étiquettes"), gettext_noop("Un état, en mots : jamais par la seule couleur."),
        "looks/examples/marks.html", _one(gettext_noop("tous")),
    ),
    Component(
        gettext_noop("Formulaire"),
        gettext_noop("L’erreur est dite en haut et près du champ ; ce qui est écrit reste."),
        "looks/examples/form.html", _fields,
    ),
    Component(
        gettext_noop("C’est fait"), gettext_noop("La page d’après un acte dit ce qui a changé."),
        "looks/parts/note.html", _one(gettext_noop("tous"), note=gettext_noop("C’est noté.")),
    ),
    Component(
        gettext_noop("À savoir"), gettext_noop("Ce qu’il faut savoir avant de continuer."),
        "looks/parts/say.html", _saying,
    ),
    Component(
        gettext_noop("Alerte"), gettext_noop("Ce qui n’a pas marché, et ce qu’il faut faire."),
        "looks/parts/alert.html",
        _one(gettext_noop("tous"), title=gettext_noop("À corriger"),
             message=gettext_noop("Choisissez un de ces lieux.")),
    ),
    Component(
        gettext_noop("Urgence"), gettext_noop("Sur tout écran ouvert sans l’accord du patient."),
        "workstation/parts/urgent.html",
        _one(gettext_noop("tous"), urgent=gettext_noop("Jusqu’au mardi 4 mars 2025 à 15 h 30.")),
    ),
    Component(
        gettext_noop("Soins gardés secrets"),
        gettext_noop("Sur tout écran des soins d’un mineur que ses représentants légaux ne voient pas."),
        "workstation/parts/secret.html",
        _one(gettext_noop("tous"), **dict.fromkeys(("secret",), "1")),
    ),
    Component(
        gettext_noop("Accès en train d’être refait"), gettext_noop("Tant que l’on peut l’annuler."),
        "portal/parts/way_back.html",
        _one(gettext_noop("tous"), way_back=gettext_noop("mardi 4 mars 2025 à 15 h 30")),
    ),
    Component(
        gettext_noop("Historique modifié"), gettext_noop("Quand une ligne n’est plus celle qui a été signée."),
        "portal/parts/altered.html",
        _one(gettext_noop("tous"), altered=gettext_noop("Une ligne de votre historique a été modifiée.")),
    ),
    Component(
        gettext_noop("Date de naissance"), gettext_noop("Trois champs, dans l’ordre où on la dit."),
        "portal/parts/birth_date.html", _birth_date,
    ),
    Component(
        gettext_noop("Application d’authentification"), gettext_noop("La clé en carré et en lettres, puis un code."),
        "portal/parts/scanning.html", _scanning,
    ),
    Component(
        gettext_noop("Rien à montrer"), gettext_noop("Une page vide dit ce qui apparaîtra, et comment."),
        "looks/parts/empty.html",
        _one(gettext_noop("tous"), level="3", title=gettext_noop("Aucun document pour l’instant"),
             text=gettext_noop("Ils apparaîtront ici dès qu’un laboratoire ou un hôpital les déposera.")),
    ),
    Component(
        gettext_noop("Document dans une liste"), gettext_noop("Toute la carte se touche ; le titre est le lien."),
        "looks/parts/docs.html", _documents,
    ),
    Component(
        gettext_noop("Catégorie à masquer"), gettext_noop("Toute une catégorie, et ce qui viendra."),
        "looks/examples/masked_kind.html", _masked_kinds,
    ),
    Component(
        gettext_noop("Ligne de l’historique"), gettext_noop("Qui, quoi, quand, et pourquoi c’était permis ou refusé."),
        "looks/examples/line.html", _lines,
    ),
    Component(
        gettext_noop("Accès signalé"), gettext_noop("Ce que le titulaire a dit, et ce que cela devient."),
        "looks/examples/report.html", _reports,
    ),
    Component(
        gettext_noop("Avis"), gettext_noop("Ce qui est arrivé, et ce que l’on peut y faire."),
        "looks/examples/notice.html", _notices,
    ),
    Component(
        gettext_noop("Personne qui peut lire"), gettext_noop("Son nom, son droit, et ce que l’on peut décider."),
        "looks/examples/reader.html", _readers,
    ),
    Component(
        gettext_noop("Proche"), gettext_noop("Qui aide, par quel droit, et jusqu’à quand."),
        "looks/examples/relative.html", _relatives,
    ),
    Component(
        gettext_noop("Autre espace"), gettext_noop("Sur toute page de l’espace d’une personne que l’on aide."),
        "looks/parts/switch.html", _switch,
    ),
    Component(
        gettext_noop("Séance de conseiller numérique"), gettext_noop("En haut de toute page, tant qu’elle dure."),
        "looks/parts/session.html", _session,
    ),
    Component(
        gettext_noop("Identité du patient"), gettext_noop("En tête de tout écran de soins."),
        "workstation/parts/banner.html", _banner,
    ),
    Component(
        gettext_noop("Fait de santé"), gettext_noop("Ce qui est écrit, et sa source à un clic."),
        "looks/examples/fact.html", examples_health.facts,
    ),
    Component(
        gettext_noop("Médicament"), gettext_noop("Ce qui a été prescrit, délivré, déclaré, arrêté."),
        "looks/examples/medicine.html", examples_health.medicines,
    ),
    Component(
        gettext_noop("Volet du premier écran"), gettext_noop("L’essentiel, et ce qui manque dit en mots."),
        "looks/parts/panel.html", examples_health.panels,
    ),
    Component(
        gettext_noop("Résumé pour l’étranger"), gettext_noop("À imprimer : la langue de chaque mot est dite."),
        "looks/parts/international.html", examples_health.abroad,
    ),
    Component(
        gettext_noop("Changement"), gettext_noop("Ce qui est arrivé depuis une date, et ce qui était dit avant."),
        "looks/examples/change.html", examples_health.changes,
    ),
    Component(
        gettext_noop("Chiffres de deux dates"), gettext_noop("Ce que le dossier savait alors, et ce qu’il sait."),
        "looks/examples/pairs.html", examples_health.figures,
    ),
    *(
        Component(name, use, f"looks/parts/{template}.html", states)
        for name, use, template, states in (
            (
                gettext_noop("Courbe"), gettext_noop("Des résultats dans le temps, avec leur tableau à côté."),
                "chart", examples_results.charts,
            ),
            (
                gettext_noop("Liste de résultats"), gettext_noop("Une ligne par analyse, rangée par chapitre."),
                "analytes", examples_results.analytes,
            ),
            (
                gettext_noop("Résultats d’une analyse"), gettext_noop("De tous les laboratoires, avec leur source."),
                "analyte", examples_results.analyte,
            ),
            (
                gettext_noop("Extrait"), gettext_noop("Ce qui fut trouvé, dans sa ligne."),
                "extract", examples_results.extracts,
            ),
            (
                gettext_noop("Trouvé ailleurs"), gettext_noop("Ce que la recherche trouve hors des documents."),
                "declared", examples_results.declared,
            ),
        )
    ),
    Component(gettext_noop("Recherche"), gettext_noop("Au-dessus d’une liste."), "looks/parts/filters.html", _filters),
    Component(
        gettext_noop("Onglets"), gettext_noop("Les pages d’une même rubrique."), "looks/parts/tabs.html", _tabs,
    ),
    Component(
        gettext_noop("Pages d’une liste"), gettext_noop("Vingt par page."), "looks/parts/pages.html", _pager,
    ),
    Component(
        gettext_noop("Retour"), gettext_noop("Vers la page d’où l’on vient."), "looks/parts/back.html",
        _one(gettext_noop("tous"), path=HERE, label=gettext_noop("Tous vos documents")),
    ),
)  # fmt: skip
