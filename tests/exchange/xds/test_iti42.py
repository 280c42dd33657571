"""ITI-42: documents that an organisation keeps itself are known here, and never looked for here."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection

import door
import soap_door as soap
import soaping
from cast import Holder, consents, holder, professional
from door import lines_of
from espace import edge
from espace.exchange.xds.transactions import REGISTER
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Verb
from espace.record.queries import contents
from exchange.xds.consulting import find, read
from portal.helpers import member, signed_in
from record.test_masking import mask
from soap_door import as_feeder, send

pytestmark = pytest.mark.django_db

THEIRS = "1.2.250.1.999.1.1"
KEPT = soaping.slot("repositoryUniqueId", THEIRS)
ENTRY = "RegistryObjectList/ExtrinsicObject[1]"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def camille() -> Holder:
    return holder()


def registration(of: Holder, uid: str = "", *, more: str = KEPT, beside: str = "", **said: Any) -> str:
    """A request with one document of this person, kept by the hospital."""
    stated = {"uid": uid or f"urn:uuid:{uuid4()}", "cx": soap.cx(of), "traits": soap.traits(of), "more": more, **said}
    return (
        f'<lcm:SubmitObjectsRequest xmlns:lcm="{LCM}" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
        "<rim:RegistryObjectList>"
        + soaping.document(**stated)
        + soaping.submission_set(uid=f"urn:uuid:{uuid4()}", cx=soap.cx(of))
        + soaping.member()
        + beside
        + "</rim:RegistryObjectList></lcm:SubmitObjectsRequest>"
    )


def register(body: str, by: Organisation) -> soap.Answer:
    return send(body, as_feeder(by), path=soap.REGISTRY, action=REGISTER.action)


def reader(of: Holder) -> Professional:
    anne = professional()
    consents(of, anne, at=edge.now())
    return anne


def by_fhir(of: Holder) -> dict[str, Any]:
    asked = f"patient.identifier=urn:oid:{of.ins.authority}|{of.ins.number}"
    answer = door.call("GET", "/fhir/DocumentReference", token=door.holder_token(of.patient), query=asked)
    [found] = answer.json["entry"]
    return dict(found["resource"])


def test_it_is_found_with_its_repository_and_read_from_there_only(hospital: Organisation, camille: Holder) -> None:
    uid, anne = f"urn:uuid:{uuid4()}", reader(camille)
    answer = register(registration(camille, uid), hospital)
    assert (answer.http, answer.status, answer.errors) == (200, "Success", [])
    assert Verb.DEPOSIT in {line.verb for line in lines_of(camille)}
    [entry] = find(anne, camille).of("ExtrinsicObject")
    assert entry.slot("repositoryUniqueId") == THEIRS
    assert (entry.slot("hash"), entry.slot("size")) == (hashlib.sha1(soaping.CONTENT).hexdigest(), "20")
    assert read(anne, camille, (THEIRS, uid)).errors == [("XDSUnknownRepositoryId", "repository_unknown")]
    here, nowhere = ((settings.ESPACE_REPOSITORY_OID, name) for name in (uid, f"urn:uuid:{uuid4()}"))
    assert read(anne, camille, here).errors == read(anne, camille, nowhere).errors


def test_the_fhir_door_says_what_it_is_and_gives_no_address(hospital: Organisation, camille: Holder) -> None:
    register(registration(camille), hospital)
    found = by_fhir(camille)
    attachment = found["content"][0]["attachment"]
    assert (attachment["size"], "url" in attachment) == (20, False)
    answer = door.call("GET", f"/fhir/Binary/{found['id']}", token=door.holder_token(camille.patient))
    assert (answer.status, answer.codes) == (404, ["content_elsewhere"])


def test_what_may_not_be_seen_is_as_absent_here_as_elsewhere(hospital: Organisation, camille: Holder) -> None:
    register(registration(camille), hospital)
    anne, found = reader(camille), by_fhir(camille)
    token = door.professional_token(anne)
    assert door.call("GET", f"/fhir/Binary/{found['id']}", token=token).codes == ["content_elsewhere"]
    mask(camille, UUID(found["id"]))
    hidden = door.call("GET", f"/fhir/Binary/{found['id']}", token=token)
    absent = door.call("GET", f"/fhir/Binary/{uuid4()}", token=token)
    assert (hidden.status, hidden.body) == (absent.status, absent.body)


def test_again_changes_nothing_and_other_bytes_are_refused(hospital: Organisation, camille: Holder) -> None:
    uid = f"urn:uuid:{uuid4()}"
    assert [register(registration(camille, uid), hospital).status for _ in range(2)] == ["Success"] * 2
    other = register(registration(camille, uid, content=b"other"), hospital)
    assert [code for code, _ in other.errors] == ["XDSNonIdenticalHash"]
    with_bytes = send(soap.deposit(camille, uid=uid), as_feeder(hospital))
    assert [code for code, _ in with_bytes.errors] == ["XDSNonIdenticalHash"]
    by_fhir(camille)


def test_a_version_kept_there_replaces_one_kept_here(hospital: Organisation, camille: Holder) -> None:
    assert send(soap.deposit(camille), as_feeder(hospital)).status == "Success"
    old = by_fhir(camille)
    replaces = soaping.association(soaping.RPLC, "Document01", f"urn:uuid:{old['id']}")
    assert register(registration(camille, beside=replaces), hospital).status == "Success"
    [entry] = find(reader(camille), camille).of("ExtrinsicObject")
    assert entry.slot("repositoryUniqueId") == THEIRS


def test_those_who_look_for_lost_bytes_do_not_look_for_these(hospital: Organisation, camille: Holder) -> None:
    register(registration(camille), hospital)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, content FROM record_entry WHERE patient_id = %s", [camille.patient])
        [(entry, content)] = cursor.fetchall()
    assert content.int == 0
    assert entry not in {one.entry for one in contents.check((camille.patient, content), 100).ailing}


Spoil = Callable[[str], str]
NEAR: list[tuple[str, str, str, Spoil]] = [
    ("element_missing", "XDSRegistryMetadataError", f"{ENTRY}/Slot[@name='repositoryUniqueId']",
     lambda b: b.replace(KEPT, "")),
    ("element_missing", "XDSRegistryMetadataError", f"{ENTRY}/Slot[@name='hash']",
     lambda b: b.replace('name="hash"', 'name="urn:hash"')),
    ("element_missing", "XDSRegistryMetadataError", f"{ENTRY}/Slot[@name='size']",
     lambda b: b.replace('name="size"', 'name="urn:size"')),
    ("source_not_yours", "XDSRegistryMetadataError", f"{ENTRY}/Slot[@name='repositoryUniqueId']",
     lambda b: b.replace(KEPT, soaping.slot("repositoryUniqueId", "1.2.250.1.999.1.2"))),
    ("source_not_yours", "XDSRegistryMetadataError", f"{ENTRY}/Slot[@name='repositoryUniqueId']",
     lambda b: b.replace(KEPT, soaping.slot("repositoryUniqueId", settings.ESPACE_REPOSITORY_OID))),
    ("content_type_unsupported", "XDSRepositoryMetadataError", f"{ENTRY}/@mimeType",
     lambda b: b.replace("text/plain", "text/html")),
    ("value_invalid", "XDSRegistryMetadataError", f"{ENTRY}/Slot[@name='size']",
     lambda b: b.replace(">20<", ">2147483648<")),
    ("element_unsupported", "XDSRegistryMetadataError", "SubmitObjectsRequest",
     lambda b: b.replace("</lcm:", '<Document xmlns="urn:ihe:iti:xds-b:2007" id="Document01">QQ==</Document></lcm:')),
    ("code_unknown", "XDSRegistryMetadataError", f"{ENTRY}/Classification[typeCode]",
     lambda b: b.replace('"11502-2"', '"99999-9"')),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "code", "place", "spoil"), NEAR, ids=[f"{r} {p}" for r, _, p, _ in NEAR])
def test_a_near_miss_is_refused_at_its_place(
    hospital: Organisation, camille: Holder, reason: str, code: str, place: str, spoil: Spoil
) -> None:
    answer = register(spoil(registration(camille)), hospital)
    assert (answer.status, answer.errors) == ("Failure", [(code, place)])
    assert f"[{reason}]" in answer.contexts[0]
    asked = f"patient.identifier=urn:oid:{camille.ins.authority}|{camille.ins.number}"
    told = door.call("GET", "/fhir/DocumentReference", token=door.holder_token(camille.patient), query=asked)
    assert "entry" not in told.json


def test_bytes_are_not_sent_here(hospital: Organisation, camille: Holder) -> None:
    who, parts = as_feeder(hospital), {"one@x": b"bytes"}
    refused = send(registration(camille), who, path=soap.REGISTRY, action=REGISTER.action, parts=parts)
    assert refused.http == 400


def test_its_page_says_who_keeps_it_and_offers_no_file(hospital: Organisation) -> None:
    somebody = member()
    register(registration(somebody.of, mime="application/pdf"), hospital)
    browser, address = signed_in(somebody), f"/documents/{by_fhir(somebody.of)['id']}/"
    page = browser.get(address).content.decode()
    assert "conservé par Hôpital des Remparts" in page
    assert "telecharger" not in page and "<iframe" not in page
    refused = browser.get(f"{address}telecharger/")
    assert refused.status_code == 404 and "conservé par l’établissement" in refused.content.decode()
    assert "ITI-" not in refused.content.decode()


def test_it_leaves_in_no_archive_and_its_size_is_not_what_is_told(hospital: Organisation) -> None:
    somebody = member()
    assert send(soap.deposit(somebody.of), as_feeder(hospital)).status == "Success"
    here = by_fhir(somebody.of)["id"]
    register(registration(somebody.of).replace(">20<", ">2147483647<"), hospital)
    answer = door.call(
        "GET", "/fhir/DocumentReference", token=door.holder_token(somebody.of.patient),
        query=f"patient.identifier=urn:oid:{somebody.of.ins.authority}|{somebody.of.ins.number}",
    )  # fmt: skip
    [there] = {one["resource"]["id"] for one in answer.json["entry"]} - {here}
    refused = signed_in(somebody).get(f"/documents/archive/?document={here}&document={there}")
    assert refused.status_code == 404 and "conservé par l’établissement" in refused.content.decode()
