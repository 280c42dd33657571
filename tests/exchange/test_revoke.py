"""POST /oauth/revoke (RFC 7009), and what makes a token of each kind of actor worthless."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings

from cast import Holder, consents, holder, organisation, professional
from door import (
    FORM,
    Answer,
    audience,
    call,
    deposit_of,
    feeder_token,
    form,
    holder_token,
    own_deposits,
    post,
    professional_token,
    send,
)
from espace import edge
from espace.catalogue import actions
from espace.edge import clock_at
from espace.identity.actions import put_organisation, put_professional
from espace.identity.facts import Organisation
from espace.kernel.values import replace
from espace.kernel.words import ActorKind
from exchange.publishing import FEED, patch
from exchange.test_token_endpoint import EC, NOW, OTHER, TYPE, Software, ask, claims, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def software() -> Software:
    hospital = organisation()
    client = f"client-{uuid4()}"
    keys = {"keys": [EC.as_dict(private=False)]}
    actions.register_client(client_id=client, organisation_id=hospital.id, name="DPI", jwks=keys, at=NOW)
    return Software(client, hospital)


def revoke(revoked: str, of: Software, *, key: Any = EC, aud: str = "", **fields: str) -> Answer:
    stated = {
        "token": revoked,
        "client_assertion_type": TYPE,
        "client_assertion": signed(claims(of, aud=aud or endpoint()), key),
    }
    said = {name: value for name, value in (stated | fields).items() if value}
    with clock_at(NOW):
        return post("/oauth/revoke", urlencode(said).encode(), kind=FORM)


def endpoint() -> str:
    return f"{settings.ESPACE_PUBLIC_URL}/oauth/revoke"


def works(token: str) -> bool:
    with clock_at(NOW):
        return call("GET", "/fhir/DocumentReference", token=token).codes != ["token_invalid"]


def bought(of: Software) -> str:
    return str(ask(signed(claims(of))).json["access_token"])


def test_a_client_revokes_its_own_token(software: Software) -> None:
    token, other = bought(software), bought(software)
    assert works(token)
    answer = revoke(token, software, token_type_hint="access_token")
    assert (answer.status, answer.body, answer.headers["Cache-Control"]) == (200, b"", "no-store")
    assert not works(token)
    assert works(other)


@pytest.mark.parametrize("endpoint", ["token", "revoke"])
def test_the_assertion_is_for_this_server(software: Software, endpoint: str) -> None:
    token = bought(software)
    assert revoke(token, software, aud=f"{settings.ESPACE_PUBLIC_URL}/oauth/{endpoint}").status == 200
    assert not works(token)


def test_an_assertion_for_revoking_buys_no_token(software: Software) -> None:
    answer = ask(signed(claims(software, aud=endpoint())))
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


def test_again_unknown_and_somebody_elses_are_answered_alike_and_nothing_is_done(software: Software) -> None:
    mine, other = bought(software), Software(f"client-{uuid4()}", software.organisation)
    keys = {"keys": [EC.as_dict(private=False)]}
    actions.register_client(
        client_id=other.client_id, organisation_id=other.organisation.id, name="LGC", jwks=keys, at=NOW
    )
    answers = [revoke(mine, other), revoke("x" * 43, other), revoke("x" * 20_000, other), revoke("é\x01", other)]
    assert {(one.status, one.body) for one in answers} == {(200, b"")}
    assert works(mine)
    assert revoke(mine, software).status == revoke(mine, software).status == 200


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"token": ""}, 400, "invalid_request"),
        ({"client_secret": "x"}, 400, "invalid_request"),
        ({"client_assertion": ""}, 401, "invalid_client"),
        ({"client_assertion_type": ""}, 401, "invalid_client"),
        ({"client_id": "another"}, 401, "invalid_client"),
        ({"aud": "https://other.test/oauth/revoke"}, 401, "invalid_client"),
    ],
)
def test_a_client_says_who_it_is_and_what_it_revokes(
    software: Software, fields: dict[str, str], status: int, error: str
) -> None:
    token = bought(software)
    answer = revoke(token, software, **fields)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert works(token)


def test_a_forged_or_repeated_assertion_revokes_nothing(software: Software) -> None:
    token = bought(software)
    assert revoke(token, software, key=OTHER).status == 401
    once = signed(claims(software, aud=endpoint()))
    assert revoke("nothing", software, client_assertion=once).status == 200
    assert revoke(token, software, client_assertion=once).status == 401
    assert works(token)


def test_the_endpoint_takes_post_only_and_answers_as_oauth_does() -> None:
    answer = call("GET", "/oauth/revoke")
    assert (answer.status, answer.headers["Allow"], answer.json["error"]) == (405, "POST", "invalid_request")
    assert form("/oauth/revoke").json["error"] == "invalid_request"


# --- the three kinds of actor -----------------------------------------------------------------------------


def deposited(of: Holder, by: Organisation) -> str:
    return str(send(deposit_of(of), by).json["entry"][1]["response"]["location"]).split("/")[1]


def reads(of: Holder, token: str) -> Answer:
    query = f"patient.identifier=urn:oid:{of.ins.authority}|{of.ins.number}"
    return call("GET", "/fhir/DocumentReference", token=token, query=query)


@pytest.mark.parametrize("kind", ["organisation", "holder", "professional"])
def test_a_token_of_each_kind_is_revoked(kind: str) -> None:
    camille, hospital, anne = holder(), organisation(), professional()
    consents(camille, anne, at=edge.now())
    token = {
        "organisation": lambda: feeder_token(hospital),
        "holder": lambda: holder_token(camille.patient),
        "professional": lambda: professional_token(anne),
    }[kind]()
    assert reads(camille, token).status == 200
    assert actions.revoke_token(token, at=edge.now())
    assert reads(camille, token).codes == ["token_invalid"]


@pytest.mark.parametrize("kind", ActorKind)
@pytest.mark.parametrize("change", ["audience", "expiry"])
def test_another_audience_and_a_term_that_passed_are_refused(kind: ActorKind, change: str) -> None:
    camille, hospital, anne = holder(), organisation(), professional()
    ids = {ActorKind.HOLDER: camille.patient, ActorKind.ORGANISATION: hospital.id, ActorKind.PROFESSIONAL: anne.id}
    token = actions.issue_token(
        actor_kind=kind,
        actor_id=ids.get(kind, hospital.id),
        patient=camille.patient if kind is ActorKind.HOLDER else None,
        organisation=anne.activities[0].organisation if kind is ActorKind.PROFESSIONAL else None,
        audience="https://other.test/fhir" if change == "audience" else audience(),
        scope="system/DocumentReference.cruds user/DocumentReference.cruds patient/DocumentReference.rs",
        at=edge.now(),
        lifetime=timedelta(seconds=-1 if change == "expiry" else 3_600),
    )
    assert reads(camille, token).codes == ["token_invalid" if change == "audience" else "token_expired"]


def test_who_is_no_longer_active_does_nothing_more() -> None:
    camille, hospital, anne = holder(), organisation(), professional()
    identifier = deposited(camille, hospital)
    of_hospital, of_anne = feeder_token(hospital, scope=FEED), professional_token(anne)
    put_organisation(Organisation(hospital.id, hospital.name, "", "", "SA01", "52", (), active=False))
    put_professional(replace(anne, active=False))
    body = [{"op": "replace", "path": "/status", "value": "entered-in-error"}]
    for token in (of_hospital, of_anne):
        assert patch(identifier, body, token).codes == ["token_invalid"]
    put_organisation(hospital)
    assert own_deposits(camille, hospital).json["entry"][0]["resource"]["status"] == "current"
