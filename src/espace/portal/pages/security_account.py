"""The password and the e-mail address of an account, changed by its holder. Each ends a way back that waits."""

import json
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from espace.edge import now
from espace.identity.actions.mail_codes import make_address_code, spend_mail_code
from espace.identity.actions.people import set_address, set_password
from espace.identity.actions.recovery import cancel_recovery
from espace.identity.actions.web_sessions import end_other_web_sessions
from espace.identity.events import AddressChanged, PasswordChanged
from espace.identity.queries import person
from espace.looks.frame import render
from espace.looks.plain import too_many
from espace.portal.codes import open_text, seal_text
from espace.portal.entering import keep_signed_in, own_key
from espace.portal.forms import AddressForm, ChangePasswordForm, FirstCodeForm, wrong_code
from espace.portal.pages.security_acts import changed, done
from espace.portal.pages.signin import may_try
from espace.portal.pages.visit import Visit

INVALID = 422
NEW_ADDRESS = "new_address"
"""Key of the session: the address that a code was sent to, sealed, and whose it is to be."""


def password(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Another password, for who gives the present one; every other session ends."""
    user = _user(visit)
    if request.method == "POST" and not may_try(request, "password", key=str(user.pk)):
        return too_many(request)
    traits = person(visit.patient).traits
    form = ChangePasswordForm(
        request.POST if request.method == "POST" else None,
        user=user, given=" ".join(traits.given_names), family=traits.birth_name,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        chosen, own = form.cleaned_data["password"], own_key(request)
        changed(visit, lambda: _keep_password(user.pk, chosen, own), PasswordChanged)
        keep_signed_in(request, _user(visit))
        return done(visit, gettext("C’est fait : votre mot de passe a changé, et les autres sessions sont fermées."))
    context = {"form": form, "identifier": user.identifier}
    status = INVALID if form.errors else 200
    return render(request, "portal/security/password.html", context, name=visit.name, status=status)


def _keep_password(account_id: UUID, chosen: str, own: str) -> None:
    set_password(account_id=account_id, password=chosen)
    end_other_web_sessions(account_id=account_id, key=own)
    cancel_recovery(account_id=account_id, at=now())


def address(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Another e-mail address, once a code has come there. Whether somebody else has it too is never looked at:
    families share one."""
    if request.method == "POST" and "code" in request.POST:
        return _prove_address(request, visit)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return _address_page(request, visit, form, "")
    user, wanted = _user(visit), form.cleaned_data["email"]
    if not may_try(request, "mail_code", key=str(user.pk)):
        return too_many(request)
    request.session[NEW_ADDRESS] = seal_text(json.dumps([str(user.pk), wanted]))
    make_address_code(
        account_id=user.pk, patient=visit.patient, address=wanted, language=user.language, at=now()
    )
    return _address_page(request, visit, FirstCodeForm(), wanted)


def _prove_address(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    user, form = _user(visit), FirstCodeForm(request.POST)
    wanted = _wanted(request, user.pk)
    if not wanted:
        return _address_page(request, visit, AddressForm(), "")
    if not may_try(request, "mail_code", key=str(user.pk)):
        return too_many(request)
    if form.is_valid():
        code = "".join(form.cleaned_data["code"].split())
        if spend_mail_code(account_id=user.pk, code=code, at=now(), address=wanted):
            _keep_address(visit, user, wanted)
            del request.session[NEW_ADDRESS]
            return done(visit, gettext("C’est fait : vos messages iront à la nouvelle adresse."))
        form.add_error("code", wrong_code(mailed=True))
    return _address_page(request, visit, form, wanted)


def _keep_address(visit: Visit, user: Any, wanted: str) -> None:
    def keep() -> None:
        set_address(account_id=user.pk, email=wanted)
        cancel_recovery(account_id=user.pk, at=now())

    changed(visit, keep, lambda patient, at: AddressChanged(patient, user.email, user.language, at))


def _wanted(request: HttpRequest, account_id: UUID) -> str:
    """The address that this session wants for this account, and was sent a code to; "" for none."""
    kept = request.session.get(NEW_ADDRESS)
    if not kept:
        return ""
    whose, wanted = json.loads(open_text(kept))
    return str(wanted) if whose == str(account_id) else ""


def _address_page(request: HttpRequest, visit: Visit, form: Any, wanted: str) -> HttpResponse:
    context = {"form": form, "wanted": wanted, "email": _user(visit).email}
    status = INVALID if form.errors else 200
    return render(request, "portal/security/address.html", context, name=visit.name, status=status)


def _user(visit: Visit) -> Any:
    return get_user_model().objects.get(pk=visit.actor.id)
