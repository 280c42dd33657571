"""The authenticator application, codes by mail and recovery codes: added, made again, removed."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.edge import now
from espace.identity.actions.mail_codes import choose_mail_codes, make_mail_code, spend_mail_code
from espace.identity.queries.accounts import takes_mail_codes
from espace.looks.frame import render
from espace.looks.plain import too_many
from espace.portal.codes import matching_step, open_text, seal_text
from espace.portal.factors import factors_of, make_recovery_codes, replace_application
from espace.portal.forms import FirstCodeForm, wrong_code
from espace.portal.pages.activation import otpauth
from espace.portal.pages.keeping import keep_to_show, kept_to_show, noted
from espace.portal.pages.qr import qr_svg
from espace.portal.pages.security_acts import LastFactor, asked, changed, done
from espace.portal.pages.signin import may_try
from espace.portal.pages.visit import Visit

INVALID = 422
SETTING_UP = "new_application"


def application(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Set up an authenticator application, in place of the one before."""
    if request.method == "POST" and not may_try(request, "set_up", key=str(visit.actor.id)):
        return too_many(request)
    sealed = request.session.get(SETTING_UP)
    secret = open_text(sealed) if sealed else generate_totp_secret()
    if not sealed:
        request.session[SETTING_UP] = seal_text(secret)
    form = FirstCodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        step = matching_step(secret, form.cleaned_data["code"].replace(" ", ""), now())
        if step:
            user = get_user_model().objects.get(pk=visit.actor.id)
            changed(visit, lambda: replace_application(user, secret, step))
            del request.session[SETTING_UP]
            return done(visit, gettext("C’est fait : votre application est prête pour la prochaine connexion."))
        form.add_error("code", wrong_code())
    groups = [secret[place : place + 4] for place in range(0, len(secret), 4)]
    context = {"form": form, "qr": qr_svg(otpauth(secret)), "groups": groups}
    status = INVALID if form.errors else 200
    return render(request, "portal/security/application.html", context, name=visit.name, status=status)


def remove_application(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    mine = Authenticator.objects.filter(user_id=visit.actor.id, type=Authenticator.Type.TOTP)
    return removal(
        request,
        visit,
        remove=mine.delete,
        title=gettext("Ne plus utiliser votre application ?"),
        effects=(gettext("Ses codes ne serviront plus à vous connecter."),),
        said=gettext("C’est fait : votre application ne sert plus."),
    )


def mail_codes(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Choose codes by mail, once one has proved that the address works; or stop."""
    user = get_user_model().objects.get(pk=visit.actor.id)
    if takes_mail_codes(user.pk):
        return _stop_mail_codes(request, visit)
    form, sent = FirstCodeForm(), False
    if request.method == "POST" and user.email:
        if not may_try(request, "mail_code", key=str(user.pk)):
            return too_many(request)
        sent = True
        if "code" in request.POST:
            form = FirstCodeForm(request.POST)
            if form.is_valid() and _proved(user, form.cleaned_data["code"]):
                changed(visit, lambda: choose_mail_codes(account_id=user.pk, chosen=True))
                return done(visit, gettext("C’est fait : vous pourrez demander un code à chaque connexion."))
            if not form.errors:
                form.add_error("code", wrong_code(mailed=True))
        else:
            make_mail_code(account_id=user.pk, patient=visit.patient, at=now(), inside=True)
    context = {"form": form, "email": user.email, "sent": sent}
    status = INVALID if form.errors else 200
    return render(request, "portal/security/mail.html", context, name=visit.name, status=status)


def _proved(user: Any, code: str) -> bool:
    return spend_mail_code(account_id=user.pk, code="".join(code.split()), at=now())


def _stop_mail_codes(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    return removal(
        request,
        visit,
        remove=lambda: choose_mail_codes(account_id=visit.actor.id, chosen=False),
        title=gettext("Ne plus recevoir de code par courriel ?"),
        effects=(gettext("Ces codes ne serviront plus à vous connecter."),),
        said=gettext("C’est fait : les codes par courriel ne servent plus."),
    )


def removal(
    request: HttpRequest, visit: Visit, *, remove: Any, title: str, effects: tuple[str, ...], said: str
) -> HttpResponseBase:
    """Remove a factor, after a page that says so; the last one stays."""
    if request.method == "POST":
        try:
            changed(visit, remove)
        except LastFactor:
            return done(visit, gettext("Rien n’a changé : il faut garder au moins une preuve en plus du mot de passe."))
        return done(visit, said)
    return asked(request, visit, title=title, effects=effects, button=gettext("Retirer"))


def new_codes(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Make recovery codes, in place of those before."""
    if request.method != "POST":
        effects = [gettext("Vous recevez dix codes à imprimer ou à noter : chacun remplace un code, une fois.")]
        if factors_of(visit.actor.id).recovery is not None:
            effects.append(gettext("Les codes précédents ne serviront plus."))
        title = gettext("Faire de nouveaux codes de secours ?")
        return asked(request, visit, title=title, effects=effects, button=gettext("Faire dix codes"))
    made: list[str] = []

    def make() -> None:
        made[:] = make_recovery_codes(visit.actor.id)

    changed(visit, make)
    keep_to_show(request, made, suite=reverse("security"), at=now())
    return HttpResponseRedirect(reverse("recovery_codes"))


def recovery_codes(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The codes just made, until they are noted; else the way to make others."""
    if request.method == "POST":
        return HttpResponseRedirect(noted(request))
    codes = kept_to_show(request, at=now())
    if codes is None:
        return HttpResponseRedirect(reverse("new_recovery_codes"))
    return render(request, "portal/security/codes.html", {"codes": codes}, name=visit.name)
