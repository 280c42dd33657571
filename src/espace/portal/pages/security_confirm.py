"""« Confirmez que c’est vous »: a second factor, given again before what is sensitive."""

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from espace.edge import now
from espace.looks.frame import render
from espace.looks.plain import too_many
from espace.portal import passkeys
from espace.portal.factors import factors_of
from espace.portal.forms import CodeForm
from espace.portal.fresh import NEXT, confirm_now, own_path
from espace.portal.pages.ceremony import Ceremony, ceremony_page
from espace.portal.pages.signin import SENT, mailed, may_try, send_mail_code, status_of
from espace.portal.pages.visit import Visit

TEMPLATE = "portal/security/confirm.html"


def confirm(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    user, suite = get_user_model().objects.get(pk=visit.actor.id), _suite(request)
    sent = mailed(request, user.pk)
    form = CodeForm(user=user, data=request.POST if request.method == "POST" else None, mailed=sent)
    if form.is_bound and form.is_valid():
        confirm_now(request, at=now())
        return HttpResponseRedirect(suite)
    context = {"form": form, "suite": suite, "factors": factors_of(user.pk), "sent": sent}
    return render(request, TEMPLATE, context, name=visit.name, status=status_of(form) if form.is_bound else 200)


def confirm_mail(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Mail the code, where the holder chose so."""
    if not send_mail_code(request, get_user_model().objects.get(pk=visit.actor.id), inside=True):
        return too_many(request)
    query = urlencode({NEXT: _suite(request), SENT: "1"})
    return HttpResponseRedirect(f"{reverse('security_confirm')}?{query}")


def confirm_passkey(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    suite, refused = _suite(request), False
    if request.method == "POST":
        if not may_try(request, "passkey"):
            return too_many(request)
        try:
            passkeys.used(request, visit.actor.id, request.POST.get("credential", ""), at=now())
        except passkeys.NotTaken:
            refused = True
        else:
            confirm_now(request, at=now())
            return HttpResponseRedirect(suite)
    ceremony = Ceremony(
        "get",
        gettext("Confirmez que c’est vous"),
        gettext("Confirmez que c’est vous, avec la clé d’accès que vous avez ajoutée à votre espace."),
        gettext("Utiliser ma clé d’accès"),
        f"{reverse('security_confirm')}?{urlencode({NEXT: suite})}",
        gettext("Écrire plutôt un code"),
    )
    options = passkeys.ask_known(request, visit.actor.id, at=now())
    return ceremony_page(request, ceremony, options, refused=refused, name=visit.name, suite=suite)


def _suite(request: HttpRequest) -> str:
    return own_path(request.POST.get(NEXT, request.GET.get(NEXT, "")), default=reverse("security"))
