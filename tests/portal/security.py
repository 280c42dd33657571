"""Holders on « Sécurité », for the tests: signed in with two factors, and with a software authenticator at hand."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

from espace.identity.actions.web_sessions import begin_web_session
from espace.identity.rules.browsers import browser_of
from espace.looks.sessions import row_key
from portal.helpers import Member, signed_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def entered(who: Member, at: datetime, *, agent: str = FIREFOX) -> Client:
    """A browser in which this member signed in with two factors at this instant; without the cost of a password."""
    browser = signed_in(who)
    session = browser.session
    for name in ("came_in", "second_factor", "seen"):
        session[name] = at.isoformat()
    session.save()
    key = row_key(session.session_key)
    begin_web_session(account_id=who.account, key=key, browser=browser_of(agent), at=at)
    return browser


def words(response: Any) -> str:
    found = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert found
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found[0]))


def with_address(who: Member, email: str) -> Member:
    get_user_model().objects.filter(pk=who.account).update(email=email)
    return who


def taking_mail_codes(who: Member, *, chosen: bool = True) -> Member:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_account SET mail_codes = %s WHERE id = %s", [chosen, who.account])
    return who


def options_in(response: Any) -> dict[str, Any]:
    """What the page asks of the browser."""
    found = re.search(r'data-options="([^"]*)"', response.content.decode())
    assert found
    options: dict[str, Any] = json.loads(found[1].replace("&quot;", '"'))
    return options


@dataclass
class Device:
    """A software authenticator with one passkey; each attribute is a fault to make."""

    origin: str = field(default_factory=lambda: settings.ESPACE_PUBLIC_URL)
    party: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    handle: bytes = b""
    id: bytes = field(default_factory=lambda: uuid4().bytes)
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def creates(self, options: dict[str, Any]) -> str:
        self.handle = websafe_decode(options["user"]["id"])
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(ATTESTED) + attested
        statement = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return self._answer({"clientDataJSON": client, "attestationObject": statement})

    def answers(self, options: dict[str, Any], *, kind: str = "webauthn.get") -> str:
        client, data = self._client(kind, options), self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer(parts | ({"userHandle": self.handle} if self.handle else {}))

    def _data(self, more: int = 0) -> bytes:
        party = hashlib.sha256(self.party.encode()).digest()
        return party + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _answer(self, parts: dict[str, bytes]) -> str:
        response = {name: websafe_encode(data) for name, data in parts.items()}
        id = websafe_encode(self.id)
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": response})


def registered(who: Member, browser: Client, *, name: str = "téléphone") -> Device:
    """A device whose passkey this member has added, in a browser that is signed in and fresh."""
    device = Device()
    options = options_in(browser.get("/securite/cles/ajouter/"))
    done = browser.post("/securite/cles/ajouter/", {"name": name, "credential": device.creates(options)})
    assert done.status_code == 302, words(done)
    return device


def events(kind: str, patient: UUID) -> int:
    """How many events of this kind wait for this patient."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM outbox_event WHERE kind LIKE %s AND patient_id = %s", [f"%{kind}", patient]
        )
        return int(cursor.fetchone()[0])
