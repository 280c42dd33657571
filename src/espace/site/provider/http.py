"""The little of HTTP that the provider needs, over WSGI: bounded forms, closed answers."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlencode

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

LARGEST_FORM = 16_384
MOST_FIELDS = 50
FORM = "application/x-www-form-urlencoded"


class Unreadable(Exception):
    """A request that is not read: too long, a field twice, not a form."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `query` and `form` have each field once."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    cookies: Mapping[str, str]
    authorization: str

    @property
    def basic(self) -> tuple[str, str] | None:
        """A client's name and secret (RFC 6749, 2.3.1); None without, or when unreadable."""
        scheme, _, words = self.authorization.partition(" ")
        try:
            name, colon, secret = base64.b64decode(words, validate=True).decode("ascii").partition(":")
        except ValueError:
            return None
        return (unquote(name), unquote(secret)) if scheme.lower() == "basic" and colon else None

    @property
    def bearer(self) -> str:
        scheme, _, token = self.authorization.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    cookies: Mapping[str, str] = field(default_factory=dict)
    """Cookies to set; an empty value forgets one."""


def as_json(value: object, status: int = 200, *headers: tuple[str, str]) -> Response:
    return Response(status, json.dumps(value).encode(), (("Content-Type", "application/json"), *headers))


def redirect(address: str, query: Mapping[str, str], *, cookies: Mapping[str, str] | None = None) -> Response:
    more = urlencode({name: value for name, value in query.items() if value})
    joined = f"{address}{'&' if '?' in address else '?'}{more}" if more else address
    return Response(303, headers=(("Location", joined),), cookies=cookies or {})


def read(environ: Mapping[str, Any]) -> Request:
    """The request of a WSGI environment. Raises Unreadable."""
    kind = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    body = _body(environ) if environ["REQUEST_METHOD"] == "POST" else b""
    if body and kind != FORM:
        raise Unreadable("not a form")
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", ""),
        query=_fields(environ.get("QUERY_STRING", "")),
        form=_fields(body.decode("ascii", "replace")),
        cookies=_cookies(environ.get("HTTP_COOKIE", "")),
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
    )


def _body(environ: Mapping[str, Any]) -> bytes:
    length = str(environ.get("CONTENT_LENGTH") or "0")
    if not length.isdigit() or int(length) > LARGEST_FORM:
        raise Unreadable("too long")
    return bytes(environ["wsgi.input"].read(int(length)))


def _fields(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Unreadable("too many fields") from error
    if len({name for name, _ in pairs}) != len(pairs):
        raise Unreadable("a field twice")
    return dict(pairs)


def _cookies(text: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(text).items()}
    except CookieError:
        return {}


def served(
    answer: Callable[[Request], Response], environ: Mapping[str, Any], start_response: "StartResponse"
) -> Iterable[bytes]:
    """Answer one request of a WSGI server."""
    try:
        response = answer(read(environ))
    except Unreadable as error:
        response = as_json({"error": "invalid_request", "error_description": str(error)}, 400)
    headers = [
        *response.headers,
        ("Content-Length", str(len(response.body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        *(("Set-Cookie", _set(name, value)) for name, value in response.cookies.items()),
    ]
    start_response(f"{response.status} {HTTPStatus(response.status).phrase}", headers)
    return [response.body if environ["REQUEST_METHOD"] != "HEAD" else b""]


def _set(name: str, value: str) -> str:
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{'' if value else '; Max-Age=0'}"
