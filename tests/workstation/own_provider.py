"""The demonstration's own provider, in its own process, and the ways through it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from queue import Queue
from urllib.parse import parse_qs, urlencode, urlsplit

from espace import edge
from espace.identity.actions import put_professional
from espace.identity.facts import Activity, Professional
from espace.identity.rules import professional_uuid
from espace.site.config import Mark, load, prepare_home, write_mark
from espace.site.provider.accounts import ACCOUNTS, Account
from espace.site.provider.claims import profession_of
from espace.site.testbed import free_port
from workstation.fake_provider import base64url
from workstation.walking import Page, Walker, announced

DOCTOR, STRANGER, NURSE, _ = ACCOUNTS


@dataclass(frozen=True)
class Own:
    """The provider as it runs, and the log-outs that it announced."""

    issuer: str
    home: Path
    client: str
    secret: str
    logouts: "Queue[str]"


@contextmanager
def own_provider(home: Path) -> Iterator[Own]:
    """The provider as a process of its own, which keeps its things in `home`."""
    environment = {"ESPACE_HOME": str(home), "ESPACE_PORT": str(free_port())}
    prepare_home(load(environment))
    write_mark(home, Mark.TEST)
    config = load(environment)
    command = [sys.executable, "-P", "-m", "espace.site.provider"]
    with (
        announced(config.port) as (_port, logouts),
        subprocess.Popen(command, env={**os.environ, **environment}) as process,
    ):
        own = Own(config.sign_in.issuer, home, config.public_url, config.sign_in.client_secret, logouts)
        try:
            _wait(own, process)
            yield own
        finally:
            process.terminate()


def _wait(own: Own, process: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < limit:
        try:
            Walker().get(f"{own.issuer}/jwks")
        except (OSError, HTTPException):  # a port that nobody has yet may answer a connection with itself
            time.sleep(0.05)
            continue
        return
    raise AssertionError("the provider did not start")


def in_directory(account: Account) -> None:
    """The directory knows this member of the cast, in the place that the provider says."""
    who = account.professional
    places = tuple(
        Activity(edge.new_id(), one.name, finess=one.id[1:], sector=one.facility.code, region="53", city="Rennes")
        for one in account.structures
    )
    put_professional(
        Professional(professional_uuid(who.id), who.id, who.family, who.given, profession_of(account), "", True, places)
    )


def through_password(walker: Walker, own: Own, address: str, account: Account) -> Page:
    """The sign-in page, then the page of the second proof."""
    first = walker.get(address)
    assert first.status == 200
    return walker.post(
        f"{own.issuer}/sign-in",
        attempt=first.hidden("attempt"),
        identifier=account.identifier,
        password=account.password,
    )


def with_ecps(walker: Walker, own: Own, address: str, account: Account = DOCTOR) -> str:
    """Through all of it; where the provider sends back to."""
    second = through_password(walker, own, address, account)
    done = walker.post(f"{own.issuer}/confirm", attempt=second.hidden("attempt"), way="ecps")
    assert done.location.startswith(f"{own.client}/pro/retour/"), done.text
    return done.location


def question(own: Own, verifier: str = "v" * 43, **changes: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": "espace",
        "redirect_uri": f"{own.client}/pro/retour/",
        "scope": "openid scope_all",
        "state": "etat",
        "nonce": "nonce",
        "code_challenge": base64url(sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
        "acr_values": "eidas1",
    } | changes
    return f"{own.issuer}/authorize?{urlencode({name: value for name, value in asked.items() if value})}"


def exchange(own: Own, code: str, *, secret: str = "", **changes: str) -> Page:
    form = {
        "grant_type": "authorization_code",
        "client_id": "espace",
        "client_secret": secret or own.secret,
        "redirect_uri": f"{own.client}/pro/retour/",
        "code": code,
        "code_verifier": "v" * 43,
    } | changes
    return Walker().post(f"{own.issuer}/token", **form)


def code_in(location: str) -> str:
    return parse_qs(urlsplit(location).query)["code"][0]
