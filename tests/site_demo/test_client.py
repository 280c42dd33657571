"""A software of the cast registers its public key, asks for a token with it, and deposits under its organisation."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.conf import settings
from joserfc import jwt
from joserfc.jwk import ECKey

from door import form
from espace.catalogue.queries import actor_of_token
from espace.edge import clock_at
from espace.kernel.words import RefusedProblems
from espace.site.demo.structures import LABORATORY
from espace.site.demo.tokens import audience, organisation_id, register_client

pytestmark = pytest.mark.usefixtures("db")
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def test_the_registered_key_gets_a_token_of_the_organisation() -> None:
    key = ECKey.generate_key("P-384", parameters={"kid": "2026"})
    client = register_client("laboratory", {"keys": [key.as_dict(private=False)]})
    endpoint = f"{settings.ESPACE_PUBLIC_URL}/oauth/token"
    exp = int(NOW.timestamp()) + 240
    claims = {"iss": client, "sub": client, "aud": endpoint, "jti": str(uuid4()), "exp": exp}
    assertion = jwt.encode({"alg": "ES384", "kid": "2026"}, claims, key, algorithms=["ES384"])
    with clock_at(NOW):
        answer = form(
            "/oauth/token",
            grant_type="client_credentials",
            scope="system/DocumentReference.c",
            client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            client_assertion=assertion,
        )
        actor = actor_of_token(answer.json["access_token"], audience=audience(), at=NOW)
    assert (actor.organisation, actor.name) == (organisation_id(LABORATORY), "Laboratoire des Tilleuls")


def test_a_private_key_is_never_taken() -> None:
    key = ECKey.generate_key("P-384", parameters={"kid": "2026"})
    with pytest.raises(RefusedProblems):
        register_client("laboratory", {"keys": [key.as_dict(private=True)]})
