"""A deposit through TLS on both sides: from a structure's certificate, by the front, to the real server and back."""

import ssl
import threading
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

import soaping
from attesting import Card, authority, made, subject, usage
from carded import authorities
from cast import holder
from door import lines_of
from espace.kernel.words import Verb
from espace.site.front import Behind, Front, context_of
from espace.site.testbed import free_port
from serving import serving
from soap_door import REPOSITORY, as_feeder, deposit, hospital, security

TYPE = "application/soap+xml; charset=utf-8"
SERVER = (
    (usage("digital_signature"), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False),
)


def _files(folder: Path, name: str, card: Card) -> tuple[Path, Path]:
    pem, key = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(card.certificate.public_bytes(Encoding.PEM))
    key.write_bytes(card.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return pem, key


def _post(port: int, authority_: Path, message: bytes, shown: tuple[Path, Path] | None) -> tuple[int, bytes]:
    context = ssl.create_default_context(cafile=str(authority_))
    if shown:
        context.load_cert_chain(*shown)
    with closing(HTTPSConnection("localhost", port, context=context, timeout=30)) as one:
        one.request("POST", REPOSITORY, message, {"Content-Type": TYPE})
        answer = one.getresponse()
        return answer.status, answer.read()


@pytest.mark.slow
@pytest.mark.django_db
def test_a_structure_deposits_by_its_certificate_and_nobody_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, camille, port = hospital(), holder(), free_port()
    public, trusted = f"https://localhost:{port}", Path(authorities(tmp_path))
    monkeypatch.setenv("ESPACE_AUTHORITIES", str(trusted))
    site = made(subject("localhost"), issuer=authority(), extensions=SERVER)
    context = context_of(*_files(tmp_path, "localhost", site), trusted)
    with serving(tmp_path / "web.log", public_url=public, processes=1) as server:
        behind = Behind(urlsplit(server).port or 0, 1_000_000)
        with Front(("127.0.0.1", port), behind, context) as front:
            thread = threading.Thread(target=front.serve_forever, args=(0.01,))
            thread.start()
            try:
                card, said = as_feeder(here, audience=f"{public}/xds")
                message = soaping.envelope(deposit(camille), security=security(card, said)).encode()
                refused = _post(port, trusted, message, None)
                filed = _post(port, trusted, message, _files(tmp_path, "structure", card))
                again = _post(port, trusted, message, _files(tmp_path, "structure", card))
            finally:
                front.shutdown()
                thread.join()
    assert (refused[0], b"vihf_certificate_missing" in refused[1]) == (400, True)
    assert (filed[0], b"ResponseStatusType:Success" in filed[1]) == (200, True), filed[1]
    assert (again[0], b"vihf_replayed" in again[1]) == (400, True)
    assert [line.verb for line in lines_of(camille)][-1:] == [Verb.DEPOSIT]
