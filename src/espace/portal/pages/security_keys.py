"""Passkeys: added, named, removed."""

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.edge import now
from espace.looks.frame import render
from espace.looks.plain import missing, too_many
from espace.portal import passkeys
from espace.portal.factors import Passkey, factors_of
from espace.portal.forms import NameForm
from espace.portal.pages.ceremony import Ceremony, ceremony_page
from espace.portal.pages.security_acts import changed, done
from espace.portal.pages.security_factors import removal
from espace.portal.pages.signin import may_try
from espace.portal.pages.visit import Visit

INVALID = 422


def add_key(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    user = get_user_model().objects.get(pk=visit.actor.id)
    form, refused = NameForm(request.POST if request.method == "POST" else None), False
    if form.is_bound:
        if not may_try(request, "passkey"):
            return too_many(request)
        if form.is_valid():
            answer, name = request.POST.get("credential", ""), form.cleaned_data["name"]
            try:
                proved = passkeys.made(request, answer, at=now())
                changed(visit, lambda: passkeys.keep(user.pk, proved, name))
            except passkeys.NotTaken:
                refused = True
            else:
                return done(visit, gettext("C’est fait : cette clé d’accès ouvre maintenant votre espace."))
    ceremony = Ceremony(
        "create",
        gettext("Ajouter une clé d’accès"),
        gettext("Votre téléphone, votre ordinateur ou une clé de sécurité vous reconnaîtra : ni mot de passe ni code."),
        gettext("Ajouter la clé d’accès"),
        reverse("security"),
        gettext("Revenir à la sécurité"),
    )
    options = passkeys.ask_new(request, user, at=now())
    return ceremony_page(request, ceremony, options, form=form, refused=refused, name=visit.name)


def name_key(request: HttpRequest, visit: Visit, key_id: int) -> HttpResponseBase:
    found = _mine(visit, key_id)
    if found is None:
        return missing(request, name=visit.name)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if form.is_bound and form.is_valid():
        passkeys.rename(visit.actor.id, key_id, form.cleaned_data["name"])
        return done(visit, gettext("C’est noté : cette clé d’accès a changé de nom."))
    status = INVALID if form.errors else 200
    return render(request, "portal/security/name.html", {"form": form}, name=visit.name, status=status)


def remove_key(request: HttpRequest, visit: Visit, key_id: int) -> HttpResponseBase:
    found = _mine(visit, key_id)
    if found is None:
        return missing(request, name=visit.name)
    row = Authenticator.objects.filter(pk=key_id, user_id=visit.actor.id, type=Authenticator.Type.WEBAUTHN)
    return removal(
        request,
        visit,
        remove=row.delete,
        title=gettext("Retirer la clé d’accès « %(name)s » ?") % {"name": found.name},
        effects=(gettext("Elle n’ouvrira plus votre espace. Pensez à l’effacer aussi de l’appareil qui la garde."),),
        said=gettext("C’est fait : cette clé d’accès n’ouvre plus votre espace."),
    )


def _mine(visit: Visit, key_id: int) -> Passkey | None:
    return next((one for one in factors_of(visit.actor.id).passkeys if one.id == key_id), None)
