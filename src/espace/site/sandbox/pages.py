"""The page where a vendor gets a sandbox of their own: in a demonstration alone, absent from any other installation."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from espace.edge import now
from espace.looks.errors import throttled
from espace.looks.frame import render
from espace.site.sandbox import words
from espace.site.sandbox.facts import NAME_MOST, Full, Vendor, is_name
from espace.site.sandbox.files import FOLDER, archive
from espace.site.sandbox.giving import Given, give

INVALID, TOO_MANY = 422, 429
TRIES = {"sandbox": "20/h/ip"}
KEPT_SECONDS = 3600
"""How long the page of a sandbox still gives its files: they are in the page, signed, and nowhere here."""
_SALT = "espace.sandbox"
_FULL = {
    Full.HOUR: gettext_noop("Trop de bacs à sable ont été faits depuis une heure. Revenez plus tard."),
    Full.MOST: gettext_noop("Cette démonstration a tous les bacs à sable qu’elle peut avoir."),
}
Page = Callable[[HttpRequest], HttpResponse]


def _name(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=NAME_MOST,
        error_messages={
            "required": gettext_lazy("Écrivez un nom."),
            "max_length": gettext_lazy("Quatre-vingts signes au plus."),
        },
        widget=forms.TextInput({"maxlength": NAME_MOST, "autocomplete": "off"}),
    )


class SandboxForm(forms.Form):
    """Two names, and nothing about anybody."""

    organisation = _name(
        gettext_lazy("Votre organisation"), gettext_lazy("Elle paraîtra dans l’historique des patients.")
    )
    software = _name(gettext_lazy("Votre logiciel"), gettext_lazy("Son nom, avec sa version si vous voulez."))

    def clean_organisation(self) -> str:
        return self._sound("organisation")

    def clean_software(self) -> str:
        return self._sound("software")

    def _sound(self, field: str) -> str:
        if not is_name(text := str(self.cleaned_data[field])):
            raise forms.ValidationError(gettext("Un nom a deux signes au moins, dont une lettre."))
        return text


def _demonstration_only(*methods: str) -> Callable[[Page], Page]:
    """Elsewhere there is nothing at this address, whatever the method and before a form is looked at."""

    def decorated(view: Page) -> Page:
        guarded = require_http_methods(methods)(csrf_protect(view))

        @wraps(view)
        def page(request: HttpRequest) -> HttpResponse:
            if not settings.ESPACE_DEMONSTRATION:
                raise Http404
            return guarded(request)

        return csrf_exempt(page)

    return decorated


@_demonstration_only("GET", "HEAD", "POST")
def register(request: HttpRequest) -> HttpResponse:
    """Two questions; then everything, told once."""
    form = SandboxForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _asking(request, form, 200)
    if not form.is_valid():
        return _asking(request, form, INVALID)
    if ratelimit.consume(request, app="portal", action="sandbox", config=TRIES) is None:
        return throttled(request)
    given = give(Vendor(form.cleaned_data["organisation"], form.cleaned_data["software"]), at=now())
    if isinstance(given, Full):
        form.add_error(None, gettext(_FULL[given]))
        return _asking(request, form, TOO_MANY)
    return render(request, "portal/demo/sandbox_given.html", _told(given))


@_demonstration_only("POST")
def download(request: HttpRequest) -> HttpResponse:
    """The files, from what the page holds of them: we signed it, and keep none."""
    try:
        packed = b64decode(signing.loads(request.POST.get("files", ""), salt=_SALT, max_age=KEPT_SECONDS))
    except signing.BadSignature:
        form = SandboxForm({})
        form.errors.clear()
        form.add_error(None, gettext("Ces fichiers ne peuvent plus être téléchargés. Demandez un autre bac à sable."))
        return _asking(request, form, INVALID)
    name = f'attachment; filename="{FOLDER}.zip"'
    return HttpResponse(packed, content_type="application/zip", headers={"Content-Disposition": name})


def _asking(request: HttpRequest, form: SandboxForm, status: int) -> HttpResponse:
    return render(request, "portal/demo/sandbox.html", {"form": form}, status=status)


def _told(given: Given) -> dict[str, object]:
    made = given.sandbox
    packed = b64encode(archive(given.files, at=now())).decode("ascii")
    return {
        "sandbox": made,
        "structure": made.structure.organisation.id,
        "files": signing.dumps(packed, salt=_SALT),
        "key": made.private_key,
        "certificates": any(name.endswith(".connection.pem") for name in given.files),
        "commands": f"unzip {FOLDER}.zip && cd {FOLDER}\n{words.FIRST_DEPOSIT}",
    }


urlpatterns = [
    path("", register, name="sandbox"),
    path("fichiers/", download, name="sandbox_files"),
]
