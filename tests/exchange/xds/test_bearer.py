"""A token of Pro Santé Connect at the SOAP door: what it opens is what the same professional's VIHF opens, and every
near miss opens nothing."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest

import attesting
import soap_door as soap
import soaping
from attesting import Card, structure
from cast import Holder, consents, holder, professional
from door import lines_of
from espace import edge
from espace.exchange.xds.borne import attested_by
from espace.exchange.xds.transactions import STORED_QUERY
from espace.identity import actions as identity
from espace.identity.adapters.oidc.provider import provider_of
from espace.identity.facts import Organisation, Professional
from espace.kernel.reasons import Reason, transport, vihf
from espace.kernel.reasons import bearing as reasons
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Refused, Verb
from espace.wire.ebxml.schemes import StoredQuery
from wire.ebxml.asking import APPROVED, adhoc
from workstation.fake_provider import ABSENT, ACCESS, CLIENT, Fake, provider, use

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Cast:
    fake: Fake
    hospital: Organisation
    anne: Professional
    camille: Holder
    card: Card


@pytest.fixture
def cast(settings: Any) -> Iterator[Cast]:
    provider_of.cache_clear()
    with provider() as fake:
        use(fake, settings)
        settings.ESPACE_PSC_CLIENTS = (CLIENT,)
        here = soap.hospital()
        found = Cast(fake, here, professional(at=here), holder(), structure(soap.struct_id(here)))
        fake.userinfo["SubjectNameID"] = found.anne.national_id
        yield found
    provider_of.cache_clear()


def attested(cast: Cast, authorization: str = f"Bearer {ACCESS}", card: Card | None = None) -> Any:
    return attested_by(authorization, certificate=(card or cast.card).der, at=edge.now())


def test_the_professional_is_the_tokens_and_the_structure_the_certificates(cast: Cast) -> None:
    found = attested(cast)
    assert (found.actor.id, found.actor.organisation) == (cast.anne.id, cast.hospital.id)
    assert (found.purpose, found.mode, found.patient, found.secret) == (Purpose.CARE, None, None, False)
    asked = [(path, form.get("token")) for _, path, form, _ in cast.fake.asked if path == "/introspect"]
    assert asked == [("/introspect", [ACCESS])]
    assert [line for _, path, _, line in cast.fake.asked if path == "/userinfo"] == [f"Bearer {ACCESS}"]


def test_the_same_token_serves_again_and_the_provider_is_asked_each_time(cast: Cast) -> None:
    assert attested(cast) == attested(cast)
    cast.fake.introspection["active"] = False
    with pytest.raises(Refused) as caught:
        attested(cast)
    assert (caught.value.reason, caught.value.detail) == (reasons.BEARER_REFUSED, "active")


def _says(**said: Any) -> Callable[[Cast], None]:
    return lambda cast: cast.fake.introspection.update(said)


def _people(**said: Any) -> Callable[[Cast], None]:
    return lambda cast: cast.fake.userinfo.update(said)


def _broken(path: str, status: int, body: bytes = b"{}") -> Callable[[Cast], None]:
    return lambda cast: cast.fake.broken.update({path: (status, body)})


def _elsewhere(cast: Cast) -> None:
    identity.put_professional(replace(cast.anne, activities=professional().activities))


def _inactive(cast: Cast) -> None:
    identity.put_professional(replace(cast.anne, active=False))


REFUSED, BINDING, LATER = reasons.BEARER_REFUSED, reasons.BEARER_BINDING, transport.TEMPORARILY_UNAVAILABLE
NEAR: dict[str, tuple[Callable[[Cast], None], Reason, str]] = {
    "not active": (_says(active=False), REFUSED, "active"),
    "active, as a word": (_says(active="true"), REFUSED, "active"),
    "of another issuer": (_says(iss="https://evil.example"), REFUSED, "iss"),
    "tied to a key (DPoP)": (_says(token_type="DPoP"), REFUSED, "token_type"),
    "given to other software": (_says(client_id="other"), REFUSED, "client_id"),
    "given to nobody": (_says(client_id=ABSENT), REFUSED, "client_id"),
    "of a lower level": (_says(acr="urn:moins-sur"), REFUSED, "acr"),
    "over": (_says(exp=1_700_000_000), REFUSED, "exp"),
    "without an end": (_says(exp=ABSENT), REFUSED, "exp"),
    "an end that is true": (_says(exp=True), REFUSED, "exp"),
    "about nobody": (_says(sub=ABSENT), REFUSED, "sub"),
    "about somebody else": (_people(sub="f:realm:other"), REFUSED, "sub"),
    "by one factor": (_says(amr=["pwd"]), REFUSED, "amr"),
    "without a number": (_people(SubjectNameID="é"), REFUSED, "SubjectNameID"),
    "tied to another certificate": (_says(cnf={"x5t#S256": "x" * 43}), BINDING, ""),
    "tied to a key of another kind": (_says(cnf={"jkt": "x" * 43}), REFUSED, "cnf"),
    "tied to a certificate that is not named": (_says(cnf={"x5t#S256": ""}), REFUSED, "cnf"),
    "of somebody unknown": (_people(SubjectNameID="899700999999"), BINDING, ""),
    "of somebody who practises elsewhere": (_elsewhere, BINDING, ""),
    "of somebody struck off": (_inactive, BINDING, ""),
    "declined by the provider": (_broken("/introspect", 400), REFUSED, "active"),
    "over, as userinfo says": (_broken("/userinfo", 401), REFUSED, "active"),
    "of a provider that does not know us": (_broken("/introspect", 401), LATER, ""),
    "of a provider that fails": (_broken("/introspect", 500), LATER, ""),
    "of a provider that says anything": (_broken("/userinfo", 200, b"[]"), LATER, ""),
}


@pytest.mark.parametrize("name", NEAR)
def test_a_near_miss_opens_nothing(cast: Cast, name: str) -> None:
    change, reason, detail = NEAR[name]
    change(cast)
    with pytest.raises(Refused) as caught:
        attested(cast)
    assert (caught.value.reason, caught.value.detail) == (reason, detail)


def test_a_token_tied_to_this_certificate_is_taken(cast: Cast) -> None:
    digest = base64.urlsafe_b64encode(sha256(cast.card.der).digest()).rstrip(b"=").decode()
    cast.fake.introspection["cnf"] = {"x5t#S256": digest}
    assert attested(cast).actor.id == cast.anne.id


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer é", f"Bearer {'x' * 20_000}"]
)
def test_another_form_is_refused_without_asking_anybody(cast: Cast, authorization: str) -> None:
    with pytest.raises(Refused) as caught:
        attested(cast, authorization)
    assert caught.value.reason is REFUSED
    assert not {"/introspect", "/userinfo"} & set(cast.fake.paths())


def test_a_connection_shows_the_certificate_of_a_structure(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        attested_by(f"Bearer {ACCESS}", certificate=None, at=edge.now())
    assert caught.value.reason is vihf.VIHF_CERTIFICATE_MISSING
    for card, reason in (
        (attesting.person(cast.anne.national_id), BINDING),
        (structure("1990000025"), BINDING),
        (structure(soap.struct_id(cast.hospital), issuer=attesting.foreign()), vihf.VIHF_CERTIFICATE),
    ):
        with pytest.raises(Refused) as caught:
            attested(cast, card=card)
        assert caught.value.reason is reason


def test_whoever_shows_a_card_has_the_provider_asked_nothing(cast: Cast) -> None:
    with pytest.raises(Refused):
        attested(cast, card=attesting.person(cast.anne.national_id))
    assert cast.fake.asked == []


def test_where_no_software_is_named_the_way_is_closed(cast: Cast, settings: Any) -> None:
    settings.ESPACE_PSC_CLIENTS = ()
    with pytest.raises(Refused) as caught:
        attested(cast)
    assert (caught.value.reason, caught.value.detail, cast.fake.asked) == (REFUSED, "client_id", [])


def test_our_own_tokens_are_strangers_here(cast: Cast) -> None:
    import door as machines

    cast.fake.introspection["active"] = False  # as the provider says of what it never gave
    with pytest.raises(Refused) as caught:
        attested(cast, f"Bearer {machines.holder_token(cast.camille.patient)}")
    assert caught.value.reason is REFUSED


def ask(cast: Cast, *, security: str = "", authorization: str = f"Bearer {ACCESS}") -> soap.Answer:
    of = cast.camille.ins
    number = f"'{of.number}^^^&{of.authority}&ISO^NH'"
    slots = [("$XDSDocumentEntryPatientId", number), ("$XDSDocumentEntryStatus", APPROVED)]
    body = adhoc(StoredQuery.FIND_DOCUMENTS, slots).decode()
    message = soaping.envelope(body, action=STORED_QUERY.action, security=security).encode()
    kind = "application/soap+xml; charset=utf-8"
    return soap.post(soap.REGISTRY, kind, message, certificate=cast.card.der, HTTP_AUTHORIZATION=authorization)


def test_a_search_by_token_answers_and_is_told_as_any_other(cast: Cast) -> None:
    assert "Failure" in ask(cast).status
    consents(cast.camille, cast.anne, at=edge.now())
    assert "Success" in ask(cast).status
    assert lines_of(cast.camille)[-1].verb == Verb.LIST


def test_a_token_beside_an_assertion_is_refused(cast: Cast) -> None:
    security = soap.security(*soap.as_doctor(cast.anne, cast.hospital))
    refused = ask(cast, security=security)
    assert refused.http == 400 and b"identity_twice" in attesting.etree.tostring(refused.root)
    assert cast.fake.asked == []
