"""ITI-57 from end to end: what SOAP changes FHIR sees, and the reverse; by who filed or wrote it, and nobody else."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

import door
import soap_door as soap
import soaping
from cast import Holder, consents, holder, professional
from door import feeder_token, holder_token, lines_of
from espace import edge
from espace.access import gate
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Purpose, Verb
from espace.record import actions
from espace.wire.ebxml.schemes import StoredQuery
from exchange.publishing import FEED, IS_ARCHIVED, patch, stored
from exchange.xds.consulting import Told
from soap_door import Answer, as_doctor, as_feeder, send
from wire.ebxml.asking import adhoc
from wire.ebxml.updating import ACTION, entry, labelled, member, move, request, restated

pytestmark = pytest.mark.django_db

ENTRY, LINK = "RegistryObjectList/ExtrinsicObject[1]", "RegistryObjectList/Association[1]"
MASKING = [{"op": "add", "path": "/securityLabel/-", "value": {"coding": [{"code": "MASQUE_PS"}]}}]
ARCHIVING = [{"op": "add", "path": "/extension/-", "value": {"url": IS_ARCHIVED, "valueBoolean": True}}]


@dataclass(frozen=True)
class Filed:
    """A document that SOAP filed: its id here, and its entry as it was stated."""

    id: UUID
    stated: str


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def camille() -> Holder:
    return holder()


def filed(of: Holder, by: Organisation, *labels: str, author: Professional | None = None, more: str = "") -> Filed:
    stated = soaping.document(
        uid=f"urn:uuid:{uuid4()}", cx=soap.cx(of), traits=soap.traits(of), labels=labels or ("N",)
    )
    if author:
        stated = stated.replace("810001288385", author.national_id)
    body = soaping.provide(
        stated, soaping.submission_set(uid=f"urn:uuid:{uuid4()}", cx=soap.cx(of)), soaping.member(), more
    )
    before = {str(row[0]) for row in stored(of)}
    assert send(body, as_feeder(by)).errors == []
    [found] = {str(row[0]) for row in stored(of)} - before
    return Filed(UUID(found), stated)


def shown(of: Holder, identifier: UUID) -> tuple[str, list[str], bool]:
    """What FHIR tells the holder: status, labels, whether it is archived; nothing of a document that is not there."""
    answer = door.call("GET", f"/fhir/DocumentReference/{identifier}", token=holder_token(of.patient))
    if answer.status == 404:
        return "", [], False
    labels = [one["coding"][0]["code"] for one in answer.json["securityLabel"]]
    return answer.json["status"], labels, bool(answer.json.get("extension"))


def updates(who: tuple[Any, Any], of: Holder, *objects: str) -> Answer:
    return send(request(*objects, cx=soap.cx(of)), who, path=soap.REGISTRY, action=ACTION)


def follows(by: Organisation, of: Holder, identifier: UUID) -> tuple[str, str]:
    """Status and version of a deposit, as ITI-18 tells them to its depositor."""
    cx = soap.cx(of).replace("&amp;", "&")
    body = adhoc(StoredQuery.GET_DOCUMENTS, [("$XDSDocumentEntryEntryUUID", f"('urn:uuid:{identifier}')")]).decode()
    answer = send(body, as_feeder(by, patient=cx), path=soap.REGISTRY, action="urn:ihe:iti:2007:RegistryStoredQuery")
    [one] = Told(etree.tostring(answer.body)).objects
    return one.status.rpartition(":")[2], one.version


def test_a_document_is_archived_taken_back_and_deleted(camille: Holder, hospital: Organisation) -> None:
    one = filed(camille, hospital)
    answer = updates(as_feeder(hospital), camille, move(one.id, "Approved", "Archived"))
    assert (answer.http, answer.status, answer.errors) == (200, "Success", [])
    assert shown(camille, one.id) == ("current", ["N"], True)
    assert follows(hospital, camille, one.id) == ("Archived", "2")
    assert updates(as_feeder(hospital), camille, move(one.id, "Archived", "Approved")).status == "Success"
    assert shown(camille, one.id) == ("current", ["N"], False)
    assert updates(as_feeder(hospital), camille, move(one.id, "Approved", "Deleted")).status == "Success"
    assert shown(camille, one.id) == ("", [], False)
    assert follows(hospital, camille, one.id) == ("Deleted", "4")
    line = next(line for line in lines_of(camille) if line.verb is Verb.AMEND)
    assert (line.reason, line.objects) == ("author_amends", (one.id,))
    for after in ("Approved", "Archived", "Deleted"):
        again = updates(as_feeder(hospital), camille, move(one.id, "Deleted", after))
        assert again.errors == [("XDSMetadataUpdateError", f"{LINK}/Slot[@name='NewStatus']")]
        assert again.contexts[0].startswith("[change_refused] ")


def test_a_document_is_masked_and_unmasked_from_the_version_that_was_read(
    camille: Holder, hospital: Organisation
) -> None:
    one = filed(camille, hospital)
    masking = restated(one.id, labelled(one.stated, "N", "MASQUE_PS"))
    assert updates(as_feeder(hospital), camille, masking).errors == []
    assert shown(camille, one.id) == ("current", ["N", "MASQUE_PS"], False)
    assert follows(hospital, camille, one.id) == ("Approved", "2")
    late = updates(as_feeder(hospital), camille, restated(one.id, one.stated))
    assert late.errors == [("XDSMetadataVersionError", f"{ENTRY}/@lid")]
    assert late.contexts[0].startswith("[update_outdated] ")
    assert updates(as_feeder(hospital), camille, restated(one.id, one.stated, 2)).status == "Success"
    assert shown(camille, one.id) == ("current", ["N"], False)


def test_a_document_is_shown_to_the_patient_and_not_hidden_again(camille: Holder, hospital: Organisation) -> None:
    one = filed(camille, hospital)
    held = filed(camille, hospital, "N", "INVISIBLE_PATIENT")
    assert shown(camille, held.id) == ("", [], False)
    assert updates(as_feeder(hospital), camille, restated(held.id, labelled(held.stated, "N"))).errors == []
    assert shown(camille, held.id)[:2] == ("current", ["N"])
    hiding = restated(one.id, labelled(one.stated, "N", "INVISIBLE_PATIENT"))
    refused = updates(as_feeder(hospital), camille, hiding)
    assert refused.errors == [("XDSMetadataUpdateError", f"{ENTRY}/Classification[confidentialityCode]")]


def test_both_at_once_are_one_change(camille: Holder, hospital: Organisation) -> None:
    one = filed(camille, hospital)
    both = (restated(one.id, labelled(one.stated, "N", "MASQUE_PS")), move(one.id, "Approved", "Archived"))
    assert updates(as_feeder(hospital), camille, *both).errors == []
    assert shown(camille, one.id) == ("current", ["N", "MASQUE_PS"], True)
    assert follows(hospital, camille, one.id) == ("Archived", "2")


def test_what_fhir_changed_soap_knows(camille: Holder, hospital: Organisation) -> None:
    one, token = filed(camille, hospital), feeder_token(hospital, scope=FEED)
    assert patch(str(one.id), MASKING, token).status == 200
    assert patch(str(one.id), ARCHIVING, token).status == 200
    assert follows(hospital, camille, one.id) == ("Archived", "3")
    stale = updates(as_feeder(hospital), camille, move(one.id, "Approved", "Deleted"))
    assert stale.errors == [("XDSMetadataUpdateError", f"{LINK}/Slot[@name='OriginalStatus']")]
    assert stale.contexts[0].startswith("[update_status_differs] ")
    assert updates(as_feeder(hospital), camille, restated(one.id, one.stated, 3)).status == "Success"
    assert shown(camille, one.id) == ("current", ["N"], True)


def test_an_older_version_is_deleted_and_never_current_again(camille: Holder, hospital: Organisation) -> None:
    old = filed(camille, hospital)
    new = filed(camille, hospital, more=soaping.association(soaping.RPLC, "Document01", f"urn:uuid:{old.id}"))
    back = updates(as_feeder(hospital), camille, move(old.id, "Deprecated", "Approved"))
    assert back.errors == [("XDSMetadataUpdateError", f"{LINK}/Slot[@name='NewStatus']")]
    assert updates(as_feeder(hospital), camille, move(old.id, "Deprecated", "Deleted")).status == "Success"
    assert (shown(camille, old.id)[0], shown(camille, new.id)[0]) == ("", "current")


def test_the_author_changes_it_from_elsewhere_as_a_search_tells_it(camille: Holder, hospital: Organisation) -> None:
    """What GetDocuments answers goes back as it is, with one code more and a version."""
    practice = soap.hospital("Cabinet des Tilleuls")
    anne = professional(at=practice)
    one = filed(camille, hospital, author=anne)
    consents(camille, anne, at=edge.now())
    cx = soap.cx(camille).replace("&amp;", "&")
    query = adhoc(StoredQuery.GET_DOCUMENTS, [("$XDSDocumentEntryEntryUUID", f"('urn:uuid:{one.id}')")]).decode()
    answer = send(query, as_doctor(anne, practice, patient=cx), path=soap.REGISTRY,
                  action="urn:ihe:iti:2007:RegistryStoredQuery")  # fmt: skip
    [found] = answer.body.iter("{*}ExtrinsicObject")
    found.set("id", "Document01")
    told = etree.tostring(found).decode()
    mask = soaping.code("confidentiality", "Document01", "MASQUE_PS", "1.2.250.1.213.1.1.4.13")
    names = f"<ExtrinsicObject {soaping.NAMESPACES.partition(' ')[2]} "
    told = told.replace("<ExtrinsicObject ", names, 1).replace("</ExtrinsicObject>", f"{mask}</ExtrinsicObject>")
    sent = updates(as_doctor(anne, practice, patient=cx), camille, told, member())
    assert (sent.status, sent.errors) == ("Success", [])
    assert shown(camille, one.id) == ("current", ["N", "MASQUE_PS"], False)


def test_a_document_that_fhir_filed_is_restated_as_a_search_tells_it(camille: Holder) -> None:
    place = soap.hospital("Clinique du Parc")
    anne = professional(at=place)
    made = door.deposit_of(camille, soaping.CONTENT)
    made["entry"][1]["resource"]["author"] = [{"identifier": {"value": anne.national_id}}]
    sent = door.send(made, place)
    assert sent.status == 200, sent.body
    identifier = UUID(str(sent.json["entry"][1]["response"]["location"]).split("/")[1])
    consents(camille, anne, at=edge.now())
    cx = soap.cx(camille).replace("&amp;", "&")
    query = adhoc(StoredQuery.GET_DOCUMENTS, [("$XDSDocumentEntryEntryUUID", f"('urn:uuid:{identifier}')")]).decode()
    answer = send(query, as_doctor(anne, place, patient=cx), path=soap.REGISTRY,
                  action="urn:ihe:iti:2007:RegistryStoredQuery")  # fmt: skip
    [found] = answer.body.iter("{*}ExtrinsicObject")
    told = etree.tostring(found).decode().replace(f'id="urn:uuid:{identifier}"', 'id="Document01"', 1)
    back = updates(as_doctor(anne, place, patient=cx), camille, told, member())
    assert (back.status, back.errors) == ("Success", [])


# --- nobody else ------------------------------------------------------------------------------------------


def body_of(answer: Answer) -> tuple[int, str, list[tuple[str, str]], list[str]]:
    return answer.http, answer.status, answer.errors, answer.contexts


def test_absent_and_forbidden_are_told_alike(camille: Holder, hospital: Organisation) -> None:
    one, before = filed(camille, hospital), stored(camille)
    practice = soap.hospital("Cabinet des Tilleuls")
    reader = professional(at=practice)
    consents(camille, reader, at=edge.now())
    for who in (lambda: as_feeder(soap.hospital("Laboratoire")), lambda: as_doctor(reader, practice)):
        for ask in (
            lambda of: move(of, "Approved", "Deleted"),
            lambda of: restated(of, one.stated, 7),
            lambda of: restated(of, labelled(one.stated, "N", "MASQUE_PS")),
        ):
            theirs, nowhere = (updates(who(), camille, ask(of)) for of in (one.id, uuid4()))
            assert body_of(theirs) == body_of(nowhere)
            assert theirs.errors[0][0] == "XDSMetadataUpdateError"
            assert theirs.contexts[0].startswith("[update_unknown] ")
    assert stored(camille) == before
    assert {line.reason for line in lines_of(camille) if line.verb is Verb.AMEND} == {"not_the_author"}


def test_a_document_of_another_patient_is_not_there(camille: Holder, hospital: Organisation) -> None:
    one, zoe = filed(camille, hospital), holder()
    answer = updates(as_feeder(hospital), zoe, move(one.id, "Approved", "Deleted"))
    assert body_of(answer) == body_of(updates(as_feeder(hospital), zoe, move(uuid4(), "Approved", "Deleted")))
    assert shown(camille, one.id)[0] == "current"


@pytest.mark.parametrize("what", ["entry", "assertion"])
def test_all_of_a_request_is_about_one_patient(camille: Holder, hospital: Organisation, what: str) -> None:
    one, zoe = filed(camille, hospital), holder()
    patient = soap.cx(zoe).replace("&amp;", "&") if what == "assertion" else ""
    said = one.stated.replace(soap.cx(camille), soap.cx(zoe)) if what == "entry" else one.stated
    answer = updates(as_feeder(hospital, patient=patient), camille, restated(one.id, labelled(said, "N", "MASQUE_PS")))
    codes = {"entry": "XDSPatientIDReconciliationError", "assertion": "XDSPatientIdDoesNotMatch"}
    assert answer.errors[0][0] == codes[what]
    assert shown(camille, one.id) == ("current", ["N"], False)


def test_the_holders_mask_is_nobody_elses_to_lift_or_to_know(hospital: Organisation) -> None:
    worlds = []
    for masked in (True, False):
        camille = holder()
        one = filed(camille, hospital)
        if masked:
            with gate.open_record(
                actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=edge.now()
            ) as grant:
                actions.mask(grant, one.id)
        answers = [
            updates(as_feeder(hospital), camille, asked)
            for asked in (
                restated(one.id, one.stated),
                restated(one.id, labelled(one.stated, "N", "MASQUE_PS")),
                restated(one.id, one.stated, 2),
                restated(one.id, one.stated, 2),
            )
        ]
        worlds.append([body_of(answer) for answer in answers])
        assert shown(camille, one.id)[1] == (["N", "MASQUE_PS"] if masked else ["N"])
    assert worlds[0] == worlds[1]
    assert [said[1] for said in worlds[0]] == ["Success", "Success", "Success", "Failure"]


# --- near misses --------------------------------------------------------------------------------------------

NEAR: list[tuple[str, str, str, Callable[[Filed], str]]] = [
    ("attribute_kept", "XDSMetadataUpdateError", f"{ENTRY}/Slot[@name='creationTime']",
     lambda one: restated(one.id, one.stated.replace(">20260304093000<", ">20260304093001<"))),
    ("attribute_kept", "XDSMetadataUpdateError", f"{ENTRY}/@mimeType",
     lambda one: restated(one.id, one.stated.replace("text/plain", "text/rtf"))),
    ("attribute_kept", "XDSMetadataUpdateError", f"{ENTRY}/Slot[@name='size']",
     lambda one: restated(one.id, one.stated.replace(f">{len(soaping.CONTENT)}<", ">9<"))),
    ("attribute_kept", "XDSMetadataUpdateError", f"{ENTRY}/Slot[@name='hash']",
     lambda one: restated(one.id, one.stated.replace(hashlib.sha1(soaping.CONTENT).hexdigest(), "0" * 40))),
    ("attribute_kept", "XDSMetadataUpdateError", f"{ENTRY}/Slot[@name='repositoryUniqueId']",
     lambda one: restated(one.id, one.stated.replace(
         "<rim:Name>", soaping.slot("repositoryUniqueId", "1.2.3.4") + "<rim:Name>", 1))),
    ("attribute_kept", "XDSMetadataUpdateError", f"{ENTRY}/Classification[confidentialityCode]",
     lambda one: restated(one.id, labelled(one.stated, "R", "MASQUE_PS"))),
    ("code_unknown", "XDSRegistryMetadataError", f"{ENTRY}/Classification[typeCode]",
     lambda one: restated(one.id, one.stated.replace('"11502-2"', '"11502-9"'))),
    ("class_mismatch", "XDSRegistryMetadataError", f"{ENTRY}/Classification[classCode]",
     lambda one: restated(one.id, one.stated.replace('"11502-2"', '"57833-6"'))),
    ("code_unknown", "XDSRegistryMetadataError", f"{ENTRY}/Classification[practiceSettingCode]",
     lambda one: restated(one.id, one.stated.replace('"ETABLISSEMENT"', '"NULLE_PART"'))),
    ("value_invalid", "XDSRegistryMetadataError", f"{ENTRY}/Name",
     lambda one: restated(one.id, one.stated.replace('"Biologie"', f'"{501 * "x"}"'))),
    ("identifier_kept", "XDSMetadataIdentifierError", f"{ENTRY}/ExternalIdentifier[uniqueId]",
     lambda one: restated(one.id, one.stated.replace(one.stated.split("urn:uuid:")[-1][:36], str(uuid4())))),
    ("update_outdated", "XDSMetadataVersionError", f"{ENTRY}/@lid", lambda one: restated(one.id, one.stated, 2)),
    ("update_status_differs", "XDSMetadataUpdateError", f"{LINK}/Slot[@name='OriginalStatus']",
     lambda one: move(one.id, "Archived", "Approved")),
    ("update_status_differs", "XDSMetadataUpdateError", f"{ENTRY}/@status",
     lambda one: entry(one.id, one.stated).replace(
         " mimeType=", ' status="urn:asip:ci-sis:2010:StatusType:Archived" mimeType=') + member()),
    ("change_refused", "XDSMetadataUpdateError", f"{LINK}/Slot[@name='NewStatus']",
     lambda one: move(one.id, "Approved", "Deprecated")),
    ("change_refused", "XDSMetadataUpdateError", f"{LINK}/Slot[@name='NewStatus']",
     lambda one: move(one.id, "Approved", "Approved")),
    ("change_refused", "XDSMetadataUpdateError", f"{ENTRY}/Classification[confidentialityCode]",
     lambda one: restated(one.id, labelled(one.stated, "N", "INVISIBLE_REPRESENTANTS_LEGAUX"))),
    ("update_not_understood", "XDSMetadataUpdateOperationError", f"{LINK}/Slot[@name='PreviousVersion']",
     lambda one: restated(one.id, one.stated, "")),
    ("update_not_understood", "XDSMetadataUpdateOperationError", f"{LINK}/@associationType",
     lambda one: soaping.association(soaping.RPLC, "SubmissionSet01", f"urn:uuid:{one.id}")),
    ("code_unknown", "XDSRegistryMetadataError", f"{ENTRY}/Classification[confidentialityCode]",
     lambda one: restated(one.id, labelled(one.stated, "N", "MASQUE_PT"))),
    ("update_unknown", "XDSMetadataUpdateError", "RegistryObjectList/Association[2]/@targetObject",
     lambda one: move(one.id, "Approved", "Deleted") + move(uuid4(), "Approved", "Deleted")),
]  # fmt: skip


def test_a_near_miss_has_the_code_of_the_standard_and_changes_nothing(
    camille: Holder, hospital: Organisation
) -> None:
    one = filed(camille, hospital)
    before = stored(camille)
    for reason, code, location, ask in NEAR:
        answer = updates(as_feeder(hospital), camille, ask(one))
        assert (answer.http, answer.status, answer.errors) == (200, "Failure", [(code, location)])
        assert answer.contexts[0].startswith(f"[{reason}] ")
    assert stored(camille) == before


def test_an_update_under_the_action_of_a_registration_changes_nothing(
    camille: Holder, hospital: Organisation
) -> None:
    """ITI-42 has the same body under another action."""
    body, before = request(move(filed(camille, hospital).id, "Approved", "Deleted")), stored(camille)
    answer = send(body, as_feeder(hospital), path=soap.REGISTRY, action="urn:ihe:iti:2007:RegisterDocumentSet-b")
    assert (answer.http, answer.status, stored(camille)) == (200, "Failure", before)


def test_the_associations_of_the_page_are_understood(camille: Holder, hospital: Organisation) -> None:
    page = (Path(__file__).parents[3] / "docs" / "vendors" / "soap.md").read_text("utf-8")
    page = page.partition("## Change what was filed")[2]
    [status, brings, links] = re.findall(r"^```xml\n(<rim:Association .*?)^```$", page, re.MULTILINE | re.DOTALL)
    one, two = filed(camille, hospital), filed(camille, hospital)
    moved = status.replace("0199a2b4-0000-7000-8000-000000000001", str(one.id))
    links = links.replace("0199a2b4-0000-7000-8000-000000000001", str(two.id))
    links = links.replace("0199a2b4-0000-7000-8000-000000000002", str(one.id))
    both = entry(one.id, labelled(one.stated, "N", "MASQUE_PS")) + brings + moved + links
    assert updates(as_feeder(hospital), camille, both).errors == []
    assert shown(camille, one.id) == ("current", ["N", "MASQUE_PS"], True)


def test_the_description_of_the_registry_has_it() -> None:
    found = etree.tostring(soap.described(soap.REGISTRY)).decode()
    assert f'soapAction="{ACTION}"' in found
    assert 'element="lcm:SubmitObjectsRequest"' in found


def counted(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def test_a_change_costs_as_many_statements_whatever_is_there(camille: Holder, hospital: Organisation) -> None:
    one = filed(camille, hospital)
    filed(camille, hospital)
    masking = restated(one.id, labelled(one.stated, "N", "MASQUE_PS"))
    assert (
        counted(lambda: updates(as_feeder(hospital), camille, move(one.id, "Approved", "Archived"))),
        counted(lambda: updates(as_feeder(hospital), camille, masking.replace(">1<", ">2<"))),
    ) == (16, 20)
