"""The parts of an installation taken away one at a time, for real, and every kind of request asked meanwhile."""

import ctypes
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from psycopg import sql

from espace.kernel.reasons import REASONS, transport
from espace.site.config import load
from espace.site.databases import superuser_connection
from espace.site.places import APPLICATION, places_of
from espace.site.testbed import free_port

CSRF = "c" * 32
JSON = "application/fhir+json"
OUTAGES = [reason for reason in REASONS.values() if reason.status >= 500]
SAID_BY_EVERY_PAGE = "Une partie du service ne répond pas."


@dataclass(frozen=True)
class Told:
    """What came back over WSGI."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def reason(self) -> str:
        """The code of the reason told: of an OperationOutcome, of an OAuth error, or the one whose sentence a page
        shows; "" where none is."""
        if "json" in self.headers.get("Content-Type", ""):
            said = json.loads(self.body)
            return str(said["issue"][0]["details"]["coding"][0]["code"] if "issue" in said else said.get("error", ""))
        page = unescape(self.body.decode(errors="replace"))
        if SAID_BY_EVERY_PAGE in page:
            return "temporarily_unavailable"
        shown = tuple(text.strip() for text in re.findall(r">([^<>]+)<", page))
        # A page that is whole may tell of outages past (history): only what is said of this request counts there.
        possible = OUTAGES if self.status >= 400 else (transport.TEMPORARILY_UNAVAILABLE,)
        told = (one.code for one in possible for text in shown if text.startswith((one.holder.fr, one.professional.fr)))
        return next(told, "")

    @property
    def cell(self) -> str:
        """As the table says it."""
        return "yes" if self.status < 400 and not self.reason else f"{self.status} {self.reason}".strip()

    @property
    def is_for_people(self) -> bool:
        """A whole page with a title, what happened and what to do."""
        page = self.body.decode(errors="replace")
        return all(re.search(found, page) for found in ("<h1", "</main>", "Réessayez dans", 'class="brand"'))


def ask(method: str, path: str, body: bytes = b"", *, kind: str = "", query: str = "", **headers: str) -> Told:
    """One request, from the one entry of the site, with what a WSGI server does before and after."""
    from espace.site import wsgi

    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
    }
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    said: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, given: list[tuple[str, str]], *_: object) -> None:
        said.append((status, given))

    answer: Any = wsgi.application(environ, start)
    try:
        found = b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    status, given = said[-1]
    return Told(int(status.split()[0]), dict(given), found)


class Browser:
    """Somebody's browser, signed in or not, whose forms carry the token against forgery."""

    def __init__(self, session: Client | None = None) -> None:
        cookies = {"csrftoken": CSRF}
        if session:
            cookies["sessionid"] = session.cookies["sessionid"].value
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def get(self, path: str) -> Told:
        return ask("GET", path, cookie=self._cookie)

    def post(self, path: str, **fields: str) -> Told:
        body = urlencode({**fields, "csrfmiddlewaretoken": CSRF}).encode()
        return ask("POST", path, body, kind="application/x-www-form-urlencoded", cookie=self._cookie)

    def send(self, path: str, **fields: object) -> Told:
        """A form with a file."""
        body = encode_multipart(BOUNDARY, {**fields, "csrfmiddlewaretoken": CSRF})
        return ask("POST", path, body, kind=MULTIPART_CONTENT, cookie=self._cookie)


# --- the parts ------------------------------------------------------------------------------------------------


@contextmanager
def database_gone(alias: str) -> Iterator[None]:
    """Nobody can connect any more, and those who were connected are sent away."""
    name = settings.DATABASES[alias]["NAME"]
    admit = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
    _order(name, admit.format(sql.Identifier(name), sql.Literal(False)))
    try:
        yield
    finally:
        _order(name, admit.format(sql.Identifier(name), sql.Literal(True)))


@contextmanager
def main_database_read_only() -> Iterator[None]:
    """The application's role writes nothing more, as on a standby or while somebody repairs."""
    name = settings.DATABASES["default"]["NAME"]
    role = sql.SQL("ALTER ROLE {} IN DATABASE {} ").format(sql.Identifier(APPLICATION), sql.Identifier(name))
    _order(name, role + sql.SQL("SET default_transaction_read_only = on"))
    try:
        yield
    finally:
        _order(name, role + sql.SQL("RESET default_transaction_read_only"))


def _order(database: str, statement: sql.Composed) -> None:
    """Then everybody has to come back to this database, if they can."""
    with superuser_connection(places_of(load({"ESPACE_HOME": os.environ["ESPACE_HOME"]}).home)) as connection:
        connection.execute(statement)
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [database]
        )


@contextmanager
def contents_with(mode: int) -> Iterator[None]:
    """The folder of contents and those in it with these permissions, for whoever is bound by them."""
    root = Path(settings.ESPACE_CONTENT_URL.removeprefix("file://"))
    folders = [root, *root.iterdir()]
    for folder in reversed(folders):
        folder.chmod(mode)
    try:
        with bound_by_permissions():
            yield
    finally:
        for folder in folders:
            folder.chmod(0o700)


@contextmanager
def nothing_at_the_mail_port() -> Iterator[None]:
    before = settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT
    settings.EMAIL_BACKEND = "espace.notices.adapters.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    try:
        yield
    finally:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = before


@contextmanager
def no_worker() -> Iterator[None]:
    """The tests run none but when they say so."""
    yield


PARTS: dict[str, Callable[[], Any]] = {
    "keys database gone": lambda: database_gone("keys"),
    "contents not writable": lambda: contents_with(0o500),
    "contents not readable": lambda: contents_with(0o000),
    "mail server down": nothing_at_the_mail_port,
    "worker down": no_worker,
    "main database read-only": main_database_read_only,
    "main database gone": lambda: database_gone("default"),
}


# --- who may do everything is bound by permissions, for a moment (capabilities(7), capset(2)) -------------------

_VERSION_3 = 0x20080522
_IGNORES_PERMISSIONS = (1 << 1) | (1 << 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@contextmanager
def bound_by_permissions() -> Iterator[None]:
    """This thread obeys the permissions of files, even where the tests run as root."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    held = (ctypes.c_uint32 * 6)()
    if libc.capget(header, held):
        raise OSError(ctypes.get_errno(), "capget")
    fewer = (ctypes.c_uint32 * 6)(*held)
    fewer[0] &= ~_IGNORES_PERMISSIONS
    if libc.capset(header, fewer):
        raise OSError(ctypes.get_errno(), "capset")
    try:
        yield
    finally:
        libc.capset(header, held)

