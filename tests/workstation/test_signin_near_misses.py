"""A sign-in in which one thing is wrong opens nothing, and the page says what kind of thing it was."""

import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client as Browser

from espace import edge
from workstation.fake_provider import (
    ABSENT,
    CLIENT,
    Fake,
    base64url,
    encoded,
    fresh_national_id,
    go_through,
    is_in,
    key,
    known,
    place,
    retired,
    signed,
    somebody,
)

pytestmark = pytest.mark.django_db


def _with_a_shared_secret(secret: bytes) -> Callable[[dict[str, Any]], str]:
    """CVE-2022-29217 and its family: the public key, in one of its forms, taken for a shared secret."""

    def made(claims: dict[str, Any]) -> str:
        text = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{encoded(claims)}"
        return f"{text}.{base64url(hmac.digest(secret, text.encode(), 'sha256'))}"

    return made


def _public(encoding: Encoding, form: PublicFormat) -> bytes:
    return key().private.public_key().public_bytes(encoding, form)


def _unsigned(algorithm: str, signature: str = "") -> Callable[[dict[str, Any]], str]:
    return lambda claims: f"{encoded({'alg': algorithm, 'kid': 'first'})}.{encoded(claims)}.{signature}"


def _altered(claims: dict[str, Any]) -> str:
    header, _payload, signature = signed(claims).split(".")
    return f"{header}.{encoded(claims | {'acr': 'eidas2'})}.{signature}"


_TOKENS: dict[str, Callable[[dict[str, Any]], str]] = {
    "no signature": _unsigned("none"),
    "no signature, in capitals": _unsigned("NONE", "AAAA"),
    "no signature, mixed": _unsigned("nOnE", "AAAA"),
    "PEM as a shared secret": _with_a_shared_secret(_public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
    "PEM without its last line end": _with_a_shared_secret(
        _public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).strip()
    ),
    "PKCS1 as a shared secret": _with_a_shared_secret(_public(Encoding.PEM, PublicFormat.PKCS1)),
    "DER as a shared secret": _with_a_shared_secret(_public(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
    "JWK as a shared secret": _with_a_shared_secret(json.dumps(key().published()).encode()),
    "the modulus as a shared secret": _with_a_shared_secret(key().published()["n"].encode()),
    "an algorithm that we do not take": lambda claims: signed(claims, alg="RS512"),
    "another key under the same name": lambda claims: signed(claims, by=key("other"), kid="first"),
    "a key that nobody has": lambda claims: signed(claims, by=key("other")),
    "claims changed after the signature": _altered,
    "its own key inside": lambda claims: signed(claims, by=key("other"), jwk=key("other").published()),
    "an address of a key inside": lambda claims: signed(claims, by=key("other"), jku="http://127.0.0.1:9/jwks"),
    "a certificate inside": lambda claims: signed(claims, x5u="http://127.0.0.1:9/x"),
    "something critical that is not understood": lambda claims: signed(claims, crit=["exp"]),
    "a path for a key name": lambda claims: signed(claims, by=key("other"), kid="../../dev/null"),
    "a number for a key name": lambda claims: signed(claims, kid=7),
    "a logout token": lambda claims: signed(claims, typ="logout+jwt"),
    "an access token": lambda claims: signed(claims, typ="at+jwt"),
    "two parts": lambda claims: ".".join(signed(claims).split(".")[:2]),
    "five parts": lambda claims: f"{signed(claims)}.a.b",
    "nothing": lambda claims: "",
    "rubbish": lambda claims: "é.%.~",
    "a header of a thousand arrays": lambda claims: f"{encoded(json.loads('[' * 900 + ']' * 900))}.e30.AAAA",
    "endless": lambda claims: signed(claims | {"more": "a" * 20_000}),
}


@pytest.mark.parametrize("token", _TOKENS.values(), ids=_TOKENS)
def test_a_token_that_is_not_the_providers_opens_nothing(fake: Fake, token: Callable[[dict[str, Any]], str]) -> None:
    browser = Browser()
    fake.token = token
    response = go_through(known(fake), browser)
    assert response.status_code == 403
    assert "n’est pas fiable" in response.content.decode()
    assert not is_in(browser)


_INVALID = "n’est pas fiable"
_CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"iss": "https://auth.ailleurs.test"}, _INVALID),
    "the issuer and a slash": ({"iss": "http://127.0.0.1:1/"}, _INVALID),
    "no issuer": ({"iss": ABSENT}, _INVALID),
    "another audience": ({"aud": "un-autre-logiciel"}, _INVALID),
    "our audience and another": ({"aud": [CLIENT, "un-autre-logiciel"]}, _INVALID),
    "no audience": ({"aud": ABSENT}, _INVALID),
    "audience that is no text": ({"aud": [[CLIENT]]}, _INVALID),
    "for another party": ({"azp": "un-autre-logiciel"}, _INVALID),
    "expired": ({"exp": -31}, _INVALID),
    "no expiry": ({"exp": ABSENT}, _INVALID),
    "an expiry in words": ({"exp": "demain"}, _INVALID),
    "an expiry that is true": ({"exp": True}, _INVALID),
    "an expiry beyond measure": ({"exp": 10**18}, _INVALID),
    "issued too long ago": ({"iat": -331}, _INVALID),
    "issued tomorrow": ({"iat": 86_400}, _INVALID),
    "no date of issue": ({"iat": ABSENT}, _INVALID),
    "not yet valid": ({"nbf": 3_600}, _INVALID),
    "another nonce": ({"nonce": "celui-d-un-autre"}, _INVALID),
    "a nonce that has no bytes": ({"nonce": "\ud800"}, _INVALID),
    "a nonce in other letters": ({"nonce": "é" * 43}, _INVALID),
    "no nonce": ({"nonce": ABSENT}, _INVALID),
    "a nonce that is no text": ({"nonce": 7}, _INVALID),
    "no subject": ({"sub": ABSENT}, _INVALID),
    "an empty subject": ({"sub": ""}, _INVALID),
    "a session that is no text": ({"sid": {"a": 1}}, _INVALID),
    "the hash of another access token": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, _INVALID),
    "no level": ({"acr": ABSENT}, "pas assez sûre"),
    "a lower level": ({"acr": "eidas0"}, "pas assez sûre"),
    "a level that is a list": ({"acr": ["eidas1"]}, "pas assez sûre"),
    "one factor": ({"amr": ["pwd"]}, "deux preuves"),
    "one factor said twice": ({"amr": ["pwd", "pin"]}, "deux preuves"),
    "no factor": ({"amr": []}, "deux preuves"),
    "factors that are unknown": ({"amr": ["carte", "oui"]}, "deux preuves"),
    "factors in one word": ({"amr": "mfa"}, "deux preuves"),
}


@pytest.mark.parametrize(("claims", "said"), _CLAIMS.values(), ids=_CLAIMS)
def test_a_claim_that_is_wrong_opens_nothing(fake: Fake, claims: dict[str, Any], said: str) -> None:
    browser = Browser()
    at = int(edge.now().timestamp())
    moved = {name: at + value for name, value in claims.items() if type(value) is int and name in ("exp", "iat", "nbf")}
    fake.claims |= claims | moved
    response = go_through(known(fake), browser)
    assert response.status_code == 403
    assert said in response.content.decode()
    assert not is_in(browser)


_ANSWERS: dict[str, tuple[str, dict[str, Any], str]] = {
    "userinfo of somebody else": ("userinfo", {"sub": "f:realm:autre"}, _INVALID),
    "userinfo of nobody": ("userinfo", {"sub": None}, _INVALID),
    "no number": ("userinfo", {"SubjectNameID": None}, "pas dans l’annuaire"),
    "a number of another kind": ("userinfo", {"SubjectNameID": ["810002673899"]}, "pas dans l’annuaire"),
    "an editor's number": ("userinfo", {"SubjectNameID": "ANS20231122132732"}, "pas dans l’annuaire"),
    "a number that nobody bears": ("userinfo", {"SubjectNameID": fresh_national_id()}, "pas dans l’annuaire"),
    "a number with a quote": ("userinfo", {"SubjectNameID": "8' OR '1'='1"}, "pas dans l’annuaire"),
    "no ID token": ("token_answer", {"id_token": None}, _INVALID),
    "no access token": ("token_answer", {"access_token": None}, _INVALID),
    "an access token of another type": ("token_answer", {"token_type": "DPoP"}, _INVALID),
    "an access token with a line in it": ("token_answer", {"access_token": "a\r\nX-Y: z"}, _INVALID),
    "an access token in other letters": ("token_answer", {"access_token": "é"}, _INVALID),
}


@pytest.mark.parametrize(("part", "change", "said"), _ANSWERS.values(), ids=_ANSWERS)
def test_an_answer_that_is_wrong_opens_nothing(fake: Fake, part: str, change: dict[str, Any], said: str) -> None:
    browser = Browser()
    getattr(known(fake), part).update(change)
    response = go_through(fake, browser)
    assert response.status_code == 403
    assert said in response.content.decode()
    assert not is_in(browser)


@pytest.mark.parametrize("tier", ["APPPRIP2^1.2.250.1.213.1.5.1.1.1", "", "xAPPPRIP3", ["APPPRIP3"], None])
def test_a_tier_that_is_not_ours_is_not_a_second_factor(fake: Fake, tier: object) -> None:
    fake.claims["amr"] = ["pwd"]
    fake.userinfo["Palier_Authentification"] = tier
    assert go_through(known(fake), Browser()).status_code == 403


def test_somebody_who_stopped_practising_does_not_enter(fake: Fake) -> None:
    fake.userinfo["SubjectNameID"] = retired(somebody(place())).national_id
    response = go_through(fake, Browser())
    assert response.status_code == 403
    assert "vous n’avez aucune activité en cours" in response.content.decode()


def test_somebody_who_acts_nowhere_does_not_enter(fake: Fake) -> None:
    fake.userinfo["SubjectNameID"] = somebody().national_id
    assert go_through(fake, Browser()).status_code == 403
