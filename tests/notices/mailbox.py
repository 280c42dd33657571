"""A real SMTP server on loopback for the tests, with the certificate and the password that it is told to have."""

import datetime as dt
import importlib
import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from espace.site.testbed import free_port

USER, PASSWORD = "espace", "p@ss:w/rd?#%"
WRITTEN = "espace:p%40ss%3Aw%2Frd%3F%23%25"
"""The two above, as they are written in an address."""


class Mailbox:
    """Takes every mail, and keeps it with how it came."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.encrypted: list[bool] = []
        self.signed_in: list[str] = []
        self.answers: dict[str, str] = {}
        self.senders: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.senders.append(str(envelope.mail_from))
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, way: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (
            USER.encode(), PASSWORD.encode(),
        )  # fmt: skip
        self.signed_in += [USER] if right else []
        return AuthResult(success=right, handled=False)


@contextmanager
def serving(box: Mailbox, *, port: int = 0, **options: Any) -> Iterator[int]:
    """The port where the box is served for the block."""
    controller = Controller(box, hostname="127.0.0.1", port=port or free_port(), ready_timeout=60, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def use(settings: Any, monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    """Mail settings as an installation with these variables has them."""
    import espace.site.settings as source

    with monkeypatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        source = importlib.reload(source)
        found = {name: getattr(source, name) for name in dir(source) if name.startswith(("EMAIL_", "DEFAULT_FROM"))}
    importlib.reload(source)
    for name, value in found.items():
        setattr(settings, name, value)


def certificate(folder: Path, *names: str) -> tuple[Path, ssl.SSLContext]:
    """A fresh certificate for these names: the file to trust it by, and what a server presents it with."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of the tests")])
    at = dt.datetime.now(dt.UTC)
    alternatives: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - dt.timedelta(days=1))
        .not_valid_after(at + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, secret)
    return chain, context
