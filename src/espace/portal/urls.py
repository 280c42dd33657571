"""The portal's addresses: each declares the purpose for which it opens a record, or is on the public list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from espace.kernel.words import Purpose
from espace.looks import language
from espace.portal.pages import (
    activation,
    applications,
    closing,
    copying,
    decisions,
    directory,
    documents,
    emergencies,
    entitlements,
    explaining,
    giving,
    hiding,
    history,
    home,
    masking,
    masking_rules,
    notices,
    notifications,
    opening,
    proving,
    readers,
    reading,
    reporting,
    security,
    security_account,
    security_confirm,
    security_factors,
    security_keys,
    seeing_as,
    signin,
    teams,
    way_back,
    way_back_end,
)
from espace.portal.pages.health import abroad as health_abroad
from espace.portal.pages.health import child as health_child
from espace.portal.pages.health import emergency_sheet
from espace.portal.pages.health import growth as health_growth
from espace.portal.pages.health import index as health_index
from espace.portal.pages.health import measures as health_measures
from espace.portal.pages.health import medicines as health_medicines
from espace.portal.pages.health import overview as health_overview
from espace.portal.pages.health import results as health_results
from espace.portal.pages.health import section as health_section
from espace.portal.pages.health import stating as health_stating
from espace.portal.pages.health import vaccinations as health_vaccinations
from espace.portal.pages.own import adding, arranging, describing, exporting, folders, removing
from espace.portal.pages.relatives import adviser, advising, answering, ending, inviting, listing
from espace.portal.pages.step_up import fresh
from espace.portal.pages.topics import linking, naming, showing
from espace.portal.pages.visit import for_holder, welcome_or
from espace.portal.spaces import SHARED

READ, READ_WRITE, WRITE = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",)

_FOLDER = "documents/dossiers/<uuid:folder_id>/"
"""One folder of the holder's."""
_SEEN = "partage/visibilite/<slug:word>/"
"""One rule of masking: a kind of documents, all of them, or those that arrived masked."""
_TOPIC = "partage/visibilite/sujets/<uuid:topic_id>/"
"""One health topic of the holder's."""
_HEALTH, _ITEM = "sante/", "sante/<slug:section>/<uuid:item_id>/"
"""What the holder states of their own health, and one item of it."""
_CHILD = "sante/suivi-enfant/"
"""The examinations of a child, and how they grow."""
_SAFE = "securite/"
"""How the holder signs in."""
_BACK = "connexion/perdu/<str:token>/"
"""The link of a holder who cannot sign in any more."""
_HIDDEN, _FROM = "documents/<uuid:document_id>/", "<uuid:professional_id>/"
"""One document, hidden from one professional or shown to them."""
_AS = "partage/voir-comme/"
"""The documents with somebody else's eyes."""
_NEAR, _ASKED, _SAID = "partage/proches/", "aider/", "<uuid:mandate_id>/"
"""Who helps here, and what somebody is asked to help with."""
_ONE = "partage/professionnels/<uuid:professional_id>/"
"""One professional of the directory."""
_APPLICATION = "partage/applications/<str:client_id>/retirer/"
"""One application that the holder let in."""
_ADMINISTRATOR = f"{_ONE}administrateur/"


@dataclass(frozen=True, slots=True)
class Route:
    """One address. With a `purpose`, signed-in holders only, and the record is opened for that purpose.

    `public` is what those who are not signed in get there; a route has a purpose, or is public, or both.
    `fresh` asks for a second factor given lately (`espace.portal.fresh`): sensitive acts have it, a test says which.
    `back`: the address to which who confirmed so comes back, where that of the act is not a page.
    `reads_later`: the page itself reads the body, and checks its token against forgery, once somebody is signed in.
    `account`: it is about the account of who is signed in, and not in the space of another (`espace.portal.spaces`).
    """

    path: str
    name: str
    methods: tuple[str, ...]
    page: Callable[..., HttpResponseBase] | None = None
    purpose: Purpose | None = None
    public: Callable[..., HttpResponseBase] | None = None
    fresh: bool = False
    reads_later: bool = False
    back: str = ""
    account: bool = False


ROUTES: tuple[Route, ...] = (
    Route("", "home", READ, home.home, Purpose.HOLDER, public=home.welcome),
    Route("documents/", "documents", READ_WRITE, documents.documents, Purpose.HOLDER),
    Route("documents/ajouter/", "add", READ_WRITE, adding.add, Purpose.HOLDER, reads_later=True),
    Route("documents/modifier/", "describe", READ_WRITE, describing.describe, Purpose.HOLDER),
    Route("documents/choisis/", "choose", WRITE, arranging.choose, Purpose.HOLDER),
    Route("documents/archive/", "export", READ, exporting.export, Purpose.HOLDER),
    Route("documents/ranger/", "arrange", READ_WRITE, arranging.arrange, Purpose.HOLDER),
    Route("documents/supprimer/", "remove", READ_WRITE, removing.remove, Purpose.HOLDER),
    Route("documents/supprimes/", "removed", READ, removing.removed, Purpose.HOLDER),
    Route("documents/remettre/", "restore", WRITE, removing.restore, Purpose.HOLDER),
    Route("documents/dossiers/", "folders", READ_WRITE, folders.folders, Purpose.HOLDER),
    Route(f"{_FOLDER}renommer/", "rename_folder", READ_WRITE, folders.rename, Purpose.HOLDER),
    Route(f"{_FOLDER}supprimer/", "remove_folder", READ_WRITE, folders.remove, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/", "reading", READ, reading.reading, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/telecharger/", "download", READ, reading.download, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/pieces/<int:number>/", "piece", READ, reading.piece, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/masquer/", "mask", READ_WRITE, masking.mask, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/montrer/", "unmask", READ_WRITE, masking.unmask, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/ouvrir/", "open_secret", READ_WRITE, opening.open_secret, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/masquer/un/", "hide_choose", READ_WRITE, hiding.choose, Purpose.HOLDER),
    Route(f"{_HIDDEN}masquer/{_FROM}", "hide_from", READ_WRITE, hiding.hide_from, Purpose.HOLDER),
    Route(f"{_HIDDEN}montrer/{_FROM}", "show_to", READ_WRITE, hiding.show_to, Purpose.HOLDER),
    Route(_HEALTH, "health", READ, health_index.health, Purpose.HOLDER),
    Route(f"{_HEALTH}resume-etranger/", "abroad", READ, health_abroad.abroad, Purpose.HOLDER),
    Route(f"{_HEALTH}medicaments/", "medicines", READ, health_medicines.medicines, Purpose.HOLDER),
    Route(f"{_HEALTH}synthese/", "health_overview", READ, health_overview.overview, Purpose.HOLDER),
    Route(f"{_HEALTH}fiche-urgence/", "emergency_sheet", READ, emergency_sheet.sheet, Purpose.HOLDER),
    Route(f"{_HEALTH}resultats/", "results", READ_WRITE, health_results.results, Purpose.HOLDER),
    Route(f"{_HEALTH}resultats/<str:analyte>/", "analyte", READ, health_results.analyte, Purpose.HOLDER),
    Route(f"{_HEALTH}documents-lus/", "health_extraction", READ_WRITE, health_index.extraction, Purpose.HOLDER),
    Route(f"{_HEALTH}mesures/objectifs/", "health_targets", READ_WRITE, health_measures.targets, Purpose.HOLDER),
    Route(f"{_HEALTH}vaccinations/", "health_vaccinations", READ, health_vaccinations.vaccinations, Purpose.HOLDER),
    Route(_CHILD, "child", READ, health_child.child, Purpose.HOLDER),
    Route(f"{_CHILD}croissance/", "child_growth", READ, health_growth.growth, Purpose.HOLDER),
    Route(f"{_CHILD}<slug:code>/", "child_exam", READ_WRITE, health_child.examined, Purpose.HOLDER),
    Route(f"{_HEALTH}<slug:section>/", "health_section", READ, health_section.one, Purpose.HOLDER),
    Route(f"{_HEALTH}<slug:section>/ajouter/", "health_add", READ_WRITE, health_stating.add, Purpose.HOLDER),
    Route(f"{_HEALTH}<slug:section>/choisir/", "health_choose", WRITE, health_section.choose, Purpose.HOLDER),
    Route(_ITEM, "health_item", READ_WRITE, health_stating.change, Purpose.HOLDER),
    Route(f"{_ITEM}liens/", "health_link", READ_WRITE, health_stating.link, Purpose.HOLDER),
    Route(f"{_ITEM}supprimer/", "health_remove", WRITE, health_section.remove, Purpose.HOLDER),
    Route(f"{_ITEM}remettre/", "health_restore", WRITE, health_section.restore, Purpose.HOLDER),
    Route("partage/", "sharing", READ, readers.sharing, Purpose.HOLDER),
    Route("partage/historique/", "history", READ, history.history, Purpose.HOLDER),
    Route("partage/historique/preuve/", "proof", READ, proving.all_lines, Purpose.HOLDER),
    Route("partage/historique/<uuid:line_id>/pourquoi/", "why", READ, explaining.why, Purpose.HOLDER),
    Route("partage/historique/<uuid:line_id>/preuve/", "line_proof", READ, proving.one_line, Purpose.HOLDER),
    Route("avis/", "notices", READ_WRITE, notices.notices, Purpose.HOLDER),
    Route("partage/historique/<uuid:line_id>/signaler/", "report", READ_WRITE, reporting.report, Purpose.HOLDER),
    Route("partage/signalements/", "reports", READ, reporting.followed, Purpose.HOLDER),
    Route("partage/notifications/", "notifications", READ_WRITE, notifications.notifications, Purpose.HOLDER),
    Route("partage/visibilite/", "visibility", READ_WRITE, masking_rules.visibility, Purpose.HOLDER),
    Route(f"{_SEEN}masquer/", "mask_many", READ_WRITE, masking_rules.mask_many, Purpose.HOLDER),
    Route(f"{_SEEN}montrer/", "unmask_many", READ_WRITE, masking_rules.unmask_many, Purpose.HOLDER),
    Route("partage/visibilite/sujets/creer/", "make_topic", READ_WRITE, naming.make, Purpose.HOLDER),
    Route(_TOPIC, "topic", READ, showing.topic, Purpose.HOLDER),
    Route(f"{_TOPIC}ajouter/", "fill_topic", READ_WRITE, linking.fill, Purpose.HOLDER),
    Route(f"{_TOPIC}rattacher/", "link_topic", WRITE, linking.link, Purpose.HOLDER),
    Route(f"{_TOPIC}retirer/", "unlink_topic", READ_WRITE, showing.unlink, Purpose.HOLDER),
    Route(f"{_TOPIC}masquer/", "mask_topic", READ_WRITE, showing.mask, Purpose.HOLDER),
    Route(f"{_TOPIC}montrer/", "show_topic", READ_WRITE, showing.show, Purpose.HOLDER),
    Route(f"{_TOPIC}renommer/", "rename_topic", READ_WRITE, naming.rename, Purpose.HOLDER),
    Route(f"{_TOPIC}supprimer/", "remove_topic", READ_WRITE, naming.remove, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/sujets/", "topics_of", READ_WRITE, linking.topics_of, Purpose.HOLDER),
    Route("partage/copie/", "copy", READ, copying.copy, Purpose.HOLDER),
    Route("partage/copie/demander/", "ask_copy", READ_WRITE, copying.ask, Purpose.HOLDER, fresh=True),
    Route("partage/copie/telecharger/", "take_copy", READ, copying.take, Purpose.HOLDER, fresh=True, back="copy"),
    Route("partage/copie/supprimer/", "drop_copy", READ_WRITE, copying.drop, Purpose.HOLDER),
    Route("partage/fermer/", "close_space", READ_WRITE, closing.close, Purpose.HOLDER, fresh=True),
    Route("rouvrir/", "reopen_space", READ_WRITE, closing.reopen, Purpose.HOLDER, account=True),
    Route(f"{_AS}", "see_as_choose", READ, seeing_as.choose, Purpose.HOLDER),
    Route(f"{_AS}proche/", "see_as_helper", READ, seeing_as.as_helper, Purpose.HOLDER),
    Route(f"{_AS}metier/<slug:profession>/", "see_as_profession", READ, seeing_as.as_profession, Purpose.HOLDER),
    Route(f"{_AS}{_FROM}", "see_as", READ, seeing_as.as_professional, Purpose.HOLDER),
    Route("partage/habilitations/", "entitlements", READ, entitlements.every, Purpose.HOLDER),
    Route("partage/habilitations/<slug:profession>/", "entitlement", READ, entitlements.one, Purpose.HOLDER),
    Route("partage/proches/", "relatives", READ, listing.relatives, Purpose.HOLDER),
    Route("partage/proches/inviter/", "invite", READ_WRITE, inviting.invite, Purpose.HOLDER, fresh=True),
    Route(f"{_NEAR}representant/", "invite_representative", READ_WRITE, inviting.second, Purpose.HOLDER, fresh=True),
    Route(f"{_NEAR}conseiller/", "advising", READ, advising.advising, Purpose.HOLDER),
    Route(f"{_NEAR}conseiller/code/", "ask_adviser", READ_WRITE, advising.ask, Purpose.HOLDER, fresh=True),
    Route(f"{_NEAR}conseiller/terminer/", "end_advising", WRITE, advising.end, Purpose.HOLDER),
    Route("conseiller/", "adviser", READ_WRITE, adviser.adviser, Purpose.HOLDER, account=True),
    Route(f"{_NEAR}quitter/", "leave_help", READ_WRITE, ending.leave, Purpose.HOLDER),
    Route(f"{_NEAR}<uuid:mandate_id>/terminer/", "end_help", READ_WRITE, ending.end, Purpose.HOLDER),
    Route(f"{_NEAR}<uuid:mandate_id>/contester/", "contest_help", READ_WRITE, ending.contest, Purpose.HOLDER),
    Route(f"{_ASKED}<str:token>/", "answer_help", READ_WRITE, answering.answer, Purpose.HOLDER, account=True),
    Route(f"{_ASKED}declaration/{_SAID}", "declare_help", READ_WRITE, answering.declare, Purpose.HOLDER, account=True),
    Route("partage/applications/", "applications", READ, applications.applications, Purpose.HOLDER),
    Route(_APPLICATION, "end_application", WRITE, applications.end, Purpose.HOLDER),
    Route("partage/urgences/", "emergencies", READ_WRITE, emergencies.emergencies, Purpose.HOLDER),
    Route("partage/professionnels/", "professionals", READ_WRITE, directory.professionals, Purpose.HOLDER),
    Route(f"{_ONE}masques/", "kept_from", READ, hiding.kept, Purpose.HOLDER),
    Route(_ADMINISTRATOR, "name_administrator", READ_WRITE, decisions.name_administrator, Purpose.HOLDER),
    Route(
        f"{_ADMINISTRATOR}retirer/",
        "remove_administrator",
        READ_WRITE,
        decisions.remove_administrator,
        Purpose.HOLDER,
    ),
    Route(f"{_ONE}acces/", "give_access", READ_WRITE, giving.give_access, Purpose.HOLDER),
    Route(f"{_ONE}acces/retirer/", "end_access", READ_WRITE, giving.end_access, Purpose.HOLDER),
    Route(f"{_ONE}equipe/<uuid:team_id>/", "join_team", READ_WRITE, teams.join_team, Purpose.HOLDER),
    Route("partage/equipes/<uuid:team_id>/terminer/", "end_team", READ_WRITE, teams.end_team, Purpose.HOLDER),
    Route(f"{_ONE}bloquer/", "block", READ_WRITE, decisions.block, Purpose.HOLDER),
    Route(f"{_ONE}debloquer/", "unblock", READ_WRITE, decisions.unblock, Purpose.HOLDER),
    Route(f"{_ONE}designer/", "name_doctor", READ_WRITE, decisions.name_doctor, Purpose.HOLDER),
    Route(f"{_ONE}retirer/", "remove_doctor", READ_WRITE, decisions.remove_doctor, Purpose.HOLDER),
    Route(_SAFE, "security", READ, security.security, Purpose.HOLDER, account=True),
    Route(f"{_SAFE}confirmer/", "security_confirm", READ_WRITE, security_confirm.confirm, Purpose.HOLDER, account=True),
    *(
        Route(f"{_SAFE}confirmer/{path}", name, methods, page, Purpose.HOLDER, account=True)
        for path, name, methods, page in (
            ("courriel/", "confirm_mail", WRITE, security_confirm.confirm_mail),
            ("cle/", "confirm_key", READ_WRITE, security_confirm.confirm_passkey),
        )
    ),
    Route(f"{_SAFE}demande/annuler/", "cancel_way_back", WRITE, way_back.cancel_own, Purpose.HOLDER, account=True),
    *(
        Route(f"{_SAFE}{path}", name, READ_WRITE, page, Purpose.HOLDER, fresh=True, account=True)
        for path, name, page in (
            ("sessions/fermer/", "end_others", security.end_others),
            ("sessions/<uuid:session_id>/fermer/", "end_session", security.end_session),
            ("mot-de-passe/", "change_password", security_account.password),
            ("adresse/", "change_address", security_account.address),
            ("codes/", "recovery_codes", security_factors.recovery_codes),
            ("codes/nouveaux/", "new_recovery_codes", security_factors.new_codes),
            ("application/", "application", security_factors.application),
            ("application/retirer/", "remove_application", security_factors.remove_application),
            ("courriel/", "mail_codes", security_factors.mail_codes),
            ("cles/ajouter/", "add_key", security_keys.add_key),
            ("cles/<int:key_id>/nom/", "name_key", security_keys.name_key),
            ("cles/<int:key_id>/retirer/", "remove_key", security_keys.remove_key),
        )
    ),
    Route("transparency/", "transparency", READ, public=proving.transparency),
    Route("transparency/verifier/", "verify_proof", READ, public=proving.verify),
    Route("langue/", "language", WRITE, public=language.language),
    Route("connexion/", "account_login", READ_WRITE, public=signin.Signin.as_view()),
    Route("connexion/code/", "mfa_authenticate", READ_WRITE, public=signin.Code.as_view()),
    Route("connexion/code/courriel/", "mail_signin_code", WRITE, public=signin.mail_code),
    Route("connexion/code/cle/", "key_signin_code", READ_WRITE, public=signin.passkey_code),
    Route("connexion/cle/", "key_signin", READ_WRITE, public=signin.passkey_signin),
    Route("connexion/annuler/", "cancel_signin", WRITE, public=signin.cancel_signin),
    Route("connexion/perdu/", "lost", READ_WRITE, public=way_back.ask),
    Route(_BACK, "way_back", READ_WRITE, public=way_back.link),
    Route(f"{_BACK}annuler/", "cancel_link", WRITE, public=way_back.cancel_link),
    Route(f"{_BACK}application/", "way_back_application", READ_WRITE, public=way_back_end.application),
    Route(f"{_BACK}mot-de-passe/", "way_back_password", READ_WRITE, public=way_back_end.password),
    Route("deconnexion/", "signout", WRITE, public=signin.signout),
    Route("activation/<str:token>/", "activation", READ_WRITE, public=activation.activation),
    Route(
        "activation/<str:token>/application/", "activation_authenticator", READ_WRITE, public=activation.authenticator
    ),
    Route("activation/<str:token>/identifiant/", "activation_account", READ_WRITE, public=activation.account),
)

PUBLIC: frozenset[str] = frozenset(
    {
        "home",
        "language",
        "transparency",
        "verify_proof",
        "account_login",
        "mfa_authenticate",
        "mail_signin_code",
        "key_signin_code",
        "key_signin",
        "cancel_signin",
        "lost",
        "way_back",
        "cancel_link",
        "way_back_application",
        "way_back_password",
        "signout",
        "activation",
        "activation_authenticator",
        "activation_account",
    }
)
"""Names of the addresses that answer somebody who is not signed in; none of them opens a record for them."""


def _served(route: Route) -> Callable[..., HttpResponseBase]:
    if route.purpose is None or route.page is None:
        if route.public is None:
            raise ValueError(f"{route.name} has neither purpose nor public page")
        return route.public
    if route.public is None:
        back = route.back or ("" if "GET" in route.methods else "security")
        page = fresh(route.page, back=back) if route.fresh else route.page
        return for_holder(page, route.purpose)
    return welcome_or(route.public, route.page, route.purpose)


def _patterns() -> Iterator[URLPattern]:
    for route in ROUTES:
        page = require_http_methods(route.methods)(_served(route))
        page = csrf_exempt(page) if route.reads_later else page
        page.__dict__[SHARED] = route.purpose is not None and not route.account
        yield path(route.path, page, name=route.name)


urlpatterns = list(_patterns())
