"""Who a token is: one answer for every token that is not valid here, and its hash alone is kept."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cast import Holder, holder, organisation
from espace.catalogue import actions
from espace.catalogue.facts import FEEDER_SCOPES, HOLDER_SCOPES, PROFESSIONAL_SCOPES, USER_SEARCH
from espace.catalogue.queries import actor_of_token
from espace.catalogue.rules import covers
from espace.exchange.urls import ROUTES
from espace.identity.actions import put_organisation, put_professional
from espace.identity.facts import Activity, Organisation, Professional
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Refused

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
FHIR = "https://espace.test/fhir"
HOUR = timedelta(hours=1)
FEED = "system/DocumentReference.c system/DocumentReference.s"

pytestmark = pytest.mark.django_db


def token_of(of: Organisation, *, client: str | None = None) -> str:
    return actions.issue_token(
        actor_kind=ActorKind.ORGANISATION,
        actor_id=of.id,
        client=client,
        audience=FHIR,
        scope=FEED,
        at=AT,
        lifetime=HOUR,
    )


def refusal(token: str, *, audience: str = FHIR, at: datetime = AT, scope: str = "") -> tuple[str, str, str]:
    with pytest.raises(Refused) as refused:
        actor_of_token(token, audience=audience, at=at, scopes={ActorKind.ORGANISATION: scope})
    return refused.value.reason.code, refused.value.place, refused.value.detail


def jwks(kid: str = "k1") -> dict[str, object]:
    from joserfc.jwk import ECKey

    return {"keys": [{**ECKey.generate_key("P-384").as_dict(private=False), "kid": kid}]}


def test_a_token_designates_its_organisation_until_its_last_second() -> None:
    hospital = organisation()
    actor = actor_of_token(
        token_of(hospital),
        audience=FHIR,
        at=AT + HOUR - timedelta(seconds=1),
        scopes={ActorKind.ORGANISATION: "system/DocumentReference.c"},
    )
    assert (actor.kind, actor.id, actor.organisation) == (ActorKind.ORGANISATION, hospital.id, hospital.id)
    assert (actor.name, actor.sector, actor.region) == ("Hôpital des Remparts", "SA01", "52")


def test_forged_foreign_revoked_or_orphan_tokens_get_the_same_answer() -> None:
    hospital, closed = organisation(), organisation("Clinique fermée")
    revoked, orphan = token_of(hospital), token_of(closed)
    assert actions.revoke_token(revoked, at=AT)
    assert not actions.revoke_token(revoked, at=AT)
    put_organisation(Organisation(closed.id, closed.name, "", "", "SA01", "52", (), active=False))
    foreign = token_of(hospital)
    answers = {
        refusal("x" * 43),
        refusal(token_of(hospital) + "A"),
        refusal(foreign, audience="https://other.test/fhir"),
        refusal(foreign, audience=f"{FHIR}/"),
        refusal(revoked),
        refusal(orphan),
    }
    assert answers == {("token_invalid", "", "")}


def test_an_expired_token_says_so_and_a_revoked_one_does_not() -> None:
    token = token_of(organisation())
    assert refusal(token, at=AT + HOUR) == ("token_expired", "", "")
    actions.revoke_token(token, at=AT)
    assert refusal(token, at=AT + HOUR) == ("token_invalid", "", "")


def test_a_token_without_the_scope_of_the_operation_is_refused() -> None:
    token = token_of(organisation())
    assert refusal(token, scope="system/Binary.r") == ("scope_insufficient", "", "system/Binary.r")
    assert refusal(token, scope="system/DocumentReference") == ("scope_insufficient", "", "system/DocumentReference")


def test_a_closed_client_loses_its_tokens_at_once() -> None:
    hospital = organisation()
    client = f"client-{uuid4()}"
    actions.register_client(client_id=client, organisation_id=hospital.id, name="DPI", jwks=jwks(), at=AT)
    token = token_of(hospital, client=client)
    assert actor_of_token(token, audience=FHIR, at=AT).id == hospital.id
    actions.close_client(client_id=client)
    assert refusal(token) == ("token_invalid", "", "")


def _holder_token(of: Holder, *, patient: Holder | None = None) -> str:
    return actions.issue_token(
        actor_kind=ActorKind.HOLDER,
        actor_id=of.patient,
        patient=(patient or of).patient,
        audience=FHIR,
        scope="patient/DocumentReference.rs",
        at=AT,
        lifetime=HOUR,
    )


def test_a_holder_is_known_by_their_own_token_and_never_by_one_about_somebody_else() -> None:
    camille, other = holder(), holder(birth_name="AUTRE")
    actor = actor_of_token(_holder_token(camille), audience=FHIR, at=AT)
    assert (actor.kind, actor.patient, actor.name) == (ActorKind.HOLDER, camille.patient, "")
    assert refusal(_holder_token(camille, patient=other)) == ("token_invalid", "", "")


def _professional_token(of: Professional, where: UUID | None) -> str:
    return actions.issue_token(
        actor_kind=ActorKind.PROFESSIONAL,
        actor_id=of.id,
        organisation=where,
        audience=FHIR,
        scope=" ".join(PROFESSIONAL_SCOPES),
        at=AT,
        lifetime=HOUR,
    )


def test_a_professional_is_known_where_they_act_and_nowhere_else() -> None:
    hospital, elsewhere = organisation(), organisation("Ailleurs")
    activity = Activity(hospital.id, hospital.name, hospital.finess, sector="SA01", region="52")
    national_id = "810999000010"
    anne = put_professional(Professional(uuid4(), national_id, "MOREL", "ANNE", "10", activities=(activity,)))
    actor = actor_of_token(
        _professional_token(anne, hospital.id), audience=FHIR, at=AT, scopes={ActorKind.PROFESSIONAL: USER_SEARCH}
    )
    assert (actor.kind, actor.id, actor.name) == (ActorKind.PROFESSIONAL, anne.id, "Anne Morel")
    assert (actor.organisation, actor.organisation_name) == (hospital.id, "Hôpital des Remparts")
    assert (actor.profession, actor.national_id, actor.patient) == ("10", national_id, None)
    assert refusal(_professional_token(anne, elsewhere.id)) == ("token_invalid", "", "")
    assert refusal(_professional_token(anne, None)) == ("token_invalid", "", "")
    token = _professional_token(anne, hospital.id)
    put_professional(replace(anne, activities=()))
    assert refusal(token) == ("token_invalid", "", "")


@pytest.mark.parametrize(
    ("granted", "needed", "covered"),
    [
        ("user/DocumentReference.cruds", "user/DocumentReference.rs", True),
        ("user/DocumentReference.c user/DocumentReference.s", "user/DocumentReference.cs", True),
        ("user/DocumentReference.cruds user/Binary.r", "user/Binary.r", True),
        ("user/DocumentReference.rs", "user/DocumentReference.c", False),
        ("user/DocumentReference.cruds", "patient/DocumentReference.r", False),
        ("user/DocumentReference.cruds", "user/List.r", False),
        ("user/DocumentReference.cruds", "user/DocumentReference", False),
        ("user/DocumentReference.cruds", "user/DocumentReference.", False),
        ("user/DocumentReference.", "user/DocumentReference.r", False),
        ("user/DocumentReference.sr", "user/DocumentReference.r", False),
        ("user/*.cruds", "user/DocumentReference.r", False),
        ("", "user/DocumentReference.r", False),
        ("user/DocumentReference.r", "", False),
    ],
)
def test_a_scope_covers_its_own_letters_and_nothing_else(granted: str, needed: str, covered: bool) -> None:
    assert covers(granted, needed) is covered


def test_a_client_revokes_its_own_tokens_only() -> None:
    hospital = organisation()
    client = f"client-{uuid4()}"
    actions.register_client(client_id=client, organisation_id=hospital.id, name="DPI", jwks=jwks(), at=AT)
    token = token_of(hospital, client=client)
    assert not actions.revoke_token(token, at=AT, client="another")
    assert actor_of_token(token, audience=FHIR, at=AT).id == hospital.id
    assert actions.revoke_token(token, at=AT, client=client)
    assert refusal(token) == ("token_invalid", "", "")


def test_the_table_gives_no_token_away() -> None:
    token = token_of(organisation())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_token t WHERE t::text LIKE %s", [f"%{token}%"])
        assert cursor.fetchone() == (0,)


@given(st.text(max_size=80))
def test_any_text_is_a_token_that_is_not_valid(text: str) -> None:
    assert refusal(text) == ("token_invalid", "", "")


def test_an_assertion_serves_once_for_each_client() -> None:
    one, two = f"client-{uuid4()}", f"client-{uuid4()}"
    later = AT + timedelta(minutes=5)
    used = [actions.use_assertion(client_id=who, jti="j", expires_at=later, at=AT) for who in (one, one, two)]
    assert used == [True, False, True]


def test_what_has_expired_is_forgotten_for_one_client_at_a_time() -> None:
    hospital = organisation()
    client = f"client-{uuid4()}"
    actions.use_assertion(client_id=client, jti="old", expires_at=AT, at=AT)
    old = token_of(hospital, client=client)
    actions.use_assertion(client_id=client, jti="new", expires_at=AT + HOUR, at=AT + HOUR / 2)
    actions.issue_token(
        actor_kind=ActorKind.ORGANISATION,
        actor_id=hospital.id,
        client=client,
        audience=FHIR,
        scope=FEED,
        at=AT + timedelta(days=2),
        lifetime=HOUR,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT jti FROM catalogue_assertion WHERE client_id = %s", [client])
        assert cursor.fetchall() == [("new",)]
        cursor.execute("SELECT count(*) FROM catalogue_token WHERE client_id = %s", [client])
        assert cursor.fetchone() == (1,)
    assert refusal(old, at=AT + timedelta(days=2)) == ("token_invalid", "", "")


@pytest.mark.parametrize(
    ("kind", "scopes"),
    [
        (ActorKind.HOLDER, HOLDER_SCOPES),
        (ActorKind.PROFESSIONAL, PROFESSIONAL_SCOPES),
        (ActorKind.ORGANISATION, FEEDER_SCOPES),
    ],
)
def test_no_more_is_granted_than_a_door_asks_for(kind: ActorKind, scopes: tuple[str, ...]) -> None:
    asked = [route.openings[kind].scope for route in ROUTES if kind in route.openings]
    for scope in scopes:
        name, _, letters = scope.rpartition(".")
        for letter in letters:
            assert any(covers(one, f"{name}.{letter}") for one in asked), f"{name}.{letter}"
