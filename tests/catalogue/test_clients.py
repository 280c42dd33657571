"""Which keys a client may register, and which scopes it may ask for."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from cast import organisation
from espace.catalogue import actions, queries
from espace.catalogue.rules import granted_scopes, key_problems
from espace.kernel.words import RefusedProblems

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
EC = ECKey.generate_key("P-384")
RSA = RSAKey.generate_key(2048)


def public(key: Any, kid: object = "k1") -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": kid}


@pytest.mark.parametrize("key", [EC, RSA, ECKey.generate_key("P-256")], ids=["P-384", "RSA", "P-256"])
def test_public_keys_of_the_accepted_kinds_are_taken(key: Any) -> None:
    assert key_problems({"keys": [public(key)]}) == ()


@pytest.mark.parametrize(
    ("keys", "place", "detail"),
    [
        (None, "jwks.keys", "1 to 10 keys are expected"),
        ([], "jwks.keys", "1 to 10 keys are expected"),
        ([public(EC, str(number)) for number in range(11)], "jwks.keys", "1 to 10 keys are expected"),
        ([public(EC), public(RSA)], "jwks.keys[1]", "two keys with the same kid"),
        ([public(EC, None)], "jwks.keys[0]", "a key with a kid is expected"),
        ([{**EC.as_dict(private=True), "kid": "k"}], "jwks.keys[0]", "the private part must never be sent"),
        ([{**OctKey.generate_key(256).as_dict(), "kid": "k"}], "jwks.keys[0]", "RSA or EC is expected"),
        ([public(OKPKey.generate_key("Ed25519"))], "jwks.keys[0]", "RSA or EC is expected"),
        ([public(ECKey.generate_key("P-521"))], "jwks.keys[0]", "P-256 or P-384 is expected"),
        ([{"kty": "RSA", "n": "sXch", "e": "AQAB", "kid": "k"}], "jwks.keys[0]", "2048 to 8192 bits are expected"),
        ([{"kty": "EC", "crv": "P-384", "x": "!", "y": 3, "kid": "k"}], "jwks.keys[0]", "the key cannot be read"),
        (["text"], "jwks.keys[0]", "a key with a kid is expected"),
    ],
)
def test_other_keys_are_refused_with_their_place(keys: Any, place: str, detail: str) -> None:
    [problem] = key_problems({"keys": keys})
    assert (problem.reason.code, problem.place, problem.detail) == ("value_invalid", place, detail)


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("system/DocumentReference.c", ("system/DocumentReference.c",)),
        (
            "system/DocumentReference.s system/DocumentReference.c",
            ("system/DocumentReference.c", "system/DocumentReference.s"),
        ),
        ("system/DocumentReference.cs", ("system/DocumentReference.c", "system/DocumentReference.s")),
        (
            "system/DocumentReference.cuds",
            (
                "system/DocumentReference.c",
                "system/DocumentReference.u",
                "system/DocumentReference.d",
                "system/DocumentReference.s",
            ),
        ),
        ("system/DocumentReference.r", None),
        ("system/DocumentReference.cruds", None),
        ("system/DocumentReference.sc", None),
        ("system/DocumentReference.", None),
        ("", None),
        ("system/*.*", None),
        ("user/DocumentReference.c", None),
        ("system/documentreference.c", None),
        ("system/DocumentReference.c system/Binary.r", None),
        ("system/DocumentReference.c\u00a0system/DocumentReference.s", None),
        ("system/DocumentReference.c ", None),
        ("system/DocumentReference.c\x00", None),
    ],
)
def test_scopes_are_never_wider_than_the_list(asked: str, granted: tuple[str, ...] | None) -> None:
    assert granted_scopes(asked) == granted


@pytest.mark.django_db
def test_a_client_is_registered_and_brought_up_to_date_by_its_own_organisation_only() -> None:
    hospital, other = organisation(), organisation("Autre")
    client = f"client-{uuid4()}"
    actions.register_client(
        client_id=client, organisation_id=hospital.id, name="DPI", jwks={"keys": [public(EC)]}, at=AT
    )
    actions.register_client(
        client_id=client, organisation_id=hospital.id, name="DPI 2", jwks={"keys": [public(RSA, "k2")]}, at=AT
    )
    found = queries.client(client)
    assert found is not None
    assert (found.organisation, found.name, found.active) == (hospital.id, "DPI 2", True)
    assert [key["kid"] for key in found.keys["keys"]] == ["k2"]
    with pytest.raises(ValueError, match="another organisation's"):
        actions.register_client(
            client_id=client, organisation_id=other.id, name="Vol", jwks={"keys": [public(EC)]}, at=AT
        )
    with pytest.raises(RefusedProblems):
        actions.register_client(client_id=client, organisation_id=hospital.id, name="DPI", jwks={}, at=AT)
    assert queries.client("nobody") is None
