"""ITI-65: what documents say of each other, and the folders of a bundle, as stated; near-misses at their places."""

from typing import Any

import pytest

import bundles
from espace.wire.fhir.provide_bundle import Part, Role
from espace.wire.xds import Coded, Folder, Linking, Related
from wire.fhir.spoiling import DOC, Change, Json, faults, read, second_document

OLD = {"reference": "DocumentReference/old-1"}
FOLDER = "Bundle.entry[3].resource"
URL = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-designationType"
TARGET = f"{DOC}.relatesTo[0].target"


def says(*relations: tuple[str, Json]) -> Change:
    return lambda b, s, d, y: d.update(relatesTo=[{"code": code, "target": target} for code, target in relations])


def folder(**change: Any) -> Json:
    made: Json = {
        "resourceType": "List",
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.9"}],
        "extension": [{"url": URL, "valueCodeableConcept": bundles.coding("SUIVI", "urn:oid:1.2.3", "Suivi")}],
        "status": "current",
        "mode": "working",
        "title": "Grossesse",
        "note": [{"text": "Deux"}, {"text": "mots"}],
        "code": bundles.coding("folder"),
        "subject": {"identifier": {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "279035121518989"}},
        "entry": [{"item": OLD}],
        **change,
    }
    return {key: value for key, value in made.items() if value is not None}


def with_folder(made: Json, *, listed: bool = True, url: str = "urn:uuid:f") -> Change:
    def change(b: Json, s: Json, d: Json, y: Json) -> None:
        b["entry"].append(bundles.entry(url, made))
        if listed:
            s["entry"].append({"item": {"reference": "urn:uuid:f"}})

    return change


@pytest.mark.parametrize(
    ("relations", "replaces", "related", "by_transforming"),
    [
        ([("replaces", OLD)], "DocumentReference/old-1", (), False),
        ([("replaces", OLD), ("transforms", OLD)], "DocumentReference/old-1", (), True),
        ([("appends", OLD)], None, (Related(Linking.APPENDS, "DocumentReference/old-1"),), False),
        (
            [("transforms", {"identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"}})],
            None,
            (Related(Linking.TRANSFORMS, "1.2.3"),),
            False,
        ),
    ],
)
def test_relations_as_stated(
    relations: list[tuple[str, Json]], replaces: str | None, related: tuple[Related, ...], by_transforming: bool
) -> None:
    provided = read(says(*relations))
    assert provided.submission is not None, provided.problems
    [found] = provided.submission.documents
    assert (found.replaces, found.related, found.by_transforming) == (replaces, related, by_transforming)


def test_a_document_of_the_same_bundle_is_named_by_its_full_url() -> None:
    provided = read(second_document, says(("appends", {"reference": "urn:uuid:d2"})))
    assert provided.submission is not None, provided.problems
    first, second = provided.submission.documents
    assert first.related == (Related(Linking.APPENDS, second.entry.unique_id),)


@pytest.mark.parametrize(
    ("relations", "expected"),
    [
        ([("replaces", {"reference": "urn:uuid:d2"})], ("reference_unresolved", f"{TARGET}.reference")),
        ([("appends", {"reference": "urn:uuid:d3"})], ("reference_unresolved", f"{TARGET}.reference")),
        ([("appends", {"display": "x"})], ("element_missing", TARGET)),
        ([("appends", OLD), ("is", OLD)], ("element_unsupported", f"{DOC}.relatesTo[1].code")),
        ([("signs", OLD)], ("reference_unresolved", f"{TARGET}.reference")),
        ([("signs", {"reference": "urn:uuid:d2"})], ("element_unsupported", f"{DOC}.relatesTo")),
    ],
)
def test_relations_that_are_refused(relations: list[tuple[str, Json]], expected: tuple[str, str]) -> None:
    assert faults(read(second_document, says(*relations))) == [expected]


def test_a_folder_as_stated() -> None:
    made = folder()
    full_url = bundles.bundle()["entry"][1]["fullUrl"]
    made["entry"].append({"item": {"reference": full_url}})
    provided = read(with_folder(made))
    assert provided.submission is not None, provided.problems
    [document] = provided.submission.documents
    members = ("DocumentReference/old-1", document.entry.unique_id)
    code = Coded("SUIVI", "1.2.3", "Suivi")
    assert provided.submission.folders == (
        Folder(FOLDER, "1.2.3.9", "Grossesse", (code,), "Deux mots", members),
    )
    assert provided.parts[-1] == Part(Role.FOLDER, 0)
    assert provided.submission.patients[-1].number == "279035121518989"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (folder(identifier=None), ("element_missing", f"{FOLDER}.identifier")),
        (folder(extension=None), ("element_missing", f"{FOLDER}.extension")),
        (folder(subject=None), ("element_missing", f"{FOLDER}.subject")),
        (folder(status="retired"), ("value_invalid", f"{FOLDER}.status")),
        (folder(mode="snapshot"), ("value_invalid", f"{FOLDER}.mode")),
        (folder(entry=[{"item": OLD}, {"item": OLD}]), ("value_invalid", f"{FOLDER}.entry[1].item.reference")),
        (folder(entry=[{"item": {"display": "x"}}]), ("element_missing", f"{FOLDER}.entry[0].item.reference")),
        (folder(entry=[{"item": OLD, "deleted": True}]), ("element_unsupported", f"{FOLDER}.entry[0]")),
        (
            folder(entry=[{"item": {"reference": "urn:uuid:nowhere"}}]),
            ("reference_unresolved", f"{FOLDER}.entry[0].item.reference"),
        ),
    ],
)
def test_folders_that_are_refused(made: Json, expected: tuple[str, str]) -> None:
    assert faults(read(with_folder(made))) == [expected]


def test_the_set_lists_its_folders() -> None:
    assert faults(read(with_folder(folder(), listed=False))) == [("element_missing", "Bundle.entry[0].resource.entry")]


def test_relations_and_folders_have_bounds() -> None:
    many = [("appends", {"reference": f"DocumentReference/old-{index}"}) for index in range(101)]
    assert faults(read(says(*many))) == [("value_invalid", f"{DOC}.relatesTo")]
    full = [{"item": {"reference": f"DocumentReference/old-{index}"}} for index in range(1_001)]
    assert faults(read(with_folder(folder(entry=full)))) == [("value_invalid", f"{FOLDER}.entry")]
    folders = [with_folder(folder(), listed=False, url=f"urn:uuid:f{index}") for index in range(101)]
    assert ("value_invalid", "Bundle.entry[103].resource") in faults(read(*folders))
