"""The signature of a lot: one form is verified whole, what contradicts the lot is refused, the rest is not believed."""

import base64
import hashlib
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attesting
from espace.kernel.reasons.signing import LOT_SIGNATURE_WRONG
from espace.kernel.words import Refused
from espace.wire.lot_signature import Lot, bare, check
from lot_signing import lot_signature

A, B = b"Compte rendu", b"Biologie"
CONTENTS = {"urn:oid:1.2.3": A, "urn:oid:1.2.4": B}
LOT = Lot({"1.2.3": A, "1.2.4": B}, {"1.2.3", "1.2.4"}, "1.2.9")


def checked(data: bytes, lot: Lot = LOT) -> str:
    return check(data, lot, attesting.trust(), attesting.NOW)


@cache
def sound() -> bytes:
    return lot_signature(CONTENTS, attesting.person(), set_id="urn:oid:1.2.9")


def test_a_signature_of_the_lot_is_verified_whole() -> None:
    assert checked(sound()) == ""
    assert checked(lot_signature(CONTENTS, attesting.structure())) == ""
    assert bare("urn:uuid:ABC") == "abc"


Spoil = Callable[[bytes], bytes]


def _digest(data: bytes) -> bytes:
    return base64.b64encode(hashlib.sha256(data).digest())


WRONG: list[tuple[str, str, Spoil]] = [
    ("other bytes of a document", "DigestValue", lambda s: s.replace(_digest(A), _digest(b"x"))),
    ("a document left out of the Manifest", "Manifest", lambda s: s.replace(b"urn:oid:1.2.4", b"urn:oid:1.2.3")
        .replace(_digest(B), _digest(A))),
    ("properties changed after", "DigestValue", lambda s: s.replace(b"T09:30", b"T09:31")),
    ("a Manifest changed after, digests right", "DigestValue", lambda s: s.replace(b"urn:oid:1.2.3", b"1.2.3")),
    ("SignedInfo changed after", "SignatureValue", lambda s: s.replace(
        b'<ds:Reference URI="#Properties">', b'<ds:Reference URI="#Properties" Type="x">')),
    ("not a signature", "Signature", lambda s: b"<a/>"),
    ("not XML", "Signature", lambda s: s[:-5]),
    ("a document type", "Signature", lambda s: s.replace(b"?>\n", b"?><!DOCTYPE x>")),
]  # fmt: skip


@pytest.mark.parametrize(("detail", "spoil"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_signature_of_something_else_is_refused(detail: str, spoil: Spoil) -> None:
    assert spoil(sound()) != sound()
    with pytest.raises(Refused) as caught:
        checked(spoil(sound()))
    assert (caught.value.reason, caught.value.detail) == (LOT_SIGNATURE_WRONG, detail)


@pytest.mark.parametrize("card", [attesting.foreign, lambda: attesting.person(issuer=attesting.foreign())])
def test_a_certificate_of_nobody_known_is_refused(card: Callable[[], attesting.Card]) -> None:
    with pytest.raises(Refused) as caught:
        checked(lot_signature(CONTENTS, card()))
    assert (caught.value.reason, caught.value.detail) == (LOT_SIGNATURE_WRONG, "X509Certificate")


OTHER: list[tuple[str, str, Callable[[], bytes]]] = [
    ("no Manifest", "Manifest", lambda: b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'),
    ("a weak digest", "DigestMethod", lambda: lot_signature(CONTENTS, attesting.person(), sha1=True)),
    ("another method", "SignatureMethod", lambda: lot_signature(
        CONTENTS, attesting.person(), method="http://www.w3.org/2000/09/xmldsig#rsa-sha1")),
    ("something that the lot has not", "Manifest/Reference", lambda: lot_signature(
        {**CONTENTS, "urn:oid:9.9": b""}, attesting.person())),
    ("a processing instruction", "Signature", lambda: sound().replace(b"?>\n", b"?><?x y?>")),
    ("two certificates", "KeyInfo", lambda: sound().replace(b"</ds:X509Data>", b"</ds:X509Data><ds:X509Data/>")),
    ("two elements of one Id", "Reference", lambda: sound().replace(
        b"<ds:Object><ds", b'<ds:Object Id="Properties"><ds')),
    ("a Manifest that is not signed", "SignedInfo", lambda: lot_signature(CONTENTS, attesting.person(), bare=True)),
]  # fmt: skip


@pytest.mark.parametrize(("detail", "made"), [row[1:] for row in OTHER], ids=[row[0] for row in OTHER])
def test_another_form_is_told_as_not_checked(detail: str, made: Callable[[], bytes]) -> None:
    assert checked(made()) == detail


@settings(max_examples=40, deadline=None)
@given(at=st.integers(min_value=0), byte=st.integers(0, 255))
def test_no_byte_makes_it_anything_but_verified_told_or_refused(at: int, byte: int) -> None:
    data = bytearray(sound())
    data[at % len(data)] = byte
    try:
        assert isinstance(checked(bytes(data)), str)
    except Refused as refused:
        assert refused.reason is LOT_SIGNATURE_WRONG
