"""The language of the pages that was chosen, whatever the browser prefers: kept in a cookie, and in the account of who
is in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from espace.identity.actions import set_language

MOST_PATH = 2000


def languages() -> tuple[str, ...]:
    return tuple(code for code, _ in settings.LANGUAGES)


def language(request: HttpRequest) -> HttpResponse:
    """Keep the language posted, and go back to where the person was; an unknown one changes nothing."""
    wanted = request.POST.get("langue", "")
    response = HttpResponseRedirect(_own_path(request.POST.get("retour", "/")))
    if wanted in languages():
        keep_language(response, wanted)
        if request.user.is_authenticated:
            set_language(account_id=request.user.pk, language=wanted)
    return response


def keep_language(response: HttpResponse, wanted: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def _own_path(path: str) -> str:
    """A path of this site, for a redirection."""
    local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if local and len(path) <= MOST_PATH else "/"
