"""The portal's addresses: each declares the purpose for which it opens a record, or is on the public list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from espace.kernel.words import Purpose
from espace.looks import language
from espace.portal.pages import (
    activation,
    decisions,
    directory,
    documents,
    history,
    home,
    masking,
    notifications,
    readers,
    reading,
    signin,
)
from espace.portal.pages.visit import for_holder, welcome_or

READ, READ_WRITE, WRITE = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",)

_ONE = "partage/professionnels/<uuid:professional_id>/"
"""One professional of the directory."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address. With a `purpose`, signed-in holders only, and the record is opened for that purpose.

    `public` is what those who are not signed in get there; a route has a purpose, or is public, or both.
    """

    path: str
    name: str
    methods: tuple[str, ...]
    page: Callable[..., HttpResponseBase] | None = None
    purpose: Purpose | None = None
    public: Callable[..., HttpResponseBase] | None = None


ROUTES: tuple[Route, ...] = (
    Route("", "home", READ, home.home, Purpose.HOLDER, public=home.welcome),
    Route("documents/", "documents", READ_WRITE, documents.documents, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/", "reading", READ, reading.reading, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/telecharger/", "download", READ, reading.download, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/pieces/<int:number>/", "piece", READ, reading.piece, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/masquer/", "mask", READ_WRITE, masking.mask, Purpose.HOLDER),
    Route("documents/<uuid:document_id>/montrer/", "unmask", READ_WRITE, masking.unmask, Purpose.HOLDER),
    Route("partage/", "sharing", READ, readers.sharing, Purpose.HOLDER),
    Route("partage/historique/", "history", READ, history.history, Purpose.HOLDER),
    Route("partage/notifications/", "notifications", READ_WRITE, notifications.notifications, Purpose.HOLDER),
    Route("partage/professionnels/", "professionals", READ_WRITE, directory.professionals, Purpose.HOLDER),
    Route(f"{_ONE}bloquer/", "block", READ_WRITE, decisions.block, Purpose.HOLDER),
    Route(f"{_ONE}debloquer/", "unblock", READ_WRITE, decisions.unblock, Purpose.HOLDER),
    Route(f"{_ONE}designer/", "name_doctor", READ_WRITE, decisions.name_doctor, Purpose.HOLDER),
    Route(f"{_ONE}retirer/", "remove_doctor", READ_WRITE, decisions.remove_doctor, Purpose.HOLDER),
    Route("langue/", "language", WRITE, public=language.language),
    Route("connexion/", "account_login", READ_WRITE, public=signin.Signin.as_view()),
    Route("connexion/code/", "mfa_authenticate", READ_WRITE, public=signin.Code.as_view()),
    Route("connexion/annuler/", "cancel_signin", WRITE, public=signin.cancel_signin),
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
        "account_login",
        "mfa_authenticate",
        "cancel_signin",
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
        return for_holder(route.page, route.purpose)
    return welcome_or(route.public, route.page, route.purpose)


def _patterns() -> Iterator[URLPattern]:
    for route in ROUTES:
        yield path(route.path, require_http_methods(route.methods)(_served(route)), name=route.name)


urlpatterns = list(_patterns())
