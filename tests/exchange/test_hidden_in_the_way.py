"""A refusal for something that its holder may not know of leaves them no line; the same for what shows leaves one."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

import bundles
from cast import Holder, consents, fresh_ins, holder, organisation, professional
from door import Answer, call, deposit_of, feeder_token, lines_of, professional_token, send
from espace import edge
from espace.identity.facts import Organisation
from espace.kernel.words import Verb, Visibility
from espace.trace.facts import Outcome, TraceEvent
from exchange.publishing import FEED
from workstation.desk import Desk

pytestmark = pytest.mark.django_db

HELD = frozenset({Visibility.INVISIBLE_PATIENT})
Bundle = dict[str, Any]


def labelled(made: Bundle, *labels: str) -> Bundle:
    made["entry"][1]["resource"]["securityLabel"] += [bundles.coding(label) for label in labels]
    return made


def replacing(made: Bundle, reference: str) -> Bundle:
    made["entry"][1]["resource"]["relatesTo"] = [{"code": "replaces", "target": {"reference": reference}}]
    return made


def filed(answer: Answer) -> str:
    """The reference of the document that a bundle filed."""
    assert answer.status == 200, answer.json
    places = [one["response"]["location"] for one in answer.json["entry"]]
    [found] = [place for place in places if place.startswith("DocumentReference/")]
    return "/".join(found.split("/")[:2])


def refused_lines(of: Holder) -> list[TraceEvent]:
    return [line for line in lines_of(of) if line.outcome is Outcome.REFUSED]


def same_id(of: Holder, hospital: Organisation, labels: tuple[str, ...]) -> Answer:
    uid = f"urn:uuid:{uuid4()}"
    filed(send(labelled(deposit_of(of, uid=uid), *labels), hospital))
    return send(deposit_of(of, b"autre chose", uid=uid), hospital)


def same_id_elsewhere(of: Holder, hospital: Organisation, labels: tuple[str, ...]) -> Answer:
    uid = f"urn:uuid:{uuid4()}"
    filed(send(labelled(deposit_of(of, uid=uid), *labels), hospital))
    return send(deposit_of(of, uid=uid), organisation("Laboratoire du Quai"))


def same_set(of: Holder, hospital: Organisation, labels: tuple[str, ...]) -> Answer:
    first, second = labelled(deposit_of(of), *labels), deposit_of(of, b"autre chose")
    second["entry"][0]["resource"]["identifier"] = first["entry"][0]["resource"]["identifier"]
    filed(send(first, hospital))
    return send(second, hospital)


def replaced_already(of: Holder, hospital: Organisation, labels: tuple[str, ...]) -> Answer:
    old = filed(send(deposit_of(of), hospital))
    filed(send(labelled(replacing(deposit_of(of, b"version 2"), old), *labels), hospital))
    return send(replacing(deposit_of(of, b"une autre version 2"), old), hospital)


Attempt = Callable[[Holder, Organisation, tuple[str, ...]], Answer]


@pytest.mark.parametrize("attempt", [same_id, same_id_elsewhere, same_set, replaced_already])
def test_a_refused_deposit_tells_of_what_shows_and_of_nothing_held(attempt: Attempt) -> None:
    hospital = organisation()
    for labels, hidden in (((), frozenset[Visibility]()), (("INVISIBLE_PATIENT",), HELD)):
        camille = holder()
        assert attempt(camille, hospital, labels).status in (409, 422)
        [line] = refused_lines(camille)
        assert line.hidden_from == hidden


def test_a_deposit_refused_for_itself_is_told_whatever_else_the_record_holds() -> None:
    hospital, camille = organisation(), holder()
    filed(send(labelled(deposit_of(camille), "INVISIBLE_PATIENT"), hospital))
    made = deposit_of(camille)
    made["entry"][1]["resource"]["contained"][0]["birthDate"] = "1985-03-08"
    assert send(made, hospital).codes == ["traits_disagree"]
    [line] = refused_lines(camille)
    assert line.hidden_from == frozenset()


@pytest.mark.parametrize(("labels", "hidden"), [((), frozenset()), (("INVISIBLE_PATIENT",), HELD)])
def test_a_reading_refused_halfway_is_told_as_its_document_is(
    labels: tuple[str, ...], hidden: frozenset[Visibility]
) -> None:
    hospital, camille, anne = organisation(), holder(), professional()
    reference = filed(send(labelled(deposit_of(camille), *labels), hospital))
    consents(camille, anne, at=edge.now())
    binary = f"/fhir/Binary/{reference.removeprefix('DocumentReference/')}"
    assert call("GET", binary, token=professional_token(anne), accept="image/png").status == 406
    [line] = refused_lines(camille)
    assert (line.verb, line.hidden_from) == (Verb.DOWNLOAD, hidden)


@pytest.mark.parametrize(("labels", "hidden"), [((), frozenset()), (("INVISIBLE_PATIENT",), HELD)])
def test_a_set_that_does_not_show_is_told_as_its_documents_are(
    labels: tuple[str, ...], hidden: frozenset[Visibility]
) -> None:
    """Of a kind that this profession does not read: an id that leads nowhere leaves no line at all."""
    hospital, camille, anne = organisation(), holder(), professional(profession="41")
    answer = send(labelled(deposit_of(camille), *labels), hospital)
    [place] = [one["response"]["location"] for one in answer.json["entry"] if "List/" in one["response"]["location"]]
    consents(camille, anne, at=edge.now())
    assert call("GET", f"/fhir/{'/'.join(place.split('/')[:2])}", token=professional_token(anne)).status == 404
    [line] = refused_lines(camille)
    assert line.hidden_from == hidden


@pytest.mark.parametrize(("labels", "hidden"), [((), frozenset()), (("INVISIBLE_PATIENT",), HELD)])
def test_a_change_refused_because_of_a_newer_version_is_told_as_that_version_is(
    labels: tuple[str, ...], hidden: frozenset[Visibility]
) -> None:
    hospital, camille = organisation(), holder()
    old = filed(send(deposit_of(camille), hospital))
    filed(send(labelled(replacing(deposit_of(camille, b"version 2"), old), *labels), hospital))
    answer = call("DELETE", f"/fhir/{old}", token=feeder_token(hospital, scope=FEED), if_match='W/"avant"')
    assert answer.status == 412
    [line] = refused_lines(camille)
    assert line.hidden_from == hidden


def test_an_ins_of_nobody_costs_one_place_at_whatever_doors_it_is_asked() -> None:
    anne, ins = professional(), fresh_ins()
    Desk(anne).post("/pro/", {"ins": ins.number})
    token = professional_token(anne, scope="user/Patient.rs user/DocumentReference.cruds")
    call("GET", "/fhir/Patient", token=token, query=f"identifier=urn:oid:{ins.authority}|{ins.number}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT subject) FROM access_seen WHERE professional_id = %s", [anne.id])
        assert cursor.fetchone() == (1,)
