"""An authority of one day, and the certificate of this machine that it signs."""

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

AUTHORITY, CERTIFICATE, KEY = "authority.pem", "certificate.pem", "key.pem"


def make_certificate(folder: Path) -> None:
    """The three files: what to trust, what a server shows, and its key."""
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    above = _signed("authority of the tests", authority.public_key(), authority, authority_itself=True)
    shown = _signed("localhost", own.public_key(), authority, authority_itself=False)
    (folder / AUTHORITY).write_bytes(above.public_bytes(serialization.Encoding.PEM))
    (folder / CERTIFICATE).write_bytes(shown.public_bytes(serialization.Encoding.PEM))
    (folder / KEY).write_bytes(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _signed(
    subject: str, key: ec.EllipticCurvePublicKey, by: ec.EllipticCurvePrivateKey, *, authority_itself: bool
) -> x509.Certificate:
    at = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of the tests")]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - dt.timedelta(days=1))
        .not_valid_after(at + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority_itself, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(by, hashes.SHA256())
    )
