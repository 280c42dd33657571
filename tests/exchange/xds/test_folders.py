"""Filed folders and relations by both doors: what one files the other finds; what is hidden is in no folder."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

import bundles
import door
import soap_door as soap
import soaping
from cast import Holder, consents, holder, organisation, professional, sender
from espace import edge
from espace.identity.facts import Organisation, Professional
from espace.record.facts import Change
from espace.wire.ebxml.objects import Stated
from espace.wire.ebxml.schemes import FOLDER, HAS_MEMBER, Relation, StoredQuery
from espace.wire.ebxml.schemes import Folder as Scheme
from exchange.xds.consulting import ANY_STATUS, Told, cx, filed, find, query
from record.test_amending import amend
from soap_door import as_feeder, send

pytestmark = pytest.mark.django_db

Q = StoredQuery
PAGE = (Path(__file__).parents[3] / "docs" / "vendors" / "soap.md").read_text("utf-8")
APPROVED = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"
UUID_OF = "urn:uuid:"


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def camille() -> Holder:
    return holder()


def reader(of: Holder) -> Professional:
    who = professional()
    consents(of, who, at=edge.now() - timedelta(minutes=1))
    return who


def urn(*ids: UUID | str) -> str:
    return "(" + ",".join(f"'{UUID_OF}{one}'" for one in ids) + ")"


def provide(to: Holder, *more: str, labels: tuple[str, ...] = ("N",), uid: str = "", about: str = "") -> str:
    """One document in a set, and `more` objects."""
    stated = soaping.document(
        uid=uid or f"{UUID_OF}{uuid4()}", cx=about or soap.cx(to), traits=soap.traits(to), labels=labels
    )
    whole = soaping.submission_set(uid=f"{UUID_OF}{uuid4()}", cx=soap.cx(to))
    return soaping.provide(stated, whole, soaping.member(), *more)


def in_folder(to: Holder, *, uid: str, more: str = "", **said: Any) -> tuple[str, ...]:
    made = soaping.folder(uid=uid, cx=soap.cx(to), **said)
    return made, soaping.member("Folder01"), soaping.inside("Document01"), more


def accepted(body: str, by: Organisation) -> None:
    answer = send(body, as_feeder(by))
    assert (answer.status, answer.errors) == ("Success", [])


def folders(told: Told) -> list[Stated]:
    return [one for one in told.of("RegistryPackage") if one.is_a(FOLDER)]


def links(told: Told) -> set[tuple[str, str, str]]:
    return {
        (one.association.rpartition(":")[2], one.source.removeprefix(UUID_OF), one.target.removeprefix(UUID_OF))
        for one in told.of("Association")
    }


def find_folders(who: Professional | Organisation, of: Holder, *more: tuple[str, str]) -> Told:
    slots = [("$XDSFolderPatientId", cx(of)), ("$XDSFolderStatus", APPROVED), *more]
    return query(who, of, Q.FIND_FOLDERS, slots)


def lists(of: Holder, *pairs: tuple[str, str]) -> list[dict[str, Any]]:
    asked = urlencode([*door.named(of).items(), *pairs])
    answer = door.call("GET", "/fhir/List", token=door.holder_token(of.patient), query=asked)
    return [entry["resource"] for entry in answer.json.get("entry", [])]


def test_a_folder_by_soap_is_told_by_every_query_and_by_fhir(hospital: Organisation, camille: Holder) -> None:
    uid, anne = "1.2.250.1.999.1.1.77", reader(camille)
    accepted(provide(camille, *in_folder(camille, uid=uid)), hospital)
    told = find_folders(anne, camille)
    [found], [document] = folders(told), find(anne, camille).of("ExtrinsicObject")
    assert (found.name, found.description, found.external(Scheme.UNIQUE_ID)) == ("Grossesse", "Suivi", [uid])
    assert [one.code for one in found.codes(Scheme.CODES)] == ["13-2"]
    assert len(found.slot("lastUpdateTime")) == 14
    folder_id, document_id = found.id.removeprefix(UUID_OF), document.id.removeprefix(UUID_OF)
    inside = ("HasMember", folder_id, document_id)
    for kind, slots in (
        (Q.GET_FOLDERS, [("$XDSFolderUniqueId", f"('{uid}')")]),
        (Q.GET_FOLDER_AND_CONTENTS, [("$XDSFolderEntryUUID", f"'{UUID_OF}{folder_id}'")]),
        (Q.GET_FOLDERS_FOR_DOCUMENT, [("$XDSDocumentEntryEntryUUID", f"'{UUID_OF}{document_id}'")]),
        (Q.GET_ALL, [("$patientId", cx(camille)), *((f"$XDS{one}Status", ANY_STATUS) for one in
                     ("DocumentEntry", "SubmissionSet", "Folder"))]),
        (Q.GET_ASSOCIATIONS, [("$uuid", urn(folder_id))]),
        (Q.GET_DOCUMENTS_AND_ASSOCIATIONS, [("$XDSDocumentEntryEntryUUID", urn(document_id))]),
    ):  # fmt: skip
        said = query(anne, camille, kind, slots)
        assert said.status == "Success", kind
        assert {one.id.removeprefix(UUID_OF) for one in folders(said)} in ({folder_id}, set()), kind
        assert folders(said) or kind in (Q.GET_ASSOCIATIONS, Q.GET_DOCUMENTS_AND_ASSOCIATIONS), kind
        assert inside in links(said) or kind in (Q.GET_FOLDERS, Q.GET_FOLDERS_FOR_DOCUMENT), kind
    brought = query(anne, camille, Q.GET_SUBMISSION_SETS, [("$uuid", urn(folder_id))])
    [whole] = brought.of("RegistryPackage")
    set_id = whole.id.removeprefix(UUID_OF)
    assert links(brought) == {("HasMember", set_id, folder_id)}
    contents = query(
        anne, camille, Q.GET_SUBMISSION_SET_AND_CONTENTS, [("$XDSSubmissionSetEntryUUID", f"'{whole.id}'")]
    )
    assert links(contents) == {("HasMember", set_id, one) for one in (folder_id, document_id)} | {inside}
    [by_fhir] = lists(camille, ("code", "folder"))
    assert (by_fhir["id"], by_fhir["title"]) == (folder_id, "Grossesse")
    assert [one["item"]["reference"] for one in by_fhir["entry"]] == [f"DocumentReference/{document_id}"]
    assert by_fhir["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "13-2"
    token = door.holder_token(camille.patient)
    assert door.call("GET", f"/fhir/List/{folder_id}", token=token).json == by_fhir
    assert lists(camille, ("code", "folder"), ("title", "gross"), ("designationType", "13-2")) == [by_fhir]
    assert len(lists(camille)) == 2 and lists(camille, ("code", "folder"), ("sourceId", "1.2.250.1.999.1.1")) == []


def test_folders_are_narrowed(hospital: Organisation, camille: Holder) -> None:
    accepted(provide(camille, *in_folder(camille, uid="1.2.3.7")), hospital)
    anne = reader(camille)
    for slot, count in (
        (("$XDSFolderCodeList", "('13-2^^1.2.3.4')"), 1),
        (("$XDSFolderCodeList", "('13-3^^1.2.3.4')"), 0),
        (("$XDSFolderLastUpdateTimeFrom", "2026"), 1),
        (("$XDSFolderLastUpdateTimeTo", "2026"), 0),
    ):
        assert len(folders(find_folders(anne, camille, slot))) == count
    deprecated = [
        ("$XDSFolderPatientId", cx(camille)),
        ("$XDSFolderStatus", "('urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated')"),
    ]
    assert query(anne, camille, Q.FIND_FOLDERS, deprecated).objects == []


def test_a_folder_and_relations_by_fhir_are_told_by_soap(hospital: Organisation, camille: Holder) -> None:
    before, uid = filed(camille, hospital), f"{UUID_OF}{uuid4()}"
    made = door.with_another(door.deposit_of(camille, b"un", uid=f"{UUID_OF}{uuid4()}"))
    made["entry"] = [made["entry"][0], *made["entry"][1:]]
    first, second = (one for one in made["entry"] if one["resource"]["resourceType"] == "DocumentReference")
    second["resource"]["relatesTo"] = [
        {"code": "appends", "target": {"reference": first["fullUrl"]}},
        {"code": "transforms", "target": {"reference": f"DocumentReference/{before.id}"}},
    ]
    made["entry"].append(bundles.entry(f"{UUID_OF}{uuid4()}", folder_list(camille, uid, first["fullUrl"], before.id)))
    made["entry"][0]["resource"]["entry"].append({"item": {"reference": made["entry"][-1]["fullUrl"]}})
    answer = door.send(made, hospital)
    assert answer.status == 200, answer.body
    again = door.send(made, hospital)
    told = [one["response"] for one in answer.json["entry"]]
    assert told[-1]["status"] == "201 Created" and told[-1]["location"].startswith("List/")
    repeated = [one["response"] for one in again.json["entry"]]
    assert [one["location"] for one in repeated] == [one["location"] for one in told]
    assert {one["status"] for one in repeated} == {"200 OK"}
    anne, folder_id = reader(camille), told[-1]["location"].removeprefix("List/")
    one, two = (
        entry["location"].partition("/")[2] for entry in told if entry["location"].startswith("DocumentReference/")
    )
    contents = query(anne, camille, Q.GET_FOLDER_AND_CONTENTS, [("$XDSFolderUniqueId", f"'{uid}'")])
    assert links(contents) == {("HasMember", folder_id, each) for each in (one, str(before.id))}
    related = query(
        anne,
        camille,
        Q.GET_RELATED_DOCUMENTS,
        [
            ("$XDSDocumentEntryEntryUUID", f"'{UUID_OF}{two}'"),
            ("$AssociationTypes", f"('{Relation.APPENDS}','{Relation.TRANSFORMS}','{HAS_MEMBER}')"),
        ],
    )
    assert {("APND", two, one), ("XFRM", two, str(before.id))} <= links(related)
    read = door.call("GET", f"/fhir/DocumentReference/{two}", token=door.holder_token(camille.patient)).json
    assert read["relatesTo"] == [
        {"code": "appends", "target": {"reference": f"DocumentReference/{one}"}},
        {"code": "transforms", "target": {"reference": f"DocumentReference/{before.id}"}},
    ]


def folder_list(of: Holder, uid: str, *members: str | UUID) -> dict[str, Any]:
    items = (f"DocumentReference/{one}" if isinstance(one, UUID) else one for one in members)
    return {
        "resourceType": "List",
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": uid}],
        "extension": [
            {
                "url": "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-designationType",
                "valueCodeableConcept": bundles.coding("13-2", "urn:oid:1.2.3.4", "Suivi"),
            }
        ],
        "status": "current",
        "mode": "working",
        "title": "Grossesse",
        "code": bundles.coding("folder", "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"),
        "subject": {
            "identifier": {"system": f"urn:oid:{of.ins.authority}", "value": of.ins.number},
        },
        "entry": [{"item": {"reference": item}} for item in items],
    }


def test_relations_by_soap(hospital: Organisation, camille: Holder) -> None:
    before = filed(camille, hospital)
    other = filed(camille, hospital)
    relations = [
        soaping.association(Relation.APPENDS, "Document01", f"{UUID_OF}{before.id}"),
        soaping.association(Relation.TRANSFORMS_AND_REPLACES, "Document01", f"{UUID_OF}{other.id}"),
    ]
    accepted(provide(camille, *relations), hospital)
    anne = reader(camille)
    everything = find(anne, camille, status=ANY_STATUS)
    [new] = [one for one in map(str, everything.ids) if one not in (str(before.id), str(other.id))]
    told = query(anne, camille, Q.GET_ASSOCIATIONS, [("$uuid", urn(new))])
    assert {("APND", new, str(before.id)), ("XFRM_RPLC", new, str(other.id))} <= links(told)
    read = door.call("GET", f"/fhir/DocumentReference/{new}", token=door.holder_token(camille.patient)).json
    assert [(one["code"], one["target"]["reference"].rpartition("/")[2]) for one in read["relatesTo"]] == [
        ("replaces", str(other.id)),
        ("transforms", str(other.id)),
        ("appends", str(before.id)),
    ]
    found = door.call(
        "GET", "/fhir/DocumentReference", token=door.holder_token(camille.patient),
        query=urlencode([*door.named(camille).items(), ("relatesto", f"DocumentReference/{before.id}"),
                         ("relation", "appends")]),
    )  # fmt: skip
    assert [one["resource"]["id"] for one in found.json["entry"]] == [new]


def test_putting_more_into_a_folder(hospital: Organisation, camille: Holder) -> None:
    uid, anne = "1.2.250.1.999.1.1.78", reader(camille)
    before = filed(camille, hospital)
    accepted(provide(camille, *in_folder(camille, uid=uid)), hospital)
    [found] = folders(find_folders(hospital, camille))
    assert (found.name, found.external(Scheme.UNIQUE_ID), found.codes(Scheme.CODES)) == ("", [uid], [])
    more = [
        soaping.association(HAS_MEMBER, found.id, f"{UUID_OF}{before.id}"),
        soaping.association(HAS_MEMBER, found.id, "Document01"),
    ]
    accepted(provide(camille, *more), hospital)
    [found] = folders(find_folders(anne, camille))
    contents = query(anne, camille, Q.GET_FOLDER_AND_CONTENTS, [("$XDSFolderEntryUUID", f"'{found.id}'")])
    assert len(links(contents)) == 3
    replacing = filed(camille, hospital, replaces=before)
    contents = query(anne, camille, Q.GET_FOLDER_AND_CONTENTS, [("$XDSFolderEntryUUID", f"'{found.id}'")])
    assert len(links(contents)) == 4 and ("HasMember", found.id[9:], str(replacing.id)) in links(contents)


def test_a_folder_is_filed_once(hospital: Organisation, camille: Holder) -> None:
    uid, clinic = "1.2.250.1.999.1.1.79", soap.hospital("Une clinique")
    body = provide(camille, *in_folder(camille, uid=uid))
    accepted(body, hospital)
    accepted(body, hospital)
    assert len(lists(camille)) == 2
    for other, by in (
        (in_folder(camille, uid=uid, title="Autre"), hospital),
        (in_folder(camille, uid=uid), clinic),
    ):
        answer = send(provide(camille, *other), as_feeder(by))
        assert answer.errors[0][0] in ("XDSDuplicateUniqueIdInRegistry", "XDSRegistryMetadataError")
        assert answer.status == "Failure"
    elsewhere = holder()
    accepted(provide(elsewhere, *in_folder(elsewhere, uid=uid)), hospital)


def test_what_refuses_a_folder(hospital: Organisation, camille: Holder) -> None:
    other, clinic = holder(), organisation("Une autre")
    theirs, another = filed(camille, clinic, "INVISIBLE_PATIENT"), filed(other, hospital)
    accepted(provide(camille, *in_folder(camille, uid="1.2.3.80")), hospital)
    [mine] = folders(find_folders(hospital, camille))
    gone = filed(camille, hospital)
    amend(camille, sender(hospital), gone.id, Change(deleted=True))
    unresolved = "UnresolvedReferenceException"
    made = soaping.folder(uid="1.2.3.81", cx=soap.cx(camille))
    brought = soaping.member("Folder01")
    near = [
        ((soaping.folder(uid="1.2.3.81", cx=soap.cx(other)), brought), ["XDSPatientIdDoesNotMatch"]),
        ((made, brought, soaping.inside(f"{UUID_OF}{theirs.id}")), [unresolved]),
        ((made, brought, soaping.inside(f"{UUID_OF}{another.id}")), [unresolved]),
        ((made, brought, soaping.inside(f"{UUID_OF}{uuid4()}")), [unresolved]),
        ((made, brought, soaping.inside(f"{UUID_OF}{gone.id}")), ["XDSRegistryDeprecatedDocumentError"]),
        ((soaping.association(HAS_MEMBER, f"{UUID_OF}{uuid4()}", "Document01"),), [unresolved]),
        ((soaping.association(HAS_MEMBER, mine.id, f"{UUID_OF}{theirs.id}"),), [unresolved]),
        ((made,), ["XDSRegistryMetadataError"]),
        ((made, brought, soaping.inside("Document01"), soaping.inside("Document01")), ["XDSRegistryMetadataError"]),
        ((made.replace("13-2", ""), brought), ["XDSRegistryMetadataError"]),
        ((made, brought, soaping.inside("Document02")), ["XDSRegistryMetadataError"]),
    ]
    for more, codes in near:
        answer = send(provide(camille, *more), as_feeder(hospital))
        assert (answer.status, [code for code, _ in answer.errors]) == ("Failure", codes), more
    assert len(lists(camille, ("code", "folder"))) == 1

    def answered(target: str, by: Organisation = hospital) -> tuple[object, object]:
        answer = send(provide(camille, soaping.association(HAS_MEMBER, mine.id, target)), as_feeder(by))
        return answer.errors, answer.contexts

    assert answered(f"{UUID_OF}{theirs.id}") == answered(f"{UUID_OF}{uuid4()}")


def test_somebody_elses_folder_takes_nothing(hospital: Organisation, camille: Holder) -> None:
    accepted(provide(camille, *in_folder(camille, uid="1.2.3.82")), hospital)
    [mine] = folders(find_folders(hospital, camille))
    clinic, body = soap.hospital("Une clinique"), f"{UUID_OF}{uuid4()}"
    own, end = provide(camille, uid=body), "</rim:RegistryObjectList>"
    accepted(own, clinic)
    for folder in (mine.id, f"{UUID_OF}{uuid4()}"):
        for sent in (
            own.replace(end, soaping.association(HAS_MEMBER, folder, "Document01") + end),
            provide(camille, soaping.association(HAS_MEMBER, folder, "Document01")),
        ):
            answer = send(sent, as_feeder(clinic))
            assert answer.errors[0][0] == "UnresolvedReferenceException"
    assert folders(find_folders(clinic, camille)) == []


@pytest.mark.parametrize("label", ["INVISIBLE_PATIENT", "MASQUE_PS"])
def test_two_worlds_a_folder_of_hidden_documents_is_nowhere(
    label: str, hospital: Organisation, camille: Holder
) -> None:
    """A folder whose one document is hidden, and one that does not exist: the same answers; and of one of which a
    document is hidden, neither its title nor its day tells."""
    shown = "1.2.3.91"
    accepted(provide(camille, *in_folder(camille, uid=shown)), hospital)
    anne = reader(camille)

    def world() -> tuple[object, ...]:
        by_soap = find_folders(anne, camille).body
        by_fhir = json.dumps(lists(camille, ("code", "folder")))
        return (by_soap if label == "MASQUE_PS" else b"", by_fhir if label == "INVISIBLE_PATIENT" else "")

    before = world()
    accepted(provide(camille, *in_folder(camille, uid="1.2.3.92"), labels=("N", label)), hospital)
    assert world() == before
    [kept] = [one for one in folders(find_folders(hospital, camille)) if one.external(Scheme.UNIQUE_ID) == [shown]]
    accepted(provide(camille, soaping.association(HAS_MEMBER, kept.id, "Document01"), labels=("N", label)), hospital)
    after = folders(find_folders(anne, camille)) if label == "MASQUE_PS" else []
    told = lists(camille, ("code", "folder")) if label == "INVISIBLE_PATIENT" else []
    assert [(one.name, one.description) for one in after] in ([("", "")], [])
    assert [("title" in one, "note" in one, len(one["entry"])) for one in told] in ([(False, False, 1)], [])


def test_a_folder_of_documents_that_are_there_already(hospital: Organisation, camille: Holder) -> None:
    """The document is sent again, in another set, with a folder that is new."""
    uid = f"{UUID_OF}{uuid4()}"
    accepted(provide(camille, uid=uid), hospital)
    body = soaping.folder(uid="1.2.3.93", cx=soap.cx(camille)), soaping.member("Folder01"), soaping.inside("Document01")
    accepted(provide(camille, *body, uid=uid), hospital)
    [told] = lists(camille, ("code", "folder"))
    assert len(told["entry"]) == 1 and len(lists(camille)) == 2
    assert len(find(reader(camille), camille).of("ExtrinsicObject")) == 1


def example(title: str) -> str:
    """The example of a chapter of the vendors' page."""
    found = re.search(rf"^## {title}\n.*?^```xml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_the_examples_of_the_page_are_filed(hospital: Organisation, camille: Holder) -> None:
    before = filed(camille, hospital)
    related = re.sub(r"urn:uuid:[0-9a-f-]{36}", f"{UUID_OF}{before.id}", example("Related documents"))
    folder = example("Folders").replace("285054499900161", camille.ins.number)
    accepted(provide(camille, related, folder, soaping.member("Folder01")), hospital)
    [told] = lists(camille, ("code", "folder"))
    assert (told["title"], len(told["entry"])) == ("Grossesse", 1)
    [new] = (one["item"]["reference"] for one in told["entry"])
    read = door.call("GET", f"/fhir/{new}", token=door.holder_token(camille.patient)).json
    assert read["relatesTo"] == [{"code": "appends", "target": {"reference": f"DocumentReference/{before.id}"}}]


def test_of_many_problems_a_hundred_are_told(hospital: Organisation, camille: Holder) -> None:
    many = (soaping.association(soaping.HAS_MEMBER, f"{UUID_OF}{uuid4()}", f"{UUID_OF}{uuid4()}") for _ in range(120))
    answer = send(provide(camille, *many), as_feeder(hospital))
    assert (answer.status, len(answer.errors)) == ("Failure", 100)
    assert {code for code, _ in answer.errors} == {"UnresolvedReferenceException"}
