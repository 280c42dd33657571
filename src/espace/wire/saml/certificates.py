"""Whose a certificate is, and whether an authority that is listed here made it for this use.

Each listed authority is an end of its own (it is pinned): a certificate is directly that of one of them, or it is
nobody's. Sources: RFC 5280, sections 4.2 and 6; IGC-Santé, « gabarits » (the name of a person's certificate has the
PS_IdNat as its CN, that of a structure the Struct_IdNat as an OU). Nothing is fetched, whatever a certificate names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

from espace.kernel.reasons import vihf as reasons
from espace.kernel.words import Refused

MOST_BYTES = 8 * 1024
_PERSON = re.compile(r"8[0-9]{11}", re.ASCII)
_STRUCTURE = re.compile(r"1[0-9AB]{9}|3[0-9]{14}|4[0-9A-Za-z./_-]{1,40}", re.ASCII)
_HASHES = (SHA256, SHA384, SHA512)
_ISSUING = (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)
_LIST = re.compile(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)
_KNOWN = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.CERTIFICATE_POLICIES,
    }
)
"""Critical extensions that are understood here."""
_NAMES = {
    **dict.fromkeys(("G", "GN", "GIVENNAME"), NameOID.GIVEN_NAME),
    **dict.fromkeys(("SN", "SURNAME"), NameOID.SURNAME),
    **dict.fromkeys(("T", "TITLE"), NameOID.TITLE),
    **dict.fromkeys(("S", "ST"), NameOID.STATE_OR_PROVINCE_NAME),
    "SERIALNUMBER": NameOID.SERIAL_NUMBER,
}
"""How software calls what RFC 4514 has no name for."""


class Use(StrEnum):
    """What a certificate is shown for."""

    CONNECTION = "connection"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Revocations:
    """A list of what an authority revoked, by serial number, and between which instants it counts."""

    issuer: x509.Name
    numbers: frozenset[int]
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Trust:
    """The authorities accepted here, and their lists of what they revoked, whose signatures were verified."""

    authorities: tuple[x509.Certificate, ...] = ()
    revocations: tuple[Revocations, ...] = ()


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose a certificate is: of a person (`person`, PS_IdNat) or of a structure (`structure`, Struct_IdNat); the other
    one is "". `subject` is the whole name, `key` the public key."""

    person: str
    structure: str
    subject: x509.Name
    key: object


@dataclass(frozen=True, slots=True)
class Issuer:
    """An authority that made a certificate: when it counts, and its lists of what it revoked; None where no list is
    kept of anybody."""

    begins: datetime
    ends: datetime
    lists: tuple[Revocations, ...] | None

    def vouches(self, number: int, at: datetime) -> bool:
        """Where lists are kept, an authority without one that is in force vouches for nobody: a list that is no longer
        brought stops its certificates."""
        if not self.begins <= at <= self.ends:
            return False
        if self.lists is None:
            return True
        theirs = [one for one in self.lists if one.begins <= at < one.ends]
        return bool(theirs) and not any(number in one.numbers for one in theirs)


@dataclass(frozen=True, slots=True)
class Judged:
    """All that is known of a certificate for one use and does not depend on the hour: it may be kept as long as the
    Trust that it was judged by. `number` is its serial number."""

    whose: Bearer
    number: int
    begins: datetime
    ends: datetime
    issuers: tuple[Issuer, ...]
    use: Use

    def bearer(self, at: datetime) -> Bearer:
        """Raises Refused: VIHF_CERTIFICATE, out of its time, its authority's or its lists', or revoked."""
        if self.begins <= at <= self.ends and any(one.vouches(self.number, at) for one in self.issuers):
            return self.whose
        raise _refused(self.use)


def is_structure(text: str) -> bool:
    """A Struct_IdNat: "1" and a FINESS, "3" and a SIRET, "4" and a technical id."""
    return bool(_STRUCTURE.fullmatch(text))


def is_person(text: str) -> bool:
    """A PS_IdNat made of an RPPS: "8" and its eleven digits."""
    return bool(_PERSON.fullmatch(text))


def read_trust(authorities: bytes, revocations: bytes = b"") -> Trust:
    """The authorities of a PEM file, and the lists of another. ValueError where one of them cannot be used."""
    made = tuple(x509.load_pem_x509_certificates(authorities))
    for one in made:
        if not _may_issue(one):
            raise ValueError(f"{one.subject.rfc4514_string()} is not the certificate of an authority")
    return Trust(made, tuple(_revocations(piece, made) for piece in _LIST.findall(revocations)))


def bearer(der: bytes, trust: Trust, *, use: Use, at: datetime) -> Bearer:
    """Whose this certificate is. Raises Refused: VIHF_CERTIFICATE, whatever is wrong with it; its place says which one
    it is, by its use."""
    return judge(der, trust, use=use).bearer(at)


def judge(der: bytes, trust: Trust, *, use: Use) -> Judged:
    """What may be kept of this certificate. Raises Refused as `bearer`, for what is wrong with it at any hour."""
    if not 0 < len(der) <= MOST_BYTES:
        raise _refused(use)
    try:
        found = x509.load_der_x509_certificate(der)
        whose = _whose(found) if _sound(found, use) else None
        issuers = tuple(_issuer(one, trust) for one in trust.authorities if _issued(found, one))
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        raise _refused(use) from None
    if whose is None or not issuers:
        raise _refused(use)
    return Judged(whose, found.serial_number, found.not_valid_before_utc, found.not_valid_after_utc, issuers, use)


def _refused(use: Use) -> Refused:
    return Refused(reasons.VIHF_CERTIFICATE, place=f"certificate/{use}")


def names(subject: x509.Name, stated: str) -> bool:
    """Whether a text is this subject's name (format X509SubjectName): RFC 4514 in either order, spaces after commas and
    the usual names of attributes included."""
    found = _stated(stated)
    wanted = [_parts(rdn) for rdn in subject.rdns]
    return found is not None and list(found) in (wanted, wanted[::-1])


@lru_cache(maxsize=256)
def _stated(text: str) -> tuple[frozenset[tuple[str, str]], ...] | None:
    """Kept: the same software says the same name in each request."""
    try:
        said = x509.Name.from_rfc4514_string(re.sub(r"(?<!\\),[ ]+", ",", text), _NAMES)
    except ValueError:
        return None
    return tuple(_parts(rdn) for rdn in said.rdns)


def _parts(rdn: x509.RelativeDistinguishedName) -> frozenset[tuple[str, str]]:
    return frozenset((one.oid.dotted_string, str(one.value)) for one in rdn)


def _whose(certificate: x509.Certificate) -> Bearer | None:
    """None for a name that says neither a person nor a structure, or both, or two."""
    subject = certificate.subject
    people = [str(one.value) for one in subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    units = [str(one.value) for one in subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)]
    persons = [one for one in people if _PERSON.fullmatch(one)]
    structures = [one for one in units if _STRUCTURE.fullmatch(one)]
    if len(persons) + len(structures) != 1:
        return None
    return Bearer("".join(persons), "".join(structures), subject, certificate.public_key())


def _sound(certificate: x509.Certificate, use: Use) -> bool:
    """What it may be used for."""
    extensions = certificate.extensions
    if any(one.critical and one.oid not in _KNOWN for one in extensions) or _is_authority(certificate):
        return False
    usage = extensions.get_extension_for_class(x509.KeyUsage).value if _has(certificate, x509.KeyUsage) else None
    if usage is None or not (usage.digital_signature or (use is Use.SIGNATURE and usage.content_commitment)):
        return False
    if use is Use.CONNECTION and _has(certificate, x509.ExtendedKeyUsage):
        said = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        if ExtendedKeyUsageOID.CLIENT_AUTH not in said:
            return False
    return True


def _issued(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Signed by this authority."""
    if certificate.issuer != authority.subject or not isinstance(certificate.signature_hash_algorithm, _HASHES):
        return False
    try:
        certificate.verify_directly_issued_by(authority)
    except InvalidSignature:
        return False
    return True


def _issuer(authority: x509.Certificate, trust: Trust) -> Issuer:
    lists = tuple(one for one in trust.revocations if one.issuer == authority.subject)
    ends = authority.not_valid_after_utc
    return Issuer(authority.not_valid_before_utc, ends, lists if trust.revocations else None)


def _may_issue(certificate: x509.Certificate) -> bool:
    if not _is_authority(certificate) or not _has(certificate, x509.KeyUsage):
        return False
    return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def _is_authority(certificate: x509.Certificate) -> bool:
    if not _has(certificate, x509.BasicConstraints):
        return False
    return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def _has(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> bool:
    return any(isinstance(one.value, kind) for one in certificate.extensions)


def _revocations(pem: bytes, authorities: Sequence[x509.Certificate]) -> Revocations:
    """Raises ValueError for a list that none of the authorities signed, or that says not until when it counts."""
    found = x509.load_pem_x509_crl(pem)
    name = found.issuer.rfc4514_string()
    keys = [one.public_key() for one in authorities if one.subject == found.issuer]
    strong = isinstance(found.signature_hash_algorithm, _HASHES)
    if not strong or not any(found.is_signature_valid(key) for key in keys if isinstance(key, _ISSUING)):
        raise ValueError(f"the list of revocations of {name} is not signed by an authority that is listed")
    if found.next_update_utc is None:
        raise ValueError(f"the list of revocations of {name} has no end")
    numbers = frozenset(one.serial_number for one in found)
    return Revocations(found.issuer, numbers, found.last_update_utc, found.next_update_utc)
