"""One table from a CDA header to an entry: what is stated goes over it, what is usual under, the rest is deduced."""

import base64
import json
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.site.feeding import bundle_of
from espace.wire.cda import CdaDocument
from espace.wire.entries import described, entry_of
from espace.wire.fhir.documents import Reading
from espace.wire.fhir.simplified import completed, read_published
from espace.wire.nomenclature import CLASSES, FACILITY_TYPES, FORMATS, PRACTICE_SETTINGS
from espace.wire.xds import Author, Coded, DocumentEntry
from espace.workstation.pages import written
from wire.cda.cda_samples import HEADER, PARIS_WINTER, cda, level_1, read, with_header

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
FILES = sorted((SHARED / "cda").glob("*.xml"))
READING = Reading(zone=PARIS_WINTER, base="https://espace.test/fhir", max_bytes=1_000_000)
SENT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)

FACILITY = """<location><healthCareFacility>
<code code="SA07" codeSystem="1.2.250.1.71.4.2.4" displayName="Cabinet"/></healthCareFacility></location>"""
SETTING = '<standardIndustryClassCode code="AMBULATOIRE" codeSystem="1.2.250.1.213.1.1.4.9"/>'
MODEL = '<templateId root="1.2.250.1.213.1.1.1.13"/>'
TYPE = 'code="34133-9"'
LEVEL_N = '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>'
ID = '<id root="1.2.250.1.213.1.1.1.13.99.1"/>'
DOCTOR = Author("MEDIONI", "Stéphane", "801234567897")
UUID = "0D1A2B3C-4D5E-4F60-8A9B-0C1D2E3F4A5B"
UUID_URI = "urn:uuid:0d1a2b3c-4d5e-4f60-8a9b-0c1d2e3f4a5b"


def header_of(data: bytes) -> CdaDocument:
    document = read(data).document
    assert document is not None
    return document


def entry(data: bytes, **layers: Any) -> DocumentEntry:
    return entry_of(header_of(data), data, **layers)


WHOLE: list[tuple[str, object]] = [
    ("unique_id", "1.2.250.1.213.1.1.1.13.99.1"),
    ("mime_type", "text/xml"),
    ("type", Coded("34133-9", "2.16.840.1.113883.6.1", "Synthèse")),
    ("class_", Coded("11", "1.2.250.1.213.1.1.4.1", "Synthèse")),
    ("title", "Synthèse médicale"),
    ("comments", ""),
    ("language", "fr-FR"),
    ("creation_time", datetime(2024, 1, 6, 11, 36, 23, tzinfo=timezone(timedelta(hours=1)))),
    ("service_start", datetime(2024, 1, 5, tzinfo=PARIS_WINTER)),
    ("service_stop", datetime(2024, 1, 6, 10, 0, tzinfo=timezone(timedelta(hours=-5)))),
    (
        "authors",
        (
            replace(
                DOCTOR,
                specialty=Coded("G15_10/SM26", "1.2.250.1.213.1.1.4.5", "Médecin généraliste"),
                institution="Cabinet du Port",
                institution_id="1120456789",
            ),
        ),
    ),
    ("legal_authenticator", DOCTOR),
    ("facility_type", Coded("SA07", "1.2.250.1.71.4.2.4", "Cabinet")),
    ("practice_setting", Coded("AMBULATOIRE", "1.2.250.1.213.1.1.4.9")),
    ("confidentiality", "N"),
    ("visibility", frozenset()),
    (
        "event_codes",
        (Coded("34117-2", "2.16.840.1.113883.6.1"), Coded("IMP", "1.2.250.1.213.1.1.4.9", "Acte")),
    ),
    ("reference_ids", (Coded("CMD-7", "1.2.250.1.213.1.1.9", "urn:ihe:iti:xds:2013:order"),)),
    ("set_id", "1.2.250.1.213.1.1.1.13.99"),
    ("version", "2"),
    ("custodian_id", "1120456789"),
]


@pytest.mark.parametrize(("name", "expected"), WHOLE)
def test_every_field_of_a_whole_header(name: str, expected: object) -> None:
    assert getattr(entry(cda()), name) == expected


def test_the_format_is_a_row_of_its_table() -> None:
    found = entry(cda()).format
    assert found is not None
    assert (found.code, found.system) == ("urn:asip:ci-sis:vsm:2012", "1.2.250.1.213.1.1.4.2.282")
    assert found.display == FORMATS["urn:asip:ci-sis:vsm:2012"].label_fr


PDF = base64.b64encode(b"%PDF-1.4 x").decode()
DEDUCED: list[tuple[bytes, str, object]] = [
    (with_header(TYPE, 'code="11502-2"'), "class_", CLASSES["10"]),
    (with_header(TYPE, 'code="57833-6"'), "class_", CLASSES["42"]),
    (with_header(TYPE, 'code="no-such-type"'), "class_", None),
    (with_header(ID, f'<id root="{UUID}"/>'), "unique_id", UUID_URI),
    (with_header(ID, f'<id root="{UUID[:-1]}"/>'), "unique_id", UUID[:-1]),
    (with_header(ID, '<id root="1.2.3" extension="7"/>'), "unique_id", "1.2.3^7"),
    (with_header(LEVEL_N, LEVEL_N.replace('"N"', '"R"')), "confidentiality", "R"),
    (
        with_header(LEVEL_N, LEVEL_N + '<confidentialityCode code="MASQUE_PS"/>'),
        "visibility",
        frozenset({Visibility.MASQUE_PS}),
    ),
    (with_header("<title>Synthèse médicale</title>", ""), "title", "Synthèse"),
    (with_header('<languageCode code="fr-FR"/>', ""), "language", ""),
    (with_header(FACILITY, ""), "facility_type", None),
    (with_header(SETTING, ""), "practice_setting", None),
]


@pytest.mark.parametrize(("data", "name", "expected"), DEDUCED)
def test_what_a_header_says_otherwise_or_not_at_all(data: bytes, name: str, expected: object) -> None:
    assert getattr(entry(data), name) == expected


@pytest.mark.parametrize(
    ("header", "body", "code"),
    [
        (HEADER.replace(MODEL, ""), None, "urn:asipSante:modelesHorsProfils:2011"),
        (
            HEADER.replace(MODEL, '<templateId root="1.2.250.1.213.1.1.1.55"/>'),
            None,
            "urn:ihe:lab:xd-lab:2008",
        ),
        (HEADER, f'<text mediaType="application/pdf" representation="B64">{PDF}</text>', "urn:ihe:iti:xds-sd:pdf:2008"),
        (HEADER, '<text mediaType="text/plain">Tout va bien.</text>', "urn:ihe:iti:xds-sd:text:2008"),
    ],
)
def test_the_format_follows_the_templates_or_the_file_embedded(header: str, body: str | None, code: str) -> None:
    data = cda(header) if body is None else cda(header, level_1(body))
    found = entry(data).format
    assert found is not None
    assert (found.code, found.system) == (code, FORMATS[code].system)


HOSPITAL = {"facility_type": FACILITY_TYPES["SA01"], "practice_setting": PRACTICE_SETTINGS["ETABLISSEMENT"]}
EMPTY_PLACE = cda(HEADER.replace(FACILITY, "").replace(SETTING, ""))


@pytest.mark.parametrize(
    ("data", "layers", "name", "expected"),
    [
        (cda(), {"usual": HOSPITAL}, "facility_type", Coded("SA07", "1.2.250.1.71.4.2.4", "Cabinet")),
        (EMPTY_PLACE, {"usual": HOSPITAL}, "facility_type", FACILITY_TYPES["SA01"]),
        (EMPTY_PLACE, {"usual": HOSPITAL}, "practice_setting", PRACTICE_SETTINGS["ETABLISSEMENT"]),
        (cda(), {"stated": {"title": "Votre bilan"}}, "title", "Votre bilan"),
        (cda(), {"stated": {"custodian_id": ""}}, "custodian_id", ""),
        (cda(), {"stated": {"service_stop": None}}, "service_stop", None),
        (cda(), {"stated": {"unique_id": ""}}, "unique_id", ""),
        (cda(), {"stated": {"type": Coded("11502-2")}}, "class_", CLASSES["10"]),
        (cda(), {"stated": {"class_": Coded("42")}}, "class_", Coded("42")),
        (cda(), {"stated": {"format": Coded("other")}}, "format", Coded("other")),
        (cda(), {"stated": {"size": 0}}, "size", 0),
        (cda(), {"stated": {"hash": "stated"}}, "hash", "stated"),
        (cda(), {"stated": {"facility_type": Coded("SA05")}, "usual": HOSPITAL}, "facility_type", Coded("SA05")),
        (cda(), {"stated": {"facility_type": None}, "usual": HOSPITAL}, "facility_type", FACILITY_TYPES["SA01"]),
    ],
)
def test_what_is_stated_goes_over_the_header_and_what_is_usual_under(
    data: bytes, layers: dict[str, Any], name: str, expected: object
) -> None:
    assert getattr(entry(data, **layers), name) == expected


def test_a_field_that_an_entry_has_not_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError):
        entry(cda(), stated={"titel": "x"})


def test_hash_and_size_are_those_of_the_bytes() -> None:
    bare = DocumentEntry(place="", unique_id="", mime_type="")
    assert described(bare, b"abc") == replace(bare, hash="qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", size=3)
    assert described(replace(bare, hash="other", size=9), b"abc") == replace(bare, hash="other", size=9)


def published(data: bytes, **stated: Any) -> DocumentEntry:
    """What ITI-105 makes of a CDA and of what is stated beside it."""
    attachment = {"contentType": "text/xml", "data": base64.b64encode(data).decode(), **stated.pop("attachment", {})}
    body = {"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": attachment}], **stated}
    made, problems = completed(read_published(json.dumps(body).encode(), READING), header_of(data), READING)
    assert problems == ()
    assert made is not None
    return made.entry


def label(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


@pytest.mark.parametrize(
    ("stated", "name", "expected"),
    [
        ({}, "service_stop", datetime(2024, 1, 6, 10, 0, tzinfo=timezone(timedelta(hours=-5)))),
        ({"context": {"facilityType": label("SA05")}}, "service_start", datetime(2024, 1, 5, tzinfo=PARIS_WINTER)),
        ({"context": {"period": {"start": "2024-01-01"}}}, "service_stop", None),
        ({"securityLabel": [label("R")]}, "confidentiality", "R"),
        ({"securityLabel": [label("R")]}, "visibility", frozenset()),
        ({"attachment": {"title": "Bilan"}}, "title", "Bilan"),
        ({"description": "Votre bilan"}, "title", "Votre bilan"),
        ({"description": "Votre bilan"}, "comments", "Votre bilan"),
        ({"attachment": {"size": 0}}, "size", 0),
        ({"type": label("11502-2")}, "class_", CLASSES["10"]),
        ({"context": {"event": [label("CT")]}}, "event_codes", (Coded("CT"),)),
        ({}, "custodian_id", ""),
        ({}, "place", "DocumentReference"),
    ],
)
def test_a_simplified_publication_states_over_the_header(
    stated: dict[str, Any], name: str, expected: object
) -> None:
    assert getattr(published(cda(), **stated), name) == expected


@pytest.mark.parametrize(
    ("data", "place", "reason"),
    [
        (with_header(ID, '<id root="1.2.3" extension="7"/>'), "masterIdentifier", "element_missing"),
        (with_header(FACILITY, ""), "context.facilityType", "element_missing"),
        (with_header(SETTING, ""), "context.practiceSetting", "element_missing"),
        (with_header(TYPE, 'code="no-such-type"'), "type", "code_unknown"),
    ],
)
def test_what_neither_says_is_missing_from_a_simplified_publication(data: bytes, place: str, reason: str) -> None:
    attachment = {"contentType": "text/xml", "data": base64.b64encode(data).decode()}
    body = {"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": attachment}]}
    made, problems = completed(read_published(json.dumps(body).encode(), READING), header_of(data), READING)
    assert made is None
    assert [(one.reason.code, one.place) for one in problems] == [(reason, f"DocumentReference.{place}")]


def test_the_three_doors_make_the_same_entry_of_a_whole_header() -> None:
    whole = entry(cda())
    assert written.entry_of(header_of(cda()), cda()) == whole
    assert published(cda()) == replace(whole, place="DocumentReference", custodian_id="")
    assert fed(cda()) == told(whole)


@pytest.mark.parametrize(
    ("door", "expected"), [("desk", ("SA07", "AMBULATOIRE")), ("feed", ("SA01", "ETABLISSEMENT"))]
)
def test_each_door_has_its_usual_place(door: str, expected: tuple[str, str]) -> None:
    made = told(written.entry_of(header_of(EMPTY_PLACE), EMPTY_PLACE)) if door == "desk" else fed(EMPTY_PLACE)
    assert (made["facilityType"], made["practiceSetting"]) == expected


def test_a_header_named_by_a_uuid_is_fed_by_its_uri() -> None:
    assert fed(with_header(ID, f'<id root="{UUID}"/>'))["masterIdentifier"] == UUID_URI


def fed(data: bytes) -> dict[str, object]:
    """What the bundle of the sender's program states of the document."""
    bundle = json.loads(bundle_of(data, source_id="1.2.3", at=SENT))
    [stated] = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "DocumentReference"]
    [content], context = stated["content"], stated["context"]
    codes = {"type": stated["type"], "category": stated["category"][0]}
    codes |= {name: context[name] for name in ("facilityType", "practiceSetting")}
    found = {name: concept["coding"][0]["code"] for name, concept in codes.items()}
    names = {name: content["attachment"][name] for name in ("title", "hash", "size", "language")}
    master = stated["masterIdentifier"]["value"]
    return {**found, **names, "format": content["format"]["code"], "masterIdentifier": master}


def told(made: DocumentEntry) -> dict[str, object]:
    """An entry in the same words as `fed`."""
    codes = {
        "type": made.type,
        "category": made.class_,
        "facilityType": made.facility_type,
        "practiceSetting": made.practice_setting,
        "format": made.format,
    }
    named = {name: coded.code for name, coded in codes.items() if coded}
    values = {"title": made.title, "hash": made.hash, "size": made.size, "language": made.language}
    return {**named, **values, "masterIdentifier": f"urn:oid:{made.unique_id}"}


@pytest.mark.skipif(not FILES, reason="the official examples are not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_official_example_has_a_class_and_a_format(path: Path) -> None:
    data = path.read_bytes()
    made = entry(data)
    assert made.class_ is not None
    assert made.format is not None
    assert (made.class_.code in CLASSES, made.format.code in FORMATS) == (True, True)
    assert made.format.code != "urn:asipSante:modelesHorsProfils:2011"
