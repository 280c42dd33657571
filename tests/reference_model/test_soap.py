"""The SOAP door knows no rule of its own: to everybody, about every document, its stored queries and its retrieval tell
what the independent model says of their twins at the FHIR door."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from cast import sender
from espace import edge
from espace.access import gate
from espace.kernel.words import Purpose, Verb
from espace.record import queries
from espace.wire.ebxml.schemes import StoredQuery
from exchange.xds.consulting import ANY_STATUS, Told, find, query, read
from reference_model.facts import ARCHIVED, CURRENT, DELETED, SUPERSEDED, Person, World
from reference_model.model import answer
from reference_model.people import BY_NAME, PEOPLE, Cast
from reference_model.worlds import DOCUMENTS, FEW, Real, build

pytestmark = pytest.mark.django_db

WORLDS = {
    "full": (World("soap", "activated"), DOCUMENTS),
    "masked_in_emergency": (World("soap masked", "activated", masked_in_emergency=True), FEW),
    "no_emergencies": (World("soap no emergency", "activated", emergencies=False), FEW),
    "opposed": (World("opposed", "opposed"), FEW),
    "suspended": (World("suspended", "suspended"), FEW),
}
_SEARCH, _READ, _BINARY = "GET /fhir/DocumentReference", "GET /fhir/DocumentReference/{id}", "GET /fhir/Binary/{id}"
_STATUSES = {"Approved": CURRENT, "Archived": ARCHIVED, "Deprecated": SUPERSEDED, "Deleted": DELETED}
CALLERS = tuple(one for one in PEOPLE if one.profession or one.name in ("hospital", "laboratory"))


@pytest.fixture(scope="module")
def crew(django_db_setup: None, django_db_blocker: Any) -> Cast:
    with django_db_blocker.unblock():
        return Cast()


@pytest.mark.parametrize("name", WORLDS)
def test_soap_tells_what_the_model_says_of_fhir(crew: Cast, name: str) -> None:
    model, documents = WORLDS[name]
    real = build(model, documents, crew, set(BY_NAME))
    crew.freeze()
    names = unique_ids(real, crew)
    found = [f"{who.name}: {one}" for who in CALLERS for one in _differences(real, who, names)]
    assert not found, "\n".join(found)


def unique_ids(real: Real, crew: Cast) -> Mapping[str, str]:
    """Of each document of the world, seen or not, as filing alone may ask; none where nothing may be filed."""
    if real.model.state == "opposed":
        return {}
    hospital = sender(crew.organisations["hospital"])
    with gate.open_record(
        actor=hospital, patient=real.of.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=edge.now()
    ) as grant:
        kept = queries.kept(grant, list(real.ids.values()))
    return {name: kept[id].stated.entry.unique_id for name, id in real.ids.items()}


def _differences(real: Real, who: Person, names: Mapping[str, str]) -> list[str]:
    caller = real.crew.professionals.get(who.name) or real.crew.organisations[who.name]
    expected = answer(real.model, who, "mhd", _SEARCH)
    told = find(caller, real.of, status=ANY_STATUS)
    if expected.code:
        return [] if _reason(told) == expected.code else [f"{_reason(told) or told.status}, the model {expected.code}"]
    found = [_odd("search", dict(expected.seen or {}), _said(real, told))]
    if who.profession:
        by_id = [("$XDSDocumentEntryEntryUUID", "(" + ",".join(f"'urn:uuid:{one}'" for one in real.ids.values()) + ")")]
        seen = _said(real, query(caller, real.of, StoredQuery.GET_DOCUMENTS, by_id))
        found += [_odd("by id", _allowed(real, who, _READ), set(seen))]
        wanted = [(settings.ESPACE_REPOSITORY_OID, one) for one in names.values()]
        bearers = {unique: name for name, unique in names.items()}
        got = {bearers[unique] for unique, _ in read(caller, real.of, *wanted).contents}
        found += [_odd("contents", _allowed(real, who, _BINARY), got)]
    return [one for one in found if one]


def _allowed(real: Real, who: Person, name: str) -> set[str]:
    return {one for one in real.ids if answer(real.model, who, "mhd", name, one).status < 400}


def _reason(told: Told) -> str:
    return told.errors[0][1] if told.errors else ""


def _said(real: Real, told: Told) -> dict[str, str]:
    entries = (*told.of("ExtrinsicObject"), *told.of("ObjectRef"))
    known = {id: name for name, id in real.ids.items()}
    return {known[UUID(one.id)]: _STATUSES[one.status.rpartition(":")[2]] for one in entries if UUID(one.id) in known}


def _odd(what: str, model: Any, door: Any) -> str:
    return "" if model == door else f"{what}: the model {model}, the door {door}"
