"""Mutual TLS ended by nginx and by HAProxy: the certificate that they verified is the one that an assertion is bound
to, and no other way of showing one is heard."""

import ssl
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import soaping
from attesting import Card, structure
from carded import authorities
from cast import holder
from deploy import proxies
from deploy.proxies import Certificates, Proxied
from door import lines_of
from espace.kernel.values import replace
from espace.kernel.words import Verb
from espace.site.testbed import free_port
from serving import serving
from soap_door import REPOSITORY, as_feeder, deposit, hospital, security

TYPE = "application/soap+xml; charset=utf-8"


def _shown(folder: Path, name: str, card: Card) -> Path:
    path = folder / f"{name}.pem"
    key = card.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(card.certificate.public_bytes(Encoding.PEM) + key)
    return path


def _post(port: int, known: Path, message: bytes, shown: Path | None, **headers: str) -> tuple[int, bytes]:
    context = ssl.create_default_context(cafile=str(known))
    if shown:
        context.load_cert_chain(shown)
    said = {"Content-Type": TYPE, **{name.replace("_", "-"): value for name, value in headers.items()}}
    with closing(HTTPSConnection("localhost", port, context=context, timeout=30)) as one:
        one.request("POST", REPOSITORY, message, said)
        answer = one.getresponse()
        return answer.status, answer.read()


def _status(port: int, known: Path, message: bytes, shown: Path) -> int | None:
    """None where the connection itself is refused: nginx answers 400, HAProxy ends the handshake."""
    try:
        return _post(port, known, message, shown)[0]
    except (ssl.SSLError, ConnectionError):
        return None


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("proxy", [proxies.nginx, proxies.haproxy], ids=["nginx", "haproxy"])
def test_what_the_proxy_verified_is_what_the_assertion_is_bound_to(
    proxy: Callable[[Certificates, Path], Proxied],
    certificates: Certificates,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, camille, port = hospital(), holder(), free_port()
    public, trusted = f"https://localhost:{port}", Path(authorities(tmp_path))
    monkeypatch.setenv("ESPACE_AUTHORITIES", str(trusted))
    card, said = as_feeder(here, audience=f"{public}/xds")
    message = soaping.envelope(deposit(camille), security=security(card, said)).encode()
    own, other = _shown(tmp_path, "own", card), _shown(tmp_path, "other", structure("1990000025"))
    invented = quote(card.certificate.public_bytes(Encoding.PEM).decode())
    behind = proxy(replace(certificates, authority=trusted), tmp_path)
    with (
        serving(tmp_path / "web.log", public_url=public, processes=1) as server,
        behind(urlsplit(server).port or 0, port),
    ):
        site = certificates.authority
        none = _post(port, site, message, None)
        forged = _post(port, site, message, None, X_Client_Cert=invented)
        lent = _post(port, site, message, other, X_Client_Cert=invented)
        foreign = _status(port, site, message, certificates.stranger)
        filed = _post(port, site, message, own)
    assert [(status, b"vihf_certificate_missing" in body) for status, body in (none, forged)] == [(400, True)] * 2
    assert foreign in (400, None)
    assert (lent[0], b"vihf_binding" in lent[1]) == (400, True), lent[1]
    assert (filed[0], b"ResponseStatusType:Success" in filed[1]) == (200, True), filed[1]
    assert [line.verb for line in lines_of(camille)] == [Verb.DEPOSIT]
