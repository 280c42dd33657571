"""The professionals' addresses: each declares the purpose for which it opens records, or is on the public list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from espace.kernel.words import Purpose
from espace.workstation.pages import (
    abroad,
    announced,
    changes,
    child,
    consenting,
    depositing,
    emergency,
    finding,
    handing,
    helping,
    history,
    opening,
    patient,
    reading,
    results,
    signin,
    stated,
    team,
)
from espace.workstation.pages.medicines import listing, reconciling
from espace.workstation.pages.summary import writing
from espace.workstation.visit import for_professional, welcome_or

READ, READ_WRITE, WRITE = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",)


@dataclass(frozen=True, slots=True)
class Route:
    """One address. With a `purpose`, signed-in professionals only, and records are opened for that purpose.

    `public` is what those who are not signed in get there; a route has a purpose, or is public, or both.
    `machine` is called by a program that has no cookie: no check against forged forms. `secret`: in a session of a
    minor's secret care.
    """

    path: str
    name: str
    methods: tuple[str, ...]
    page: Callable[..., HttpResponseBase] | None = None
    purpose: Purpose | None = None
    public: Callable[..., HttpResponseBase] | None = None
    machine: bool = False
    secret: bool = False


_DOCUMENT = "patients/<uuid:patient_id>/documents/<uuid:document_id>"
_RESULTS = "patients/<uuid:patient_id>/resultats/"
_KEPT = "patients/<uuid:patient_id>/soins-secrets/"
"""A minor's care that is kept secret from their representatives."""
_MEMBER = "patients/<uuid:patient_id>/equipe/<uuid:professional_id>/ajouter/"
_BLOCKED = "patients/<uuid:patient_id>/historique/<uuid:professional_id>/bloquer/"

ROUTES: tuple[Route, ...] = (
    Route("", "pro_home", READ_WRITE, finding.home, Purpose.CARE, public=signin.welcome),
    Route("connexion/", "pro_signin", ("GET",), public=signin.start),
    Route("retour/", "pro_callback", ("GET",), public=signin.come_back),
    Route("lieu/", "pro_place", READ_WRITE, public=signin.place),
    Route("deconnexion/", "pro_signout", WRITE, public=signin.signout),
    Route("au-revoir/", "pro_goodbye", READ, public=signin.goodbye),
    Route("deconnexion-annoncee/", "pro_announced_logout", WRITE, public=announced.announced, machine=True),
    Route("ouvrir/<str:token>/", "pro_hand_over", READ_WRITE, handing.hand_over, Purpose.CARE),
    Route("acces/", "pro_help", READ, helping.helping, Purpose.CARE),
    Route("patients/<uuid:patient_id>/", "pro_patient", READ_WRITE, patient.patient, Purpose.CARE),
    Route("patients/<uuid:patient_id>/changements/", "pro_changes", READ, changes.changed, Purpose.CARE),
    Route("patients/<uuid:patient_id>/enfant/", "pro_child", READ, child.child, Purpose.CARE),
    Route("patients/<uuid:patient_id>/declare/", "pro_stated", READ, stated.stated, Purpose.CARE),
    Route("patients/<uuid:patient_id>/traitements/", "pro_medicines", READ, listing.medicines, Purpose.CARE),
    Route("patients/<uuid:patient_id>/conciliation/", "pro_reconcile", READ_WRITE, reconciling.reconcile, Purpose.CARE),
    Route("patients/<uuid:patient_id>/resultats/", "pro_results", READ_WRITE, results.results, Purpose.CARE),
    Route("patients/<uuid:patient_id>/resume-etranger/", "pro_abroad", READ, abroad.abroad, Purpose.CARE),
    Route(f"{_RESULTS}<str:analyte>/", "pro_analyte", READ, results.analyte, Purpose.CARE),
    Route("patients/<uuid:patient_id>/accord/", "pro_consent", READ_WRITE, consenting.consent, Purpose.CARE),
    Route("patients/<uuid:patient_id>/accord/fin/", "pro_withdraw", WRITE, consenting.withdraw, Purpose.CARE),
    Route("patients/<uuid:patient_id>/synthese/", "pro_summary", READ_WRITE, writing.write, Purpose.CARE),
    Route("patients/<uuid:patient_id>/equipe/", "pro_team", READ_WRITE, team.team, Purpose.CARE),
    Route(_MEMBER, "pro_add_member", WRITE, team.add, Purpose.CARE),
    Route("patients/<uuid:patient_id>/historique/", "pro_history", READ, history.history, Purpose.CARE),
    Route(_BLOCKED, "pro_block", READ_WRITE, history.block, Purpose.CARE),
    Route("patients/<uuid:patient_id>/urgence/", "pro_emergency", READ_WRITE, emergency.declare, Purpose.BREAK_GLASS),
    Route("patients/<uuid:patient_id>/deposer/", "pro_deposit", READ_WRITE, depositing.deposit, Purpose.FEED),
    Route(f"{_DOCUMENT}/", "pro_reading", READ, reading.reading, Purpose.CARE),
    Route(f"{_DOCUMENT}/telecharger/", "pro_download", READ, reading.download, Purpose.CARE),
    Route(f"{_DOCUMENT}/pieces/<int:number>/", "pro_piece", READ, reading.piece, Purpose.CARE),
    *(
        Route(f"{_KEPT}{path}", f"pro_{name}", methods, page, purpose, secret=True)
        for path, name, methods, page, purpose in (
            ("", "secret_patient", READ_WRITE, patient.patient, Purpose.CARE),
            ("traitements/", "secret_medicines", READ, listing.medicines, Purpose.CARE),
            ("enfant/", "secret_child", READ, child.child, Purpose.CARE),
            ("resultats/", "secret_results", READ_WRITE, results.results, Purpose.CARE),
            ("resultats/<str:analyte>/", "secret_analyte", READ, results.analyte, Purpose.CARE),
            ("resume-etranger/", "secret_abroad", READ, abroad.abroad, Purpose.CARE),
            ("changements/", "secret_changes", READ, changes.changed, Purpose.CARE),
            ("accord/", "secret_consent", READ_WRITE, consenting.consent, Purpose.CARE),
            ("accord/fin/", "secret_withdraw", WRITE, consenting.withdraw, Purpose.CARE),
            ("deposer/", "secret_deposit", READ_WRITE, depositing.deposit, Purpose.FEED),
            ("documents/<uuid:document_id>/", "secret_reading", READ, reading.reading, Purpose.CARE),
            ("documents/<uuid:document_id>/telecharger/", "secret_download", READ, reading.download, Purpose.CARE),
            ("documents/<uuid:document_id>/pieces/<int:number>/", "secret_piece", READ, reading.piece, Purpose.CARE),
            ("documents/<uuid:document_id>/ouvrir/", "open_secret", READ_WRITE, opening.opening, Purpose.FEED),
        )
    ),
)

PUBLIC: frozenset[str] = frozenset(
    {
        "pro_home",
        "pro_signin",
        "pro_callback",
        "pro_place",
        "pro_signout",
        "pro_goodbye",
        "pro_announced_logout",
    }
)
"""Names of the addresses that answer somebody who is not signed in; none of them opens a record for them."""


def _served(route: Route) -> Callable[..., HttpResponseBase]:
    if route.purpose is None or route.page is None:
        if route.public is None:
            raise ValueError(f"{route.name} has neither purpose nor public page")
        return csrf_exempt(route.public) if route.machine else route.public
    if route.public is None:
        return for_professional(route.page, route.purpose, secret=route.secret)
    return welcome_or(route.public, route.page, route.purpose)


def _patterns() -> Iterator[URLPattern]:
    for route in ROUTES:
        yield path(route.path, require_http_methods(route.methods)(_served(route)), name=route.name)


urlpatterns = list(_patterns())
