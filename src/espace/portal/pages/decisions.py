"""What the holder decides about a professional. Each act is a page that says what will happen, then one press.

Whoever is named in an address is looked up anew: nobody, and somebody to whom the act does not apply, answer alike.
What is done already, in another tab or by a second press, answers as the first time and changes nothing more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.access import actions, queries
from espace.access.facts import DOCTOR, Relation
from espace.access.rules import gives_care
from espace.identity import queries as identity
from espace.identity.facts import Professional
from espace.kernel.reasons import Reason, care, teams
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.professions import profession_name
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.directory import place, trade
from espace.portal.pages.readers import about
from espace.portal.pages.visit import Visit
from espace.portal.whose import gettext


@dataclass(frozen=True, slots=True)
class Subject:
    """The professional whom an act is about: as the directory knows them, and as the record does."""

    professional: Professional | None
    relation: Relation | None
    doctor: str = ""
    """The name of the attending doctor at this moment, "" for none."""

    @property
    def name(self) -> str:
        known = self.professional or self.relation
        return known.name if known else ""

    @property
    def about(self) -> str:
        if self.professional:
            return about(trade(self.professional), *map(place, self.professional.activities[:1]))
        known = self.relation
        return about(profession_name(known.profession), known.organisation_name) if known else ""

    @property
    def blocked(self) -> bool:
        return self.relation is not None and self.relation.blocked_at is not None

    @property
    def attending(self) -> bool:
        return self.relation is not None and self.relation.attending


@dataclass(frozen=True, slots=True)
class Decision(Act):
    """An act about a professional, and who it applies to.

    `refused` says why it does not apply; `also` are effects that depend on how things are.
    """

    act: Callable[[Grant, Subject], None]
    refused: Callable[[Subject], Reason | None]
    also: Callable[[Subject], tuple[str, ...]] = lambda subject: ()


def block(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponseBase:
    return _page(request, visit, professional_id, BLOCK)


def unblock(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponseBase:
    return _page(request, visit, professional_id, UNBLOCK)


def name_doctor(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponseBase:
    return _page(request, visit, professional_id, NAME_DOCTOR)


def remove_doctor(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponseBase:
    return _page(request, visit, professional_id, REMOVE_DOCTOR)


def name_administrator(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponseBase:
    return _page(request, visit, professional_id, NAME_ADMINISTRATOR)


def remove_administrator(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponseBase:
    return _page(request, visit, professional_id, REMOVE_ADMINISTRATOR)


def _page(request: HttpRequest, visit: Visit, professional_id: UUID, decision: Decision) -> HttpResponseBase:
    def look(grant: Grant) -> Object:
        subject = _subject(grant, professional_id, decision)
        return Object(subject.about, subject.name, decision.also(subject))

    def press(grant: Grant) -> str:
        subject = _subject(grant, professional_id, decision)
        decision.act(grant, subject)
        return subject.name

    return confirmed(request, visit, decision, opened_to=Verb.HISTORY, look=look, press=press, back=reverse("sharing"))


def _subject(grant: Grant, professional_id: UUID, decision: Decision) -> Subject:
    """Raises Refused for nobody, and for somebody to whom the act does not apply."""
    relations = {one.professional: one for one in queries.relations(grant)}
    doctor = next((one.name for one in relations.values() if one.attending), "")
    subject = Subject(identity.professional(professional_id), relations.get(professional_id), doctor)
    if reason := decision.refused(subject):
        raise Refused(reason)
    return subject


def _unless(fits: bool, reason: Reason = care.PROFESSIONAL_UNKNOWN) -> Reason | None:
    return None if fits else reason


def _not_a_doctor(subject: Subject) -> Reason | None:
    one = subject.professional
    return _unless(one.profession == DOCTOR and one.active, care.NOT_A_DOCTOR) if one else care.PROFESSIONAL_UNKNOWN


def _no_administrator(subject: Subject) -> Reason | None:
    one = subject.professional
    if one is None:
        return care.PROFESSIONAL_UNKNOWN
    if subject.blocked:
        return care.PROFESSIONAL_BLOCKED
    return _unless(one.active and gives_care(one.profession), teams.NOT_A_HEALTH_PROFESSION)


def _name_administrator(grant: Grant, subject: Subject) -> None:
    if subject.professional:
        actions.name_administrator(grant, subject.professional)


def _remove_administrator(grant: Grant, subject: Subject) -> None:
    if subject.relation:
        actions.remove_administrator(grant, subject.relation.professional)


def _block(grant: Grant, subject: Subject) -> None:
    if subject.professional:
        actions.block(grant, subject.professional)


def _unblock(grant: Grant, subject: Subject) -> None:
    if subject.relation:
        actions.unblock(grant, subject.relation.professional)


def _unblocks_too(subject: Subject) -> tuple[str, ...]:
    previous = {"name": subject.doctor}
    sentences: Mapping[str, bool] = {
        gettext("%(name)s ne sera plus votre médecin traitant.") % previous: bool(subject.doctor)
        and not subject.attending,
        gettext("Le blocage de ce médecin est levé."): subject.blocked,
    }
    return tuple(sentence for sentence, holds in sentences.items() if holds)


def _ends_too(subject: Subject) -> tuple[str, ...]:
    relation = subject.relation
    sentences: Mapping[str, bool] = {
        gettext("L’accord que vous lui aviez donné prend fin."): relation is not None and relation.consent is not None,
        gettext("Ce ne sera plus votre médecin traitant."): subject.attending,
        gettext("Ce ne sera plus un administrateur de votre espace."): relation is not None
        and relation.administrator_since is not None,
        gettext("Ceux que cette personne a fait entrer dans une équipe de soins en sortent aussi."): bool(
            relation and relation.team
        ),
    }
    return tuple(sentence for sentence, holds in sentences.items() if holds)


BLOCK = Decision(
    Verb.BLOCK,
    title=gettext_noop("Bloquer %(name)s ?"),
    effects=(
        gettext_noop("Cette personne ne pourra plus rien lire dans votre espace."),
        gettext_noop("Elle pourra encore y déposer des documents : ils sont à vous."),
        gettext_noop("Elle n’est pas prévenue. Elle l’apprendra si elle essaie d’ouvrir votre espace."),
        gettext_noop("Vous pourrez la débloquer quand vous voudrez."),
    ),
    button=gettext_noop("Bloquer"),
    done=gettext_noop("C’est fait : %(name)s ne peut plus lire votre espace."),
    act=_block,
    refused=lambda subject: _unless(subject.professional is not None),
    also=_ends_too,
)
UNBLOCK = Decision(
    Verb.UNBLOCK,
    title=gettext_noop("Débloquer %(name)s ?"),
    effects=(
        gettext_noop("Cette personne ne lira rien tout de suite : il lui faudra d’abord votre accord."),
        gettext_noop("Vous pourrez la bloquer de nouveau quand vous voudrez."),
    ),
    button=gettext_noop("Débloquer"),
    done=gettext_noop("C’est fait : %(name)s pourra de nouveau lire votre espace, si vous donnez votre accord."),
    act=_unblock,
    refused=lambda subject: _unless(subject.relation is not None),
)
NAME_DOCTOR = Decision(
    Verb.NAME_DOCTOR,
    title=gettext_noop("Désigner %(name)s comme médecin traitant ?"),
    effects=(
        gettext_noop("Ce médecin pourra lire votre espace sans vous redemander votre accord."),
        gettext_noop("Il verra aussi les documents que vous masquez aux professionnels."),
        gettext_noop("Vous pourrez changer d’avis quand vous voudrez."),
        gettext_noop("Votre déclaration à l’Assurance maladie ne change pas : elle se fait à part."),
    ),
    button=gettext_noop("Désigner comme médecin traitant"),
    done=gettext_noop("C’est fait : %(name)s est votre médecin traitant dans cet espace."),
    act=lambda grant, subject: actions.name_attending_doctor(grant, subject.professional),
    refused=_not_a_doctor,
    also=_unblocks_too,
)
REMOVE_DOCTOR = Decision(
    Verb.NAME_DOCTOR,
    title=gettext_noop("Retirer %(name)s comme médecin traitant ?"),
    effects=(
        gettext_noop("Ce médecin ne lira plus votre espace, sauf avec votre accord."),
        gettext_noop("Il ne verra plus les documents que vous masquez aux professionnels."),
        gettext_noop("Votre déclaration à l’Assurance maladie ne change pas : elle se fait à part."),
    ),
    button=gettext_noop("Retirer"),
    done=gettext_noop("C’est fait : %(name)s n’est plus votre médecin traitant dans cet espace."),
    act=lambda grant, subject: actions.name_attending_doctor(grant, None),
    refused=lambda subject: _unless(subject.attending or (subject.relation is not None and not subject.doctor)),
)
NAME_ADMINISTRATOR = Decision(
    Verb.NAME_ADMINISTRATOR,
    title=gettext_noop("Désigner %(name)s comme administrateur ?"),
    effects=(
        gettext_noop("Cette personne aura les mêmes droits que votre médecin traitant."),
        gettext_noop("Elle pourra lire votre espace sans vous redemander votre accord, documents masqués compris."),
        gettext_noop("Elle pourra lire qui a ouvert votre espace, et bloquer un professionnel en votre nom."),
        gettext_noop("Vous pourrez changer d’avis quand vous voudrez."),
    ),
    button=gettext_noop("Désigner comme administrateur"),
    done=gettext_noop("C’est fait : %(name)s est administrateur de votre espace."),
    act=_name_administrator,
    refused=_no_administrator,
)
REMOVE_ADMINISTRATOR = Decision(
    Verb.REMOVE_ADMINISTRATOR,
    title=gettext_noop("Retirer %(name)s comme administrateur ?"),
    effects=(
        gettext_noop("Cette personne ne lira plus votre espace, sauf avec votre accord."),
        gettext_noop("Elle ne verra plus les documents que vous masquez aux professionnels, ni votre historique."),
        gettext_noop("Ceux qu’elle a bloqués restent bloqués, tant que vous ne les débloquez pas."),
    ),
    button=gettext_noop("Retirer"),
    done=gettext_noop("C’est fait : %(name)s n’est plus administrateur de votre espace."),
    act=_remove_administrator,
    refused=lambda subject: _unless(subject.relation is not None),
)
