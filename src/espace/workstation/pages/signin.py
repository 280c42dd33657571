"""Signing in: the welcome, the way to the provider and back, and where the professional acts today; and out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.edge import now
from espace.identity import queries as identity
from espace.identity.adapters.oidc.addresses import origin
from espace.identity.adapters.oidc.provider import Provider, ours
from espace.identity.facts import Professional
from espace.identity.rules.provider_claims import activity_of
from espace.looks.frame import render
from espace.looks.plain import TEMPLATE, Said
from espace.workstation import sessions
from espace.workstation import signing_in as codes
from espace.workstation.pages.refusals import sign_in_refused
from espace.workstation.signing_in import Pending, Recognised, SignInRefused, ask, describe, judge
from espace.workstation.visit import THEN, let_out, own_path

INVALID, SEE_OTHER = 422, 303
LONGEST_STATE = 100
_TAKEN = ("state", "code", "iss", "error")


def our_provider() -> Provider:
    """The provider where professionals sign in. Raises SignInRefused: SIGN_IN_CLOSED."""
    found = ours()
    if found is None:
        raise SignInRefused(codes.SIGN_IN_CLOSED)
    return found


def welcome(request: HttpRequest) -> HttpResponse:
    then = own_path(request.GET.get(THEN, ""))
    query = f"?{urlencode({THEN: then})}" if then != reverse("pro_home") else ""
    return render(request, "workstation/welcome.html", {"query": query, "interrupted": bool(query)})


def start(request: HttpRequest) -> HttpResponse:
    """To the provider; what this browser must bring back is kept in it."""
    at = now()
    try:
        address, pending = ask(our_provider(), callback=_callback(), then=own_path(request.GET.get(THEN, "")), at=at)
    except SignInRefused as refused:
        return sign_in_refused(request, refused)
    response = HttpResponseRedirect(address)
    sessions.keep_pending(response, (*sessions.pending_of(request), pending))
    return response


def come_back(request: HttpRequest) -> HttpResponse:
    """The callback: signed in, in a place, or a page that says why not. What was begun serves once."""
    waiting = sessions.pending_of(request)
    ours = [one for one in waiting if one.state == request.GET.get("state", "")]
    try:
        response = _signed_in(request, ours, now())
    except SignInRefused as refused:
        response = sign_in_refused(request, refused)
    if waiting:
        sessions.keep_pending(response, [one for one in waiting if one not in ours])
    return response


def _signed_in(request: HttpRequest, ours: Sequence[Pending], at: datetime) -> HttpResponse:
    answer = _answer(request)
    if not (ours and ours[0].waits(at)):
        raise SignInRefused(codes.ANSWER_NOT_OURS, "state")
    pending = ours[0]
    provider = our_provider()
    recognised = judge(provider, pending, answer, callback=_callback(), at=at)
    professional = _practising(recognised)
    activity = activity_of(professional.activities, recognised.stated)
    leave = describe(provider, at).end_session
    sessions.begin(
        request,
        recognised,
        professional=professional.id,
        organisation=activity.organisation if activity else None,
        leave=origin(leave) if leave else "",
        at=at,
    )
    if activity:
        return HttpResponseRedirect(pending.then)
    return HttpResponseRedirect(f"{reverse('pro_place')}?{urlencode({THEN: pending.then})}")


def _answer(request: HttpRequest) -> Mapping[str, str]:
    """What the browser brings back; a parameter that comes twice could be read in two ways."""
    if any(len(request.GET.getlist(name)) > 1 for name in _TAKEN) or len(request.GET.get("state", "")) > LONGEST_STATE:
        raise SignInRefused(codes.ANSWER_NOT_OURS, "form")
    return {name: request.GET[name] for name in _TAKEN if name in request.GET}


def _practising(recognised: Recognised) -> Professional:
    professional = identity.professional_of(recognised.stated.national_id)
    if professional is None:
        raise SignInRefused(codes.PROFESSIONAL_UNKNOWN, "directory")
    if not (professional.active and professional.activities):
        raise SignInRefused(codes.PROFESSIONAL_INACTIVE, "directory")
    return professional


def place(request: HttpRequest) -> HttpResponseBase:
    """« Où exercez-vous aujourd’hui ? »: asked when the provider does not say; changed at will."""
    at = now()
    session = sessions.current(request, at=at)
    if session is None:
        return HttpResponseRedirect(reverse("pro_home"))
    professional = identity.professional(session.professional)
    if professional is None or not (professional.active and professional.activities):
        sessions.end(request, at=at)
        return sign_in_refused(request, SignInRefused(codes.PROFESSIONAL_INACTIVE, "directory"))
    then = own_path((request.POST if request.method == "POST" else request.GET).get(THEN, ""))
    chosen = _chosen(professional, request.POST.get("lieu", "")) if request.method == "POST" else None
    if chosen:
        sessions.act(session, chosen)
        return HttpResponseRedirect(then, status=SEE_OTHER)
    context = {
        "activities": professional.activities,
        "present": session.organisation,
        "then": then,
        "wrong": request.method == "POST",
    }
    status = INVALID if request.method == "POST" else 200
    page = render(request, "workstation/place.html", context, name=professional.name, status=status)
    return let_out(request, page)


def _chosen(professional: Professional, said: str) -> UUID | None:
    """One of their own places; anything else is none."""
    return next((one.organisation for one in professional.activities if str(one.organisation) == said), None)


def signout(request: HttpRequest) -> HttpResponse:
    """Out of here at once, then out of the provider (OpenID Connect RP-Initiated Logout 1.0)."""
    at = now()
    left = sessions.end(request, at=at)
    try:
        leave = describe(our_provider(), at).end_session if left else ""
    except SignInRefused:
        leave = ""
    if left is None or not leave:
        return HttpResponseRedirect(reverse("pro_goodbye"), status=SEE_OTHER)
    query = urlencode({"id_token_hint": left.id_token, "post_logout_redirect_uri": _absolute("pro_goodbye")})
    return HttpResponseRedirect(f"{leave}{'&' if '?' in leave else '?'}{query}", status=SEE_OTHER)


def goodbye(request: HttpRequest) -> HttpResponse:
    words = Said(
        title=gettext("Vous êtes déconnecté"),
        what=gettext("Votre session de travail est terminée sur cet ordinateur."),
        todo=gettext("Sur un poste partagé, fermez aussi le navigateur."),
        path=reverse("pro_home"),
        action=gettext("Revenir à l’accueil"),
    )
    return render(request, TEMPLATE, {"said": words})


def _callback() -> str:
    return _absolute("pro_callback")


def _absolute(name: str) -> str:
    return f"{settings.ESPACE_PUBLIC_URL}{reverse(name)}"
