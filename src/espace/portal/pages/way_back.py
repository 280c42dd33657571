"""« Je n’arrive plus à me connecter »: a link to the address of the account, then a wait that anybody who is told of it
may end (ADR 0019). What is answered to an identifier never depends on whose it is."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.access.gate import run_again
from espace.edge import now
from espace.identity.actions import recovery
from espace.identity.queries.recovery import recovery_of_link, token_hash, waiting_recovery
from espace.looks.frame import render
from espace.looks.plain import TEMPLATE, Said, too_many
from espace.looks.words import full_moment
from espace.portal.forms import BirthForm, LostForm
from espace.portal.pages.security_acts import done
from espace.portal.pages.signin import SENT, may_try
from espace.portal.pages.visit import Visit
from espace.portal.pages.way_back_end import prove_begun

INVALID = 422
PROVED = "way_back_begun"
"""Key of the session: the hash of the link behind which this browser gave the birth date."""


def ask(request: HttpRequest) -> HttpResponse:
    """Somebody cannot sign in: what will happen, and one field."""
    form = LostForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data["who"]
        if not may_try(request, "lost", key=typed.lower()):
            return too_many(request)
        recovery.ask_recovery(typed=typed, at=now())
        return HttpResponseRedirect(f"{reverse('lost')}?{SENT}=1")
    context = {"form": form, "sent": SENT in request.GET, "hours": settings.ESPACE_RECOVERY_HOURS}
    return render(request, "portal/back/ask.html", context, status=INVALID if form.errors else 200)


def link(request: HttpRequest, token: str) -> HttpResponse:
    """The one link, at each of its moments: the birth date, the wait, the birth date again."""
    found = recovery_of_link(token, at=now())
    if found is None:
        return dead_way_back(request)
    if found.due_at is not None and not found.open_at(now()):
        return _waiting_page(request, token, found.account_id, found.due_at)
    form = BirthForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_try(request, "way_back", key=token):
            return too_many(request)
        if form.is_valid():
            if recovery.prove_holder(token=token, birth_date=form.cleaned_data["date"], at=now()):
                return _proved(request, token, begun=found.due_at is not None)
            if recovery_of_link(token, at=now()) is None:
                return dead_way_back(request)
            form.add_error(None, gettext("Cette date n’est pas celle que nous connaissons. Vérifiez-la."))
    return _birth_page(request, form, token, found)


def _proved(request: HttpRequest, token: str, *, begun: bool) -> HttpResponse:
    if begun:
        return prove_begun(request, token)
    wait = timedelta(hours=settings.ESPACE_RECOVERY_HOURS)
    run_again(lambda: recovery.begin_wait(token=token, wait=wait, at=now()))
    request.session[PROVED] = token_hash(token).hex()
    return HttpResponseRedirect(reverse("way_back", args=[token]))


def _waiting_page(request: HttpRequest, token: str, account_id: UUID, due: datetime) -> HttpResponse:
    """Who gave the birth date in this browser reads their identifier too: it may be all that they had lost."""
    known = request.session.get(PROVED) == token_hash(token).hex()
    named = get_user_model().objects.values_list("identifier", flat=True).get(pk=account_id) if known else ""
    return render(request, "portal/back/waiting.html", {"due": full_moment(due), "token": token, "identifier": named})


def _birth_page(request: HttpRequest, form: BirthForm, token: str, found: Any) -> HttpResponse:
    context = {
        "form": form,
        "token": token,
        "open": found.due_at is not None,
        "hours": settings.ESPACE_RECOVERY_HOURS,
        "expires": full_moment(found.expires_at),
    }
    return render(request, "portal/back/birth.html", context, status=INVALID if form.errors else 200)


def cancel_link(request: HttpRequest, token: str) -> HttpResponse:
    """One press, for whoever got the mail."""
    if not run_again(lambda: recovery.cancel_recovery(token=token, at=now())):
        return dead_way_back(request)
    words = Said(
        title=gettext("La demande est annulée"),
        what=gettext("Rien n’a changé : vous entrez comme avant."),
        todo=gettext("Ce n’est pas vous qui aviez demandé ? Changez le mot de passe de votre messagerie."),
        path=reverse("account_login"),
        action=gettext("Se connecter"),
    )
    return render(request, TEMPLATE, {"said": words})


def cancel_own(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """One press, in any session of the holder’s; again, or where nothing waits, says the same."""
    run_again(lambda: recovery.cancel_recovery(account_id=visit.actor.id, at=now()))
    return done(visit, gettext("C’est fait : rien ne permet plus de refaire votre accès."))


def waiting_words(account_id: UUID) -> str:
    """When the way back that waits for this account opens, for the notice on its pages; "" where none does."""
    found = waiting_recovery(account_id, at=now())
    return full_moment(found.due_at) if found and found.due_at else ""


def dead_way_back(request: HttpRequest) -> HttpResponse:
    """One answer for a link that never existed, was used, cancelled, has expired or was tried too often."""
    words = Said(
        title=gettext("Ce lien ne marche pas, ou ne marche plus"),
        what=gettext("Il a peut-être servi, expiré, ou la demande a été annulée."),
        todo=gettext("Vérifiez que vous avez ouvert le dernier message reçu, en entier ; ou demandez un autre lien."),
        path=reverse("lost"),
        action=gettext("Je n’arrive plus à me connecter"),
    )
    return render(request, TEMPLATE, {"said": words}, status=404)
