"""An assertion that is accepted is read from the bytes that its signature covers; its signer is not ours."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from signxml.algorithms import SignatureMethod

from attesting import (
    PERSON,
    STRUCTURE,
    Words,
    attest,
    authority,
    envelope,
    made,
    person,
    security,
    signed,
    subject,
    text_of,
)
from espace.wire.saml import signature, vihf
from espace.wire.saml.vihf import Ground, Mode
from espace.wire.xds import Coded


def test_an_assertion_says_who_where_how_why_and_about_whom() -> None:
    card = person()
    header = attest(Words(more={"Mode_Acces_Raison": "Patient\n  inconscient"}, ground="bris_de_glace"), card)
    said = signature.signed(header)
    assert said.certificate == card.der
    found = vihf.read(signature.content(said, card.certificate.public_key()))
    assert (found.id, found.issuer, found.subject) == ("_a1b2c3", card.name, PERSON)
    assert (found.mode, found.ground, found.structure) == (Mode.DIRECT, Ground.BREAK_GLASS, STRUCTURE)
    assert found.role == Coded("10", "1.2.250.1.71.1.2.7", "x")
    assert found.not_before == datetime(2026, 3, 4, 9, 29, 55, tzinfo=UTC)
    assert found.patient and (found.patient.number, found.patient.authority) == (
        "279035121518989",
        "1.2.250.1.213.1.4.10",
    )
    assert (found.reason, found.software, found.secret) == ("Patient inconscient", "Cabinet 12.1", False)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()])
def test_both_curves_verify(curve: ec.EllipticCurve) -> None:
    card = made(subject(PERSON), issuer=authority(), key=ec.generate_private_key(curve))
    said = signature.signed(attest(Words(), card))
    assert signature.content(said, card.certificate.public_key()).get("ID") == "_a1b2c3"


def test_rsa_verifies() -> None:
    card = made(subject(PERSON), issuer=authority(), key=rsa.generate_private_key(65537, 2048))
    header = security(envelope(signed(text_of(Words()), card, method=SignatureMethod.RSA_SHA256)))
    assert signature.content(signature.signed(header), card.certificate.public_key()).get("ID") == "_a1b2c3"
