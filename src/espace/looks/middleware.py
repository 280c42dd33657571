"""What every page carries, and the language in which it is written."""

from collections.abc import Callable, Collection

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from espace.looks.errors import is_outage, unavailable, unreadable
from espace.looks.plain import SERVICE_UNAVAILABLE

Handler = Callable[[HttpRequest], HttpResponseBase]

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
UNREADABLE = "espace.unreadable"
"""In the environment of a request whose body is of a type that nobody here reads (`site.headers`)."""
RETRY_SECONDS = "60"
"""When to come back to a page of a part that does not answer: people are told « dans quelques minutes »."""
HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    # « no-referrer » would make browsers send « Origin: null » with our own forms, which the check against
    # forged requests refuses; this one sends nothing to any other site.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def security_headers(get_response: Handler) -> Handler:
    """Every answer is private and closed, unless its page said otherwise."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.resolver_match:
            request.META["espace.route"] = request.resolver_match.view_name  # for the monitor: a name, never an address
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.status_code == SERVICE_UNAVAILABLE:
            response.headers.setdefault("Retry-After", RETRY_SECONDS)
        response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def chosen_language(get_response: Handler) -> Handler:
    """What was chosen; else English for a browser that asks for it before French; else French."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _ in settings.LANGUAGES}
        with translation.override(chosen if chosen in known else _preferred(request, known)):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "fr")
        return response

    return middleware


def _preferred(request: HttpRequest, known: Collection[str]) -> str:
    """The first language of `Accept-Language`, by its weights, in which the pages are written."""
    ranked = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    wanted = (code.partition("-")[0] for code, weight in ranked if weight > 0)
    return next((code for code in wanted if code in known), settings.LANGUAGE_CODE)


def readable_body(get_response: Handler) -> Handler:
    """A body in another charset than UTF-8, or of a type that is not one, is refused before a byte of it is read."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return unreadable(request) if request.META.get(UNREADABLE) else get_response(request)

    return middleware


class Unavailable:
    """A part that is missing while a page is made is said as such: try again."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return unavailable(request) if is_outage(exception) else None
