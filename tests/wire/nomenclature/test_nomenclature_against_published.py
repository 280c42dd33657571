"""Where the published lists are at hand, the project's tables are compared with them, code by code."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from espace.wire.nomenclature import (
    CLASSES,
    CONFIDENTIALITY,
    FACILITY_TYPES,
    FORMAT_OF_TEMPLATE,
    FORMATS,
    PRACTICE_SETTINGS,
    ROLES,
    SPECIALTIES,
    TYPES,
    VISIBILITIES,
    format_of,
)

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the published lists are not on this machine")
CDA = "{urn:hl7-org:v3}"


def concepts(name: str) -> Iterator[tuple[str, str, str]]:
    (path,) = (SHARED / "jdv-svs").glob(f"JDV_{name}_*.xml")
    for concept in etree.parse(path).iter("{urn:ihe:iti:svs:2008}Concept"):
        yield concept.get("code", ""), concept.get("codeSystem", ""), concept.get("displayName", "")


def transcribed(name: str) -> Any:
    return json.loads((SHARED / "jdv" / f"{name}.json").read_text())


@pytest.mark.parametrize(("name", "table"), [("J01", SPECIALTIES), ("J02", FACILITY_TYPES), ("J04", PRACTICE_SETTINGS)])
def test_a_value_set_is_whole(name: str, table: dict[str, Any]) -> None:
    published = set(concepts(name))
    assert {(row.code, row.system, row.display) for row in table.values()} == published


def test_confidentiality_is_whole() -> None:
    rows = (*CONFIDENTIALITY.values(), *VISIBILITIES.values())
    ours = {(row.code, row.system, row.display) for row in rows}
    assert ours == set(concepts("J08"))


def test_types_in_force_are_those_of_j07() -> None:
    published = {code: (system, label) for code, system, label in concepts("J07")}
    assert {code for code, known in TYPES.items() if known.valid_until is None} == set(published)
    for code, (system, label) in published.items():
        assert TYPES[code].label_fr == label
        assert TYPES[code].system == (system if system != "ASTM" else "1.2.840.10065.1.12")


def test_types_of_the_shared_record_are_those_of_j66() -> None:
    included = transcribed("ValueSet-JDV_J66-TypeCode-DMP")["compose"]["include"]
    published = {concept["code"] for part in included for concept in part["concept"]}
    assert {code for code, known in TYPES.items() if known.dmp} == published


def test_classes_are_those_of_x04_and_j06() -> None:
    for row in transcribed("ASS_X04-type-to-class")["rows"]:
        assert TYPES[row["typeCode"]].class_code == row["classCode"]
    included = transcribed("ValueSet-JDV_J06-ClassCode-CISIS")["compose"]["include"]
    published = {concept["code"]: concept["display"] for part in included for concept in part["concept"]}
    assert {code: row.display for code, row in CLASSES.items()} == published


def test_ends_are_those_of_the_code_system() -> None:
    for concept in transcribed("CodeSystem-TRE_A05_TypeDocComplementaire")["concept"]:
        ends = [p["valueDateTime"] for p in concept.get("property", ()) if p["code"] == "dateFin"]
        until = TYPES[concept["code"]].valid_until
        assert ([until.isoformat()] if until else []) == ends


def test_formats_are_those_of_a06_and_a11() -> None:
    for concept in transcribed("CodeSystem-TRE_A06_FormatCodeComplementaire")["concept"]:
        ends = [p["valueDateTime"] for p in concept.get("property", ()) if p["code"] == "dateFin"]
        ours = FORMATS[concept["code"]]
        assert (ours.label_fr, [ours.valid_until.isoformat()] if ours.valid_until else []) == (
            concept["display"],
            ends,
        )
    published = transcribed("ASS_A11-templateId-to-formatCode")
    assert published["map"] | published["inferred"] == dict(FORMAT_OF_TEMPLATE)
    assert set(published["otherFormatCodesInJ60"]) <= set(FORMATS)


def test_roles_are_in_the_partial_list() -> None:
    included = transcribed("ValueSet-JDV_J65-SubjectRole-DMP")["compose"]["include"]
    published = {concept["code"] for part in included for concept in part["concept"]}
    assert published - set(ROLES) == {"99"}
    assert set(ROLES) <= published


def test_every_example_has_a_type_and_a_format() -> None:
    seen = 0
    for path in sorted((SHARED / "cda").glob("*.xml")):
        root = etree.parse(path).getroot()
        if root.tag != f"{CDA}ClinicalDocument":
            continue
        code = root.find(f"{CDA}code")
        text = root.find(f"{CDA}component/{CDA}nonXMLBody/{CDA}text")
        roots = [item.get("root", "") for item in root.findall(f"{CDA}templateId")]
        embedded = None if text is None else text.get("mediaType", "text/plain")
        assert code is not None
        assert code.get("code") in TYPES
        assert format_of(roots, embedded) in FORMATS, path.name
        seen += 1
    assert seen == 35
