"""Signing in at the provider: identifier and password, then a second proof; and the page of one's session."""

import hmac

from espace.edge import new_token, now
from espace.site.provider import pages
from espace.site.provider.accounts import Account, account_of
from espace.site.provider.codes import code_at, matching_step
from espace.site.provider.http import Request, Response, redirect
from espace.site.provider.memory import Attempt, Session
from espace.site.provider.protocol import BROWSER, SESSION, Provider, end_session, give_code, session_of

MOST_TRIES = 5
INVALID, TOO_MANY = 422, 429


def sign_in(provider: Provider, request: Request) -> Response:
    """Identifier and password."""
    attempt = _attempt(provider, request)
    if attempt is None or attempt.tries >= MOST_TRIES:
        return _over(provider, attempt)
    said = request.form.get("identifier", "")
    account = account_of(said)
    expected = account.password if account else new_token()
    if not hmac.compare_digest(request.form.get("password", "").encode(), expected.encode()) or account is None:
        attempt.tries += 1
        body = pages.password_form(request.form["attempt"], cast=provider.client.cast, identifier=said, wrong=True)
        return provider.page("Se connecter", body, status=INVALID)
    attempt.account, attempt.tries = account, 0
    return _second(provider, request, account)


def confirm(provider: Provider, request: Request) -> Response:
    """The second proof; then back to the client, signed in here for a while too."""
    attempt = _attempt(provider, request)
    account = attempt.account if attempt else None
    if attempt is None or account is None or attempt.tries >= MOST_TRIES:
        return _over(provider, attempt if account else None)
    kind = _second_proof(provider, account, request)
    if not kind:
        attempt.tries += 1
        return _second(provider, request, account, wrong=True)
    if provider.memory.attempts.take(request.form["attempt"], at=now()) is None:
        return _over(provider, attempt)
    provider.memory.sessions.take(request.cookies.get(SESSION, ""), at=now())
    session = Session(new_token(), account, ("pwd", kind, "mfa"), now())
    return give_code(provider, attempt.question, session, provider.memory.sessions.put(session, at=now()))


def _second(provider: Provider, request: Request, account: Account, *, wrong: bool = False) -> Response:
    code = code_at(account.totp_secret, now())
    body = pages.second_form(request.form["attempt"], account, now_code=code, wrong=wrong)
    return provider.page("Confirmer", body, status=INVALID if wrong else 200)


def _second_proof(provider: Provider, account: Account, request: Request) -> str:
    """The kind of the proof (RFC 8176), "" for a wrong one. A code serves once."""
    if request.form.get("way") == "ecps":
        return "swk"
    step = matching_step(account.totp_secret, request.form.get("code", ""), now())
    if step is None or step <= provider.memory.steps.get(account.identifier, 0):
        return ""
    provider.memory.steps[account.identifier] = step
    return "otp"


def _attempt(provider: Provider, request: Request) -> Attempt | None:
    """The attempt of this form, if it was begun in this browser."""
    attempt = provider.memory.attempts.get(request.form.get("attempt", ""), at=now())
    browser = request.cookies.get(BROWSER, "")
    return attempt if attempt and hmac.compare_digest(attempt.browser.encode(), browser.encode()) else None


def _over(provider: Provider, attempt: Attempt | None) -> Response:
    if attempt is None:
        body = "<p>Elle a trop attendu, ou a déjà servi. Repartez du logiciel où vous vouliez entrer.</p>"
        return provider.page("Cette connexion est terminée", body, status=400)
    body = "<p>Repartez du logiciel où vous vouliez entrer.</p>"
    return provider.page("Trop d’essais", body, status=TOO_MANY)


def own_session(provider: Provider, request: Request) -> Response:
    session = session_of(provider, request)
    if session is None:
        body = "<p>Aucune session n’est ouverte ici. Repartez du logiciel où vous voulez entrer.</p>"
        return provider.page("Pas de session", body)
    return provider.page("Votre session", pages.session_body(session.account, session.form))


def end(provider: Provider, request: Request) -> Response:
    """Sign out of the provider from its own page: the client is told."""
    session = session_of(provider, request)
    if session is None or not hmac.compare_digest(request.form.get("form", "").encode(), session.form.encode()):
        return redirect("/", {})
    end_session(provider, request, session)
    return redirect("/", {}, cookies={SESSION: ""})
