"""A certification authority for tests, in a folder: what IGC-Santé gives to structures and professionals, worth nothing
elsewhere. Keys are on the curve P-256, unencrypted, in files that their owner alone reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from espace.site.private import write_private

AUTHORITY = "authority"
LASTS = timedelta(days=365)
_AUTHORITY_LASTS = 10 * LASTS
_EARLIER = timedelta(minutes=5)
"""For clocks that are late."""
_CLIENT, _SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority of tests and where it is."""

    folder: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def authority(folder: Path, *, at: datetime) -> Authority:
    """The authority of a folder, made when it has none. Raises OSError, or ValueError for files that are not its."""
    pem, key = folder / f"{AUTHORITY}.pem", folder / f"{AUTHORITY}.key"
    if pem.exists():
        found = load_pem_private_key(key.read_bytes(), None)
        if not isinstance(found, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{key} is not the key of an authority made here")
        return Authority(folder, x509.load_pem_x509_certificate(pem.read_bytes()), found)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made, name = ec.generate_private_key(ec.SECP256R1()), _name(("CN", "AC DE TEST (sans valeur)"))
    builder = _builder(name, name, made.public_key(), at, _AUTHORITY_LASTS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True).sign(made, SHA256())
    _write(folder, AUTHORITY, certificate, made)
    return Authority(folder, certificate, made)


def structure(by: Authority, number: str, *, at: datetime) -> tuple[Path, ...]:
    """Two certificates of a structure (Struct_IdNat): to connect and to sign, as ORG_AUTH_CLI and ORG_SIGN."""
    name = _name(("O", f"STRUCTURE DE TEST {number}"), ("OU", number), ("CN", f"logiciel-{number}.test"))
    return (
        _made(by, f"{number}.connection", name, at, "digital_signature", extended=[_CLIENT]),
        _made(by, f"{number}.signature", name, at, "digital_signature", "content_commitment"),
    )


def person(by: Authority, number: str, *, at: datetime) -> tuple[Path, ...]:
    """The certificate of a professional (PS_IdNat), which connects and signs: that of authentication of a card."""
    name = _name(("O", "CARTE DE TEST"), ("CN", number))
    return (_made(by, number, name, at, "digital_signature", extended=[_CLIENT]),)


def server(by: Authority, host: str, *, at: datetime) -> tuple[Path, ...]:
    """The certificate of a test server, for the proxy in front."""
    names = x509.SubjectAlternativeName([x509.DNSName(host)])
    return (_made(by, host, _name(("CN", host)), at, "digital_signature", extended=[_SERVER], names=names),)


def _made(
    by: Authority,
    file: str,
    name: x509.Name,
    at: datetime,
    *usages: str,
    extended: Sequence[ObjectIdentifier] = (),
    names: x509.SubjectAlternativeName | None = None,
) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, by.certificate.subject, key.public_key(), at, LASTS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(*usages), critical=True)
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
    if names:
        builder = builder.add_extension(names, critical=False)
    return _write(by.folder, file, builder.sign(by.key, SHA256()), key)


def _builder(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _EARLIER)
        .not_valid_after(at + lasts)
    )


_OIDS = {"O": NameOID.ORGANIZATION_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME, "CN": NameOID.COMMON_NAME}


def _name(*said: tuple[str, str]) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")]
    return x509.Name(parts + [x509.NameAttribute(_OIDS[kind], text) for kind, text in said])


def _usage(*said: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in said for name in _USAGES})


def _write(folder: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Path:
    """The key first: a certificate without its key would stand in the way of the next attempt."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(folder / f"{name}.key", private.decode("ascii"))
    write_private(folder / f"{name}.pem", certificate.public_bytes(Encoding.PEM).decode("ascii"))
    return folder / f"{name}.pem"
