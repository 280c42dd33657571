"""Whose a certificate is: one of an authority that is listed, in force, made for the use, naming one person or one
structure; each near miss is refused alike."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA224, SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from attesting import (
    AUTHORITY,
    CLIENT,
    NOW,
    PERSON,
    STRUCTURE,
    Card,
    authority,
    foreign,
    made,
    person,
    structure,
    subject,
    trust,
    usage,
)
from espace.kernel.reasons import vihf as reasons
from espace.kernel.words import Refused
from espace.wire.saml.certificates import Bearer, Trust, Use, bearer, names, read_trust


def _bearer(card: Card, use: Use = Use.CONNECTION, trusted: Trust | None = None) -> Bearer:
    return bearer(card.der, trusted or trust(), use=use, at=NOW)


def test_a_person_and_a_structure_are_told_by_their_names() -> None:
    for use in Use:
        assert (_bearer(person(), use).person, _bearer(person(), use).structure) == (PERSON, "")
        assert (_bearer(structure(), use).person, _bearer(structure(), use).structure) == ("", STRUCTURE)
    assert _bearer(structure("318751275100020")).structure == "318751275100020"


def test_a_certificate_for_signing_alone_opens_no_connection() -> None:
    signing = made(subject(PERSON), issuer=authority(), extensions=((usage("content_commitment"), True),))
    assert _bearer(signing, Use.SIGNATURE).person == PERSON
    with pytest.raises(Refused):
        _bearer(signing, Use.CONNECTION)


def _of_authority(*, name: str = PERSON, **said: object) -> Card:
    return made(subject(name), issuer=authority(), **{"extensions": CLIENT, **said})  # type: ignore[arg-type]


NEAR: dict[str, Card] = {
    "of its own": made(subject(PERSON), extensions=CLIENT),
    "of another authority of the same name": person(issuer=foreign()),
    "of a person": made(subject("899700999999"), issuer=person(), extensions=CLIENT),
    "over": _of_authority(ends=NOW - timedelta(seconds=1)),
    "not begun": _of_authority(begins=NOW + timedelta(seconds=1)),
    "an authority": _of_authority(extensions=AUTHORITY),
    "without use": _of_authority(extensions=()),
    "for encryption": _of_authority(extensions=((usage("key_encipherment"), True),)),
    "for a server": _of_authority(
        extensions=(CLIENT[0], (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False))
    ),
    "with a critical extension that is not known": _of_authority(
        extensions=(*CLIENT, (x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True))
    ),
    "of nobody": _of_authority(name="Anne Morel"),
    "of a card of a former kind": _of_authority(name="010001234"),
    "of two structures": made(subject("x", units=(STRUCTURE, "1990000017")), issuer=authority(), extensions=CLIENT),
    "of a person and a structure": made(subject(PERSON, units=(STRUCTURE,)), issuer=authority(), extensions=CLIENT),
    "signed with a short hash": _of_authority(hashed=SHA224()),
    "the authority itself": authority(),
}


@pytest.mark.parametrize("name", NEAR)
def test_any_other_certificate_is_refused_alike(name: str) -> None:
    with pytest.raises(Refused) as caught:
        _bearer(NEAR[name])
    assert (caught.value.reason, caught.value.detail) == (reasons.VIHF_CERTIFICATE, "")


@pytest.mark.parametrize("der", [b"", b"x", bytes(9_000), person().der[:-1], person().der + b"\x00"])
def test_what_is_no_certificate_is_refused(der: bytes) -> None:
    with pytest.raises(Refused) as caught:
        bearer(der, trust(), use=Use.CONNECTION, at=NOW)
    assert caught.value.reason is reasons.VIHF_CERTIFICATE


def test_nobody_is_trusted_where_no_authority_is_listed() -> None:
    with pytest.raises(Refused):
        _bearer(person(), trusted=Trust())


def test_an_authority_that_is_over_vouches_for_nobody() -> None:
    old = made(subject("AC ancienne"), extensions=AUTHORITY, ends=NOW - timedelta(days=1))
    with pytest.raises(Refused):
        _bearer(person(issuer=old), trusted=Trust((old.certificate,)))


def _list(issuer: Card, *revoked: Card, days: int = 7, signer: Card | None = None) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(NOW - timedelta(days=1))
        .next_update(NOW + timedelta(days=days))
    )
    for card in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(card.certificate.serial_number).revocation_date(NOW)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign((signer or issuer).key, SHA384()).public_bytes(Encoding.PEM)


def _pem(*cards: Card) -> bytes:
    return b"".join(card.certificate.public_bytes(Encoding.PEM) for card in cards)


def test_a_revoked_certificate_is_refused_and_another_is_not() -> None:
    lost, kept = person(), person()
    trusted = read_trust(_pem(authority()), _list(authority(), lost))
    assert _bearer(kept, trusted=trusted).person == PERSON
    with pytest.raises(Refused):
        _bearer(lost, trusted=trusted)


def test_where_lists_are_used_an_authority_without_one_in_force_vouches_for_nobody() -> None:
    other = made(subject("AC autre"), extensions=AUTHORITY)
    mine = person(issuer=other)
    both = _pem(authority(), other)
    assert _bearer(mine, trusted=read_trust(both)).person == PERSON
    for lists in (_list(authority()), _list(authority()) + _list(other, days=0)):
        with pytest.raises(Refused):
            _bearer(mine, trusted=read_trust(both, lists))


@pytest.mark.parametrize(
    ("authorities", "lists"),
    [
        (b"", b""),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b""),
        (_pem(person()), b""),
        (_pem(authority()), _list(foreign(), signer=foreign())),
        (_pem(authority()), b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"),
    ],
)
def test_files_that_cannot_be_used_are_said(authorities: bytes, lists: bytes) -> None:
    with pytest.raises(ValueError):
        read_trust(authorities, lists)


def test_an_issuer_is_a_name_however_software_writes_it() -> None:
    attributes = (
        (NameOID.COUNTRY_NAME, "FR"),
        (NameOID.ORGANIZATION_NAME, "Cabinet, Morel"),
        (NameOID.TITLE, "Médecin"),
        (NameOID.SURNAME, "MOREL"),
        (NameOID.GIVEN_NAME, "ANNE"),
        (NameOID.COMMON_NAME, PERSON),
    )
    name = x509.Name([x509.NameAttribute(oid, text) for oid, text in attributes])
    for said in (
        name.rfc4514_string(),
        f"CN={PERSON}, GIVENNAME=ANNE, SURNAME=MOREL, T=Médecin, O=Cabinet\\, Morel, C=FR",
        f"C=FR,O=Cabinet\\, Morel,T=Médecin,SN=MOREL,G=ANNE,CN={PERSON}",
    ):
        assert names(name, said), said
    whole = name.rfc4514_string()
    for said in ("", "x", f"CN={PERSON}", f"{whole},OU=1", whole.replace("ANNE", "ANN")):
        assert not names(name, said), said
