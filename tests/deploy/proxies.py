"""Certificates of a day, and the proxies of `deploy/` as they are, but for ports and paths."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from espace.site.processes import start_child, stop_child
from espace.site.testbed import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
NEEDS = "needs this proxy (./espace test says how to install it)"
DEADLINE_SECONDS = 30


class Proxied(Protocol):
    """From the port of a server to that of the proxy in front, for the time of a block."""

    def __call__(self, server: int, port: int = 0) -> AbstractContextManager[int]: ...



@dataclass(frozen=True)
class Certificates:
    """Files: `site` has chain and key in one; `authority` signed the site and the client, `stranger` nobody knows."""

    authority: Path
    chain: Path
    key: Path
    site: Path
    client: Path
    stranger: Path


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, by: tuple[str, ec.EllipticCurvePrivateKey], *, authority: bool = False
) -> bytes:
    now = datetime.now(UTC)
    issuer, signing = by
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signing, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def made_in(folder: Path) -> Certificates:
    """Everything that these tests show and check, fresh."""
    root, site, client, other = _key(), _key(), _key(), _key()
    written = {
        "authority": _certificate("Autorité d’essai", root, ("Autorité d’essai", root), authority=True),
        "chain": _certificate("localhost", site, ("Autorité d’essai", root)),
        "key": _pem(site),
        "client": _certificate("Hôpital des Remparts", client, ("Autorité d’essai", root)) + _pem(client),
        "stranger": _certificate("Personne", other, ("Une autre autorité", other)) + _pem(other),
    }
    written["site"] = written["chain"] + written["key"]
    for name, data in written.items():
        (folder / f"{name}.pem").write_bytes(data)
    return Certificates(**{name: folder / f"{name}.pem" for name in written})


def nginx(known: Certificates, folder: Path) -> Proxied:
    program = _program("nginx")

    @contextmanager
    def behind(server: int, port: int = 0) -> Iterator[int]:
        port = port or free_port()
        example = _adapted(
            DEPLOY / "nginx.conf",
            {
                "127.0.0.1:8000": f"127.0.0.1:{server}",
                "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
                "/etc/espace/tls/fullchain.pem": str(known.chain),
                "/etc/espace/tls/key.pem": str(known.key),
                "/etc/espace/tls/client-authorities.pem": str(known.authority),
                "/var/log/nginx/espace.log": str(folder / "error.log"),
                "sante.example.org": "localhost",
            },
        )
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        folders = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        whole = folder / "nginx.conf"
        # As root, its workers would be another account, which may not enter the folder where bodies wait.
        account = "user root; " if os.geteuid() == 0 else ""
        whole.write_text(
            f"{account}daemon off; pid {folder}/pid; error_log {folder}/start.log;\n"
            f"events {{}}\nhttp {{ {folders}\n{example}\n}}\n"
        )
        with _running([program, "-c", whole, "-p", folder, "-e", folder / "start.log"], port, folder):
            yield port

    return behind


def haproxy(known: Certificates, folder: Path) -> Proxied:
    program = _program("haproxy")

    @contextmanager
    def behind(server: int, port: int = 0) -> Iterator[int]:
        port, whole = port or free_port(), folder / "haproxy.cfg"
        whole.write_text(
            _adapted(
                DEPLOY / "haproxy.cfg",
                {
                    "127.0.0.1:8000": f"127.0.0.1:{server}",
                    "bind :443": f"bind 127.0.0.1:{port}",
                    "/etc/espace/tls/site.pem": str(known.site),
                    "/etc/espace/tls/client-authorities.pem": str(known.authority),
                },
            )
        )
        with _running([program, "-f", whole, "-db"], port, folder):
            yield port

    return behind


@contextmanager
def haproxy_mllp(folder: Path, server: int) -> Iterator[int]:
    """In front of a server of MLLP, whose TLS it does not open."""
    program, port, whole = _program("haproxy"), free_port(), folder / "haproxy-mllp.cfg"
    changes = {"127.0.0.1:2576": f"127.0.0.1:{server}", "bind :2575": f"bind 127.0.0.1:{port}"}
    whole.write_text(_adapted(DEPLOY / "haproxy-mllp.cfg", changes))
    with _running([program, "-f", whole, "-db"], port, folder):
        yield port


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        pytest.skip(NEEDS)
    return found


def _adapted(example: Path, changes: dict[str, str]) -> str:
    text = example.read_text()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def _running(command: list[str | Path], port: int, folder: Path) -> Iterator[None]:
    with (folder / "proxy.log").open("wb") as log:
        child = start_child(command, environment={"PATH": "/usr/bin:/bin"}, output=log)
    try:
        _wait(port, child, folder)
        yield
    finally:
        stop_child(child)


def _wait(port: int, child: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError((folder / "proxy.log").read_text(errors="replace")[-2000:])
