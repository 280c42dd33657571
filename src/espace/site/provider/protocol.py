"""The protocol: discovery, authorization code with PKCE, tokens, userinfo, sessions and their end.

OpenID Connect Core 1.0, Discovery 1.0, RP-Initiated Logout 1.0, Back-Channel Logout 1.0; RFC 6749, 7636, 7662, 9207.
"""

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from espace.edge import new_token, now
from espace.site.provider import claims, pages
from espace.site.provider.http import Request, Response, as_json, redirect
from espace.site.provider.memory import Attempt, Given, Memory, Question, Session
from espace.site.provider.signing import ALGORITHM, Signer

SESSION, BROWSER = "provider_session", "provider_browser"
TOKEN_SECONDS = 300
LOGOUT_SECONDS = 120
EVENT = "http://schemas.openid.net/event/backchannel-logout"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class Client:
    """The one client: where its people come back to, and where it is told of the end of a session."""

    id: str
    secret: str = field(repr=False)
    redirect_uri: str
    goodbye_uri: str
    logout_uri: str
    cast: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Provider:
    """Everything that an answer needs. `announce` takes a logout token to the client, as well as it can."""

    issuer: str
    client: Client
    signer: Signer
    announce: Callable[[str, str], None]
    memory: Memory = field(default_factory=Memory)

    def page(self, title: str, body: str, *, status: int = 200, cookies: dict[str, str] | None = None) -> Response:
        return pages.page(title, body, client=self.client.origin, status=status, cookies=cookies)


def discovery(provider: Provider, request: Request) -> Response:
    issuer = provider.issuer
    return as_json(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "introspection_endpoint": f"{issuer}/introspect",
            "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}/logout",
            "scopes_supported": ["openid", "scope_all"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "acr_values_supported": [claims.ACR],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": ["sub", "acr", "amr", "auth_time", "sid", "SubjectNameID", "SubjectRole"],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }
    )


def keys(provider: Provider, request: Request) -> Response:
    return as_json(provider.signer.published())


def authorize(provider: Provider, request: Request) -> Response:
    """Who asks is checked first: nobody is ever sent to an address that is not the client's own."""
    asked = request.form if request.method == "POST" else request.query
    if asked.get("client_id") != provider.client.id or asked.get("redirect_uri") != provider.client.redirect_uri:
        return provider.page("Demande inconnue", "<p>Le logiciel qui vous envoie n’est pas connu ici.</p>", status=400)
    if error := _fault(asked):
        return _back(provider, asked["redirect_uri"], asked.get("state", ""), error=error)
    question = Question(
        asked["redirect_uri"], asked.get("state", ""), asked["nonce"], asked["code_challenge"], asked["scope"]
    )
    session = session_of(provider, request)
    if session is not None and asked.get("prompt") != "login":
        return give_code(provider, question, session)
    if asked.get("prompt") == "none":
        return _back(provider, question.redirect_uri, question.state, error="login_required")
    browser = request.cookies.get(BROWSER) or new_token()
    attempt = provider.memory.attempts.put(Attempt(question, browser), at=now())
    body = pages.password_form(attempt, cast=provider.client.cast)
    return provider.page("Se connecter", body, cookies={BROWSER: browser})


def _fault(asked: Mapping[str, str]) -> str:
    """The error (RFC 6749, 4.1.2.1) of a request; "" for none."""
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in asked.get("scope", "").split():
        return "invalid_scope"
    if asked.get("response_mode", "query") != "query" or not asked.get("nonce"):
        return "invalid_request"
    if asked.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(asked.get("code_challenge", "")):
        return "invalid_request"
    if any(len(value) > 2_048 for value in asked.values()):
        return "invalid_request"
    return "request_not_supported" if {"request", "request_uri"} & asked.keys() else ""


def session_of(provider: Provider, request: Request) -> Session | None:
    return provider.memory.sessions.get(request.cookies.get(SESSION, ""), at=now())


def give_code(provider: Provider, question: Question, session: Session, key: str = "") -> Response:
    """Back to the client with a code; `key` is that of a session that has just begun."""
    code = provider.memory.codes.put(Given(question, session), at=now())
    cookies = {SESSION: key} if key else {}
    return _back(provider, question.redirect_uri, question.state, code=code, cookies=cookies)


def _back(
    provider: Provider, address: str, state: str, *, cookies: dict[str, str] | None = None, **said: str
) -> Response:
    return redirect(address, {**said, "state": state, "iss": provider.issuer}, cookies=cookies)


def token(provider: Provider, request: Request) -> Response:
    if not _is_client(provider, request):
        challenge = ("WWW-Authenticate", 'Basic realm="provider"')
        return as_json({"error": "invalid_client"}, 401, challenge)
    if request.form.get("grant_type") != "authorization_code":
        return as_json({"error": "unsupported_grant_type"}, 400)
    code, memory = request.form.get("code", ""), provider.memory
    given = memory.codes.take(code, at=now())
    if given is None:
        memory.tokens.take(memory.spent.get(code, ""), at=now())
        return as_json({"error": "invalid_grant"}, 400)
    verifier, question = request.form.get("code_verifier", ""), given.question
    known = _VERIFIER.fullmatch(verifier) and hmac.compare_digest(_digest(verifier), question.challenge)
    if not known or request.form.get("redirect_uri") != question.redirect_uri:
        return as_json({"error": "invalid_grant"}, 400)
    return _tokens(provider, code, given)


def _is_client(provider: Provider, request: Request) -> bool:
    """client_secret_basic or client_secret_post, one of them."""
    posted = (request.form.get("client_id", ""), request.form.get("client_secret", ""))
    if request.basic is not None and posted[1]:
        return False
    name, secret = request.basic or posted
    return name == provider.client.id and hmac.compare_digest(secret.encode(), provider.client.secret.encode())


def _tokens(provider: Provider, code: str, given: Given) -> Response:
    at, session, memory = now(), given.session, provider.memory
    access = memory.tokens.put(session, at=at)
    while len(memory.spent) >= 500:
        memory.spent.pop(next(iter(memory.spent)))
    memory.spent[code] = access
    half = sha256(access.encode()).digest()[:16]
    said = {
        **_about(provider, session, int(at.timestamp()), TOKEN_SECONDS),
        "azp": provider.client.id,
        "nonce": given.question.nonce,
        "auth_time": int(session.since.timestamp()),
        "acr": claims.ACR,
        "amr": list(session.amr),
        "at_hash": _base64(half),
        "preferred_username": session.account.professional.id,
    }
    return as_json(
        {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": given.question.scope,
            "id_token": provider.signer.sign(said),
        }
    )


def _about(provider: Provider, session: Session, at: int, lasting: int) -> dict[str, object]:
    return {
        "iss": provider.issuer,
        "aud": provider.client.id,
        "sub": session.account.sub,
        "sid": session.sid,
        "iat": at,
        "exp": at + lasting,
        "jti": new_token(),
    }


def userinfo(provider: Provider, request: Request) -> Response:
    session = provider.memory.tokens.get(request.bearer, at=now())
    if session is None:
        return as_json({"error": "invalid_token"}, 401, ("WWW-Authenticate", 'Bearer error="invalid_token"'))
    return as_json(claims.userinfo(session.account))


def introspect(provider: Provider, request: Request) -> Response:
    """What an access token stands for, to whoever must serve it (RFC 7662)."""
    if not _is_client(provider, request):
        return as_json({"error": "invalid_client"}, 401, ("WWW-Authenticate", 'Basic realm="provider"'))
    token, at = request.form.get("token", ""), now()
    session, until = provider.memory.tokens.get(token, at=at), provider.memory.tokens.until(token)
    if session is None or until is None:
        return as_json({"active": False})
    return as_json(
        {
            "active": True,
            "iss": provider.issuer,
            "client_id": provider.client.id,
            "sub": session.account.sub,
            "exp": int(until.timestamp()),
            "acr": claims.ACR,
            "amr": list(session.amr),
            "token_type": "Bearer",
        }
    )


def logout(provider: Provider, request: Request) -> Response:
    """The client sends somebody to sign out; the ID token that it shows says of which session."""
    asked = request.form if request.method == "POST" else request.query
    hint = provider.signer.own(asked.get("id_token_hint", "")) or {}
    if hint.get("aud") != provider.client.id:
        return redirect("/", {})
    session = session_of(provider, request)
    ours = session is not None and session.sid == hint.get("sid")
    if ours and session is not None:
        end_session(provider, request, session)
    gone = {SESSION: ""} if ours else {}
    if asked.get("post_logout_redirect_uri") == provider.client.goodbye_uri:
        return redirect(provider.client.goodbye_uri, {"state": asked.get("state", "")}, cookies=gone)
    return provider.page("Vous êtes déconnecté", "<p>La session est fermée.</p>", cookies=gone)


def end_session(provider: Provider, request: Request, session: Session) -> None:
    """End it here, and tell the client (Back-Channel Logout 1.0, 2.4 and 2.5)."""
    provider.memory.sessions.take(request.cookies.get(SESSION, ""), at=now())
    said = _about(provider, session, int(now().timestamp()), LOGOUT_SECONDS) | {"events": {EVENT: {}}}
    provider.announce(provider.client.logout_uri, provider.signer.sign(said, kind="logout+jwt"))


def _digest(verifier: str) -> str:
    return _base64(sha256(verifier.encode()).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
