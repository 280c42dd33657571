"""POST /oauth/token: private_key_jwt, and the families of forged assertions (JWT-01 to JWT-08)."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from cast import organisation
from door import Answer, call, feeder_token, form, post
from espace.catalogue import actions
from espace.edge import clock_at
from espace.identity.actions import put_organisation
from espace.identity.facts import Organisation

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa"})
EC = ECKey.generate_key("P-384", parameters={"kid": "ec"})
P256 = ECKey.generate_key("P-256", parameters={"kid": "p256"})
OTHER = ECKey.generate_key("P-384", parameters={"kid": "ec"})
SCOPE = "system/DocumentReference.c system/DocumentReference.s"
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NOT_VERIFIED = "the assertion was not verified: unknown client, unknown kid or wrong signature"


@dataclass(frozen=True)
class Software:
    client_id: str
    organisation: Organisation


@pytest.fixture
def software() -> Software:
    hospital = organisation()
    client = f"client-{uuid4()}"
    keys = {"keys": [key.as_dict(private=False) for key in (RSA, EC, P256)]}
    actions.register_client(client_id=client, organisation_id=hospital.id, name="DPI", jwks=keys, at=NOW)
    return Software(client, hospital)


def endpoint() -> str:
    return f"{settings.ESPACE_PUBLIC_URL}/oauth/token"


def claims(of: Software, **changes: Any) -> dict[str, Any]:
    stated = {
        "iss": of.client_id,
        "sub": of.client_id,
        "aud": endpoint(),
        "jti": str(uuid4()),
        "exp": int(NOW.timestamp()) + 240,
        "iat": int(NOW.timestamp()),
    }
    return {name: value for name, value in (stated | changes).items() if value is not None}


def signed(payload: dict[str, Any], key: Any = EC, alg: str = "ES384", **header: Any) -> str:
    stated = {"alg": alg, "kid": key.kid, "typ": "JWT"} | header
    return jwt.encode({k: v for k, v in stated.items() if v is not None}, payload, key, algorithms=[alg])


def raw(header: object, payload: object, signature: bytes = b"x") -> str:
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (*parts, signature))


def ask(assertion: str, **fields: str) -> Answer:
    stated = {
        "grant_type": "client_credentials",
        "scope": SCOPE,
        "client_assertion_type": TYPE,
        "client_assertion": assertion,
    }
    with clock_at(NOW):
        return form("/oauth/token", **(stated | fields))


def assert_refused(answer: Answer, description: str = "", error: str = "invalid_client") -> None:
    assert answer.status == (401 if error == "invalid_client" else 400)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["error"] == error
    assert description in answer.json["error_description"]
    assert answer.json["error_description"].isascii()


@pytest.mark.parametrize(("key", "alg"), [(EC, "ES384"), (RSA, "RS384"), (RSA, "RS256"), (P256, "ES256")])
def test_a_signed_assertion_buys_a_token_for_one_hour_that_opens_the_door(
    software: Software, key: Any, alg: str
) -> None:
    answer = ask(signed(claims(software), key, alg))
    assert answer.status == 200
    token = answer.json.pop("access_token")
    assert len(token) == 43
    assert {k: v for k, v in answer.json.items() if k != "access_token"} == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": SCOPE,
    }
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    with clock_at(NOW + timedelta(minutes=59)):
        assert post("/fhir", b"[]", token=token).codes == ["fhir_structure"]
    with clock_at(NOW + timedelta(minutes=60)):
        assert post("/fhir", b"[]", token=token).codes == ["token_expired"]


def test_an_audience_may_be_a_list_that_names_the_endpoint(software: Software) -> None:
    assert ask(signed(claims(software, aud=[endpoint(), "https://other.test"]))).status == 200


def test_an_assertion_serves_once(software: Software) -> None:
    assertion = signed(claims(software))
    assert ask(assertion).status == 200
    assert_refused(ask(assertion), "this jti was already used")


def test_an_assertion_refused_for_its_scope_is_not_used_up(software: Software) -> None:
    assertion = signed(claims(software))
    assert_refused(ask(assertion, scope="system/*.rs"), "scope takes", "invalid_scope")
    assert ask(assertion).status == 200


CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"aud": "https://other.test/oauth/token"}, "claim refused"),
    ({"aud": []}, "claim refused"),
    ({"aud": [["x"]]}, "claim refused"),
    ({"aud": None}, "claim refused"),
    ({"iss": "somebody"}, "iss and sub must both be the client_id"),
    ({"iss": 5}, "claim refused"),
    ({"sub": None}, "sub"),
    ({"sub": ["x"]}, "sub"),
    ({"exp": None}, "claim refused"),
    ({"exp": int(NOW.timestamp()) - 60}, "claim refused"),
    ({"exp": int(NOW.timestamp()) + 3600}, "more than five minutes ahead"),
    ({"exp": "1772616900"}, "exp must be a number"),
    ({"exp": -1}, "exp must be a number"),
    ({"exp": True}, "exp must be a number"),
    ({"exp": 10**15}, "exp must be a number"),
    ({"exp": {}}, "exp must be a number"),
    ({"nbf": int(NOW.timestamp()) + 120}, "claim refused"),
    ({"nbf": "now"}, "nbf must be a number"),
    ({"iat": int(NOW.timestamp()) + 120}, "claim refused"),
    ({"iat": [1]}, "iat must be a number"),
    ({"jti": None}, "jti must be"),
    ({"jti": ""}, "jti must be"),
    ({"jti": 5}, "jti must be"),
    ({"jti": "x" * 129}, "jti must be"),
    ({"jti": "a\x00b"}, "cannot be read"),
]


@pytest.mark.parametrize(("changes", "description"), CLAIMS)
def test_claims_of_another_shape_are_refused(software: Software, changes: dict[str, Any], description: str) -> None:
    assert_refused(ask(signed(claims(software, **changes))), description)


@pytest.mark.parametrize(
    "payload", [b"[]", b"[" * 5000, b'{"exp":NaN}', b'{"exp":1e400}', b'{"sub":"a","sub":"b"}', b"\xff"]
)
def test_payloads_that_are_no_plain_object_are_refused(software: Software, payload: bytes) -> None:
    assert_refused(ask(raw({"alg": "ES384", "kid": "ec"}, payload)), "the claims of the assertion cannot be read")


@pytest.mark.parametrize(
    "alg", ["none", "None", "nOnE", "HS256", "HS384", "PS384", "EdDSA", "ES512", "", None, 5, ["RS256"]]
)
def test_algorithms_that_are_not_on_the_list_are_refused(software: Software, alg: object) -> None:
    assert_refused(ask(raw({"alg": alg, "kid": "ec"}, claims(software), b"")), "a signed JWT in three parts")
    assert_refused(ask(raw({"alg": alg, "kid": "ec"}, claims(software))), "alg must be one of")


def test_a_public_key_is_no_secret(software: Software) -> None:
    public = RSA.public_key
    secrets = (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.PEM, PublicFormat.PKCS1).strip(),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(RSA.as_dict(private=False)).encode(),
    )
    for secret in secrets:
        unsigned = raw({"alg": "HS256", "kid": "rsa"}, claims(software)).rpartition(".")[0]
        mac = base64.urlsafe_b64encode(hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()).decode()
        assert_refused(ask(f"{unsigned}.{mac.rstrip('=')}"), "alg must be one of")


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": OTHER.as_dict(private=False)},
        {"jku": "http://canary.test/jwks"},
        {"x5u": "http://canary.test/cert"},
        {"x5c": ["AAAA"]},
        {"crit": ["exp"]},
        {"b64": False},
        {"zip": "DEF"},
        {"typ": "at+jwt"},
        {"kid": None},
        {"kid": ["ec"]},
    ],
)
def test_a_header_says_alg_kid_and_typ_and_nothing_else(software: Software, header: dict[str, Any]) -> None:
    stated = {"alg": "ES384", "kid": "ec", "typ": "JWT"} | header
    assert_refused(ask(raw(stated, claims(software))), "the header")


def test_unknown_client_unknown_kid_and_wrong_signature_get_one_answer(software: Software) -> None:
    good = signed(claims(software))
    stranger = Software(f"nobody-{uuid4()}", software.organisation)
    cut = good[:-8] + ("AAAAAAAA" if not good.endswith("AAAAAAAA") else "BBBBBBBB")
    for assertion in (
        signed(claims(software), OTHER),
        signed(claims(software), EC, kid="../../dev/null"),
        signed(claims(software), EC, kid="rsa"),
        signed(claims(software), RSA, "RS384", kid="ec"),
        signed(claims(software), P256, "ES256", kid="ec"),
        signed(claims(stranger)),
        cut,
        good.rpartition(".")[0] + ".AA",
    ):
        answer = ask(assertion)
        assert answer.status == 401
        assert answer.json == {"error": "invalid_client", "error_description": NOT_VERIFIED}


@pytest.mark.parametrize(("key", "alg"), [(EC, "ES384"), (RSA, "RS384"), (P256, "ES256")])
def test_a_client_that_is_not_known_costs_the_same_verification_as_a_wrong_signature(
    software: Software, monkeypatch: pytest.MonkeyPatch, key: Any, alg: str
) -> None:
    model, done = JWSRegistry.algorithms[alg], []
    verify = model.verify

    def counted(*parts: Any) -> Any:
        done.append(parts)
        return verify(*parts)

    monkeypatch.setattr(model, "verify", counted)
    closed, stranger = (Software(f"client-{uuid4()}", software.organisation) for _ in range(2))
    of, jwks = closed.organisation.id, {"keys": [key.as_dict(private=False)]}
    actions.register_client(client_id=closed.client_id, organisation_id=of, name="DPI", jwks=jwks, at=NOW)
    actions.close_client(client_id=closed.client_id)
    good, another = (signed(claims(software), key, alg).rpartition(".") for _ in range(2))
    wrong = f"{good[0]}.{another[2]}"
    told = [signed(claims(who), key, alg) for who in (closed, stranger)]
    told.append(signed(claims(software), key, alg, kid="none"))
    for assertion in (wrong, *told):
        done.clear()
        assert_refused(ask(assertion), NOT_VERIFIED)
        assert len(done) == 1
    done.clear()
    assert ask(signed(claims(software), key, alg)).status == 200
    assert len(done) == 1


def test_a_closed_client_and_the_client_of_a_closed_organisation_get_nothing(software: Software) -> None:
    of = software.organisation
    put_organisation(Organisation(of.id, of.name, "", "", "SA01", "52", (), active=False))
    assert_refused(ask(signed(claims(software))), NOT_VERIFIED)
    put_organisation(of)
    actions.close_client(client_id=software.client_id)
    assert_refused(ask(signed(claims(software))), NOT_VERIFIED)


@pytest.mark.parametrize("assertion", ["", "a.b", "a.b.c.d", "..", "x" * 20_000, "é.b.c", "a.b.c"])
def test_what_is_no_signed_jwt_is_refused(assertion: str) -> None:
    assert_refused(ask(assertion))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "system/*.*"}, "invalid_scope"),
        ({"client_secret": "x"}, "invalid_request"),
        ({"client_assertion_type": ""}, "invalid_client"),
        ({"client_assertion": ""}, "invalid_client"),
        ({"client_assertion_type": "x"}, "invalid_client"),
        ({"client_id": "another"}, "invalid_client"),
    ],
)
def test_the_form_says_client_credentials_and_nothing_else(
    software: Software, fields: dict[str, str], error: str
) -> None:
    assert_refused(ask(signed(claims(software)), **fields), "", error)


@pytest.mark.parametrize(
    "fields",
    [{"resource": "https://e.test"}, {"audience": "x", "nonsense": ""}, {"client_id": ""}, {"client_secret": ""}],
)
def test_what_is_not_known_or_has_no_value_is_as_if_it_was_not_sent(software: Software, fields: dict[str, str]) -> None:
    assert ask(signed(claims(software)), **fields).status == 200


def test_a_form_without_its_grant_type_or_its_scope_is_told_so(software: Software) -> None:
    assertion = {"client_assertion_type": TYPE, "client_assertion": signed(claims(software))}
    assert_refused(form("/oauth/token", scope=SCOPE, **assertion), "grant_type is missing", "invalid_request")
    assert_refused(form("/oauth/token", grant_type="client_credentials", **assertion), "scope", "invalid_scope")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"grant_type=client_credentials&grant_type=x", "application/x-www-form-urlencoded", 400),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        ("é=1".encode(), "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(100)), "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"a" * 70_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_other_bodies_are_refused_in_the_form_of_oauth(body: bytes, kind: str, status: int) -> None:
    answer = post("/oauth/token", body, kind=kind)
    assert answer.status == status
    assert answer.json["error"] == "invalid_request"


def test_the_endpoint_takes_post_only() -> None:
    for method in ("GET", "PUT", "OPTIONS"):
        answer = call(method, "/oauth/token")
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json["error"] == "invalid_request"
    assert call("GET", "/oauth/token/").json["resourceType"] == "OperationOutcome"


@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.text(max_size=10), st.text(max_size=30), max_size=4), st.text(max_size=200))
def test_no_form_makes_the_endpoint_fail(fields: dict[str, str], assertion: str) -> None:
    clean = {name.encode("utf-8", "replace").decode(): value for name, value in fields.items() if "\x00" not in name}
    body = "&".join(f"{k}={v}" for k, v in clean.items()) + f"&client_assertion={assertion}"
    assert post("/oauth/token", body.encode("utf-8", "replace"), kind="application/x-www-form-urlencoded").status < 500


ANYTHING = st.none() | st.text() | st.integers() | st.floats() | st.lists(st.integers())
HEADERS = st.dictionaries(st.sampled_from(["alg", "kid", "typ", "jku", "crit"]), ANYTHING | st.just("ES384"))
PAYLOADS = st.dictionaries(st.sampled_from(["iss", "sub", "aud", "exp", "jti", "iat", "nbf"]), ANYTHING)


@hypothesis_settings(max_examples=100, deadline=None)
@given(header=HEADERS, payload=PAYLOADS)
def test_no_assertion_makes_the_endpoint_fail(header: dict[str, Any], payload: dict[str, Any]) -> None:
    assert ask(raw(header, payload)).status == 401


def test_a_feeder_token_of_the_database_is_taken(software: Software) -> None:
    assert call("GET", "/fhir/DocumentReference", token=feeder_token(software.organisation)).codes == [
        "parameter_unsupported"
    ]
