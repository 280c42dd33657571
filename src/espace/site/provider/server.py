"""The provider as a server on loopback: a thread a request, so many at once, none for long."""

import logging
import socket
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from espace.site.config import OWN_CLIENT, Config, own_client_secret
from espace.site.provider import http as own_http
from espace.site.provider import pages, protocol, signin
from espace.site.provider.protocol import Client, Provider
from espace.site.provider.signing import signer_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

SILENCE_SECONDS = 10
ANNOUNCE_SECONDS = 5
MOST_AT_ONCE = 24
Answer = Callable[[Provider, own_http.Request], own_http.Response]

READ, BOTH, WRITE = frozenset({"GET", "HEAD"}), frozenset({"GET", "HEAD", "POST"}), frozenset({"POST"})
ROUTES: dict[str, tuple[frozenset[str], Answer]] = {
    "/": (READ, signin.own_session),
    "/.well-known/openid-configuration": (READ, protocol.discovery),
    "/jwks": (READ, protocol.keys),
    "/authorize": (BOTH, protocol.authorize),
    "/sign-in": (WRITE, signin.sign_in),
    "/confirm": (WRITE, signin.confirm),
    "/token": (WRITE, protocol.token),
    "/userinfo": (BOTH, protocol.userinfo),
    "/introspect": (WRITE, protocol.introspect),
    "/logout": (BOTH, protocol.logout),
    "/end": (WRITE, signin.end),
    "/style.css": (READ, lambda provider, request: _style()),
}
_logger = logging.getLogger("espace.provider")


def provider_of(config: Config) -> Provider:
    """The provider of this home, for the server of this home."""
    door = f"{config.public_url}/pro"
    client = Client(
        id=OWN_CLIENT,
        secret=own_client_secret(config.home),
        redirect_uri=f"{door}/retour/",
        goodbye_uri=f"{door}/au-revoir/",
        logout_uri=f"http://127.0.0.1:{config.port}/pro/deconnexion-annoncee/",
        cast=f"{config.public_url}/demo/",
    )
    return Provider(f"http://localhost:{config.provider_port}", client, signer_of(config.home), announce)


def application(provider: Provider) -> Callable[[dict[str, Any], "StartResponse"], Iterable[bytes]]:
    """The provider as a WSGI application."""

    def answer(request: own_http.Request) -> own_http.Response:
        methods, route = ROUTES.get(request.path, (READ, _missing))
        if request.method not in methods:
            return own_http.as_json({"error": "invalid_request"}, 405, ("Allow", ", ".join(sorted(methods))))
        return route(provider, request)

    return lambda environ, start_response: own_http.served(answer, environ, start_response)


def _missing(provider: Provider, request: own_http.Request) -> own_http.Response:
    return provider.page("Cette page n’existe pas", "<p>Vérifiez l’adresse.</p>", status=404)


def _style() -> own_http.Response:
    return own_http.Response(200, pages.STYLE, (("Content-Type", "text/css; charset=utf-8"),))


def announce(address: str, token: str) -> None:
    """Post a logout token; the client that does not take it is noted, and the session ends all the same."""
    body = urlencode({"logout_token": token}).encode()
    request = Request(address, body, {"Content-Type": own_http.FORM})  # noqa: S310  the client's own address
    try:
        build_opener(ProxyHandler({})).open(request, timeout=ANNOUNCE_SECONDS).close()
    except (URLError, OSError) as error:
        _logger.warning("an announced log-out was not taken: %s", type(error).__name__)


class _Handler(WSGIRequestHandler):
    timeout = SILENCE_SECONDS

    def log_message(self, format: str, *words: Any) -> None:
        """Nothing: addresses hold codes."""


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, provider: Provider) -> None:
        self._room = BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(("127.0.0.1", port), _Handler)
        self.set_app(application(provider))

    def server_bind(self) -> None:
        """As WSGIServer does, without asking anybody for the name of this machine."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", self.server_address[1]
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Wait for room rather than start a thread without a bound."""
        self._room.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()
