"""ITI-18 and ITI-43 through the door itself: filed by SOAP, found, and read to the byte, with a card."""

from typing import Any
from uuid import UUID, uuid4

import pytest

import soap_door as soap
import soaping
from cast import Holder, consents, holder, professional
from door import lines_of
from espace import edge
from espace.exchange.xds.transactions import RETRIEVE, STORED_QUERY
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Verb
from espace.wire.ebxml.schemes import StoredQuery
from exchange.xds.consulting import Told
from soap_door import Answer, as_doctor, as_feeder, deposit, send
from wire.ebxml.asking import APPROVED, adhoc, retrieve

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def camille() -> Holder:
    return holder()


def number(of: Holder) -> str:
    return f"{of.ins.number}^^^&{of.ins.authority}&ISO^NH"


def finds(who: tuple[Any, Any], of: Holder) -> Answer:
    slots = [("$XDSDocumentEntryPatientId", f"'{number(of)}'"), ("$XDSDocumentEntryStatus", APPROVED)]
    body = adhoc(StoredQuery.FIND_DOCUMENTS, slots).decode()
    return send(body, who, path=soap.REGISTRY, action=STORED_QUERY.action)


def reads(who: tuple[Any, Any], *wanted: tuple[str, str]) -> Answer:
    return send(retrieve(*wanted).decode(), who, action=RETRIEVE.action)


def told(answer: Answer) -> Told:
    from lxml import etree

    return Told(etree.tostring(answer.body), answer.parts)


def doctor(of: Holder, at: Organisation) -> Professional:
    anne = professional(at=at)
    consents(of, anne, at=edge.now())
    return anne


def test_filed_found_and_read(hospital: Organisation, camille: Holder) -> None:
    uid, content = f"urn:uuid:{uuid4()}", soaping.CONTENT
    assert send(deposit(camille, uid=uid), as_feeder(hospital)).status == "Success"
    anne = doctor(camille, hospital)

    def card() -> tuple[Any, Any]:
        return as_doctor(anne, hospital, patient=number(camille))

    found = finds(card(), camille)
    assert found.headers["Content-Type"].startswith("application/soap+xml")
    [entry] = told(found).of("ExtrinsicObject")
    assert entry.name == "Biologie"
    answer = reads(card(), (entry.slot("repositoryUniqueId"), uid))
    assert (answer.http, answer.status) == (200, "Success")
    assert answer.headers["Content-Type"].startswith("multipart/related")
    assert told(answer).contents == [(uid, content)]
    lines = [(line.verb, line.actor_id, line.objects) for line in lines_of(camille)[:2]]
    assert lines == [(Verb.DOWNLOAD, anne.id, (UUID(entry.id),)), (Verb.LIST, anne.id, (UUID(entry.id),))]
    missing = reads(card(), (entry.slot("repositoryUniqueId"), "1.2.3"))
    assert (missing.http, missing.status, missing.errors) == (
        200, "Failure", [("XDSDocumentUniqueIdError", "DocumentRequest[1]/DocumentUniqueId")],
    )  # fmt: skip


def test_software_that_feeds_follows_its_deposits_and_reads_none(hospital: Organisation, camille: Holder) -> None:
    uid = f"urn:uuid:{uuid4()}"
    assert send(deposit(camille, uid=uid), as_feeder(hospital)).status == "Success"
    [entry] = told(finds(as_feeder(hospital), camille)).of("ExtrinsicObject")
    assert (entry.name, entry.slots) == ("", {})
    refused = reads(as_feeder(hospital), ("1.2", uid))
    assert refused.fault[2] == "organisation_cannot_read"
