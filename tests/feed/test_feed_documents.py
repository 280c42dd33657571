"""What espace-feed makes of a file is what the platform wants: headers read by the platform's own parser, and by the
readers that others publish examples for."""

import base64
import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.kernel.values import replace
from espace.wire import cda as platform
from espace.wire.fhir.documents import Reading
from espace.wire.fhir.simplified import completed, read_published
from espace_feed import cda, header, sidecar
from espace_feed.facts import Description, Held, Unfit
from espace_feed.preparing import key_wrong, prepared
from espace_feed.verdicts import request_of
from feed.scene import CDA, PDF, SIDECAR, USUAL, WITHOUT_INS

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 3, 5, 9, 0, tzinfo=PARIS)
SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")) / "cda"


def described(**over: Any) -> Description:
    return sidecar.described(SIDECAR | over, USUAL)


def sent(**over: Any) -> platform.CdaDocument:
    """The CDA that goes around the PDF, as the platform reads it: no problem, and no warning."""
    _, data = cda.wrapped(described(**over), PDF, AT)
    result = platform.parse(data, zone=PARIS)
    assert (result.problems, result.warnings) == ((), ())
    assert result.document is not None
    return result.document


# --- a PDF gets a header ----------------------------------------------------------------------------------------


def test_the_header_around_a_pdf_lacks_nothing_that_the_platform_looks_for() -> None:
    read = sent()
    assert (read.body_level, read.media[0].media_type, read.media[0].data) == (1, "application/pdf", PDF)
    patient = read.patient
    assert (patient.number, patient.authority) == ("285054499900161", "1.2.250.1.213.1.4.10")
    assert (patient.birth_name, patient.first_given, patient.given_names) == ("GUERIN", "ALICE", ("ALICE", "MARIE"))
    assert (str(patient.birth_date), patient.sex, patient.birth_place) == ("1985-05-14", "F", "44109")
    entry = read.entry
    assert entry.type is not None
    assert (entry.type.code, entry.title) == ("11488-4", "Compte rendu de consultation")
    assert entry.creation_time == datetime(2026, 3, 4, 10, 0, tzinfo=PARIS)
    assert (entry.authors[0].family, entry.authors[0].person_id) == ("LE GOFF", "810999000069")
    assert entry.legal_authenticator == entry.authors[0]
    assert entry.facility_type is not None
    assert entry.practice_setting is not None
    assert (entry.facility_type.code, entry.practice_setting.code) == ("SA01", "ETABLISSEMENT")
    assert entry.custodian_id == "1990000010"


def test_what_the_sidecar_says_of_time_and_of_whom_to_hide_from_is_in_the_header() -> None:
    read = sent(began="2026-03-04T09:00:00+01:00", ended="2026-03-04T09:30:00+01:00",
                confidentiality="R", hidden_from=["MASQUE_PS"])  # fmt: skip
    assert read.entry.service_start == datetime(2026, 3, 4, 9, 0, tzinfo=PARIS)
    assert read.entry.service_stop == datetime(2026, 3, 4, 9, 30, tzinfo=PARIS)
    assert (read.entry.confidentiality, [str(one) for one in read.entry.visibility]) == ("R", ["MASQUE_PS"])


def test_a_header_without_a_date_is_of_the_day_of_its_file_and_keeps_its_identifier() -> None:
    undated = replace(described(), written=None)
    first, second = (cda.wrapped(undated, PDF, at) for at in (AT, AT.replace(hour=10)))
    assert first[0] == second[0]
    assert first[1] != second[1]
    assert b'<effectiveTime value="20260305090000+0100"' in first[1]


_LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")


@settings(max_examples=25, deadline=None)
@given(st.text(_LETTERS, max_size=30).filter(str.strip))
def test_whatever_is_written_in_a_title_is_text_and_never_xml(title: str) -> None:
    read = sent(title=title)
    assert read.entry.title.split() == title.split()


def test_what_nobody_said_is_told_all_at_once() -> None:
    with pytest.raises(Held) as held:
        cda.wrapped(Description(), PDF, AT)
    assert len(held.value.why) == 12
    assert {one.code for one in held.value.why} == {"fiche_incomplete"}


def test_the_elements_are_in_the_order_of_the_official_example_of_level_1() -> None:
    example = SHARED / "DOC_NON_STRUCTURE_CDA-R2-N1.xml"
    if example.exists():
        theirs, ours = (_order(data) for data in (example.read_bytes(), cda.wrapped(described(), PDF, AT)[1]))
        assert [name for name in theirs if name in ours] == ours


def _order(data: bytes) -> list[str]:
    """The names of the elements of a header, each once, in order."""
    element = platform.parse(data, zone=PARIS).document
    assert element is not None
    assert element.element is not None
    return list(dict.fromkeys(str(one.tag).rpartition("}")[2] for one in element.element if isinstance(one.tag, str)))


# --- the request of ITI-105 --------------------------------------------------------------------------------------


def published(data: bytes, beside: dict[str, Any] | None) -> tuple[Any, Any]:
    """The document that the platform's own reader finds in the request."""
    written = json.dumps(beside).encode() if beside is not None else None
    item = prepared(data, written, USUAL, AT)
    reading = Reading(zone=PARIS, base="https://platform.example/fhir", max_bytes=10_000_000)
    read = read_published(request_of(item), reading)
    found = platform.parse(read.attached.data, zone=PARIS)
    document, problems = completed(read, found.document, reading)
    assert problems == ()
    assert document is not None
    return item, document


def test_the_platform_reads_in_the_request_what_the_sidecar_said() -> None:
    item, document = published(PDF, SIDECAR | {"replaces": "urn:oid:1.2.3.4"})
    assert document.entry.unique_id == item.unique_id.removeprefix("urn:oid:")
    assert document.entry.class_.code == "10"
    assert document.entry.format.code == "urn:ihe:iti:xds-sd:pdf:2008"
    assert document.patients[0].number == "285054499900161"
    assert document.patients[0].birth_name == "GUERIN"
    assert document.replaces == "1.2.3.4"


def test_official_examples_are_prepared_under_their_own_identifier() -> None:
    """A published CDA is sent as it is; one whose patient has no INS is held."""
    for path in sorted(SHARED.glob("*.xml"))[::3]:
        data = path.read_bytes()
        read = platform.parse(data, zone=PARIS).document
        if read is None:
            continue
        try:
            item = prepared(data, None, USUAL, AT)
        except Held:
            assert not read.patient.number, path.name
            continue
        assert item.content == data
        assert item.unique_id.rpartition(":")[2] == read.entry.unique_id.lower() or "^" in read.entry.unique_id


# --- the CDA header, before it goes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("root", "extension", "expected"),
    [
        ("2.25.7", "", "urn:oid:2.25.7"),
        ("6F1A7B1E-0C60-4B8B-9C3E-5A3D2C1B0A99", "", "urn:uuid:6f1a7b1e-0c60-4b8b-9c3e-5a3d2c1b0a99"),
        ("1.2.3", "A-1", "urn:uuid:70669653-e8c8-555c-b572-4883cbfa7616"),
    ],
)
def test_the_identifier_is_that_of_the_document(root: str, extension: str, expected: str) -> None:
    data = CDA.replace(b'root="2.25.7"', f'root="{root}" extension="{extension}"'.encode())
    assert prepared(data, None, USUAL, AT).unique_id == expected


def test_a_document_wrapped_in_its_stylesheet_is_read_and_said_to_be_so() -> None:
    bare = CDA.split(b"?>", 1)[1]
    around = b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">%s</xsl:stylesheet>'
    wrapped = around % bare
    assert header.read(wrapped) == header.Header("2.25.7", "", "285054499900161", "application/xslt+xml")


@pytest.mark.parametrize(
    "data",
    [
        b"<ClinicalDocument/>",
        CDA[:-5],
        CDA.replace(b'<id root="2.25.7"/>', b""),
        b"<?xml version='1.0'?><!DOCTYPE a SYSTEM 'http://192.0.2.1/x'><a/>",
        b"<!DOCTYPE a [<!ENTITY b '" + b"x" * 100 + b"'>]><a>&b;</a>",
        b"<a>" * 300 + b"</a>" * 300,
        b"<a xmlns='urn:other'>" + CDA.split(b"?>", 1)[1] + b"</a>",
        b"\xff\xfe<",
    ],
    ids=range(8),
)
def test_what_is_not_a_cda_is_unfit_and_never_a_surprise(data: bytes) -> None:
    with pytest.raises(Unfit):
        header.read(data)


@given(st.binary(max_size=200), st.integers(0, len(CDA)))
def test_a_spoiled_cda_is_read_or_unfit(noise: bytes, at: int) -> None:
    try:
        header.read(CDA[:at] + noise + CDA[at:])
    except Unfit as unfit:
        assert unfit.why[0].code == "cda_illisible"


# --- sidecars ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"titre": "x"}, "titre"),
        ({"title": "two\nlines"}, "title"),
        ({"title": 7}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"date": "2026-03-04"}, "date"),
        ({"date": "2026-03-04T10:00:00"}, "date"),
        ({"confidentiality": "Z"}, "confidentiality"),
        ({"hidden_from": ["MASQUE"]}, "hidden_from"),
        ({"hidden_from": "MASQUE_PS"}, "hidden_from"),
        ({"identity": []}, "identity"),
        ({"identity": {"ins": "2 85 05 44 999 001 61"}}, "identity.ins"),
        ({"identity": {"oid": "1.02"}}, "identity.oid"),
        ({"identity": {"sex": "X"}}, "identity.sex"),
        ({"identity": {"birth_date": "1985-02-30"}}, "identity.birth_date"),
        ({"identity": {"qualified": "yes"}}, "identity.qualified"),
        ({"identity": {"birth_place": "Nantes"}}, "identity.birth_place"),
        ({"replaces": "letter-1"}, "replaces"),
        ([], ""),
    ],
    ids=str,
)
def test_a_sidecar_that_is_wrong_says_where(said: Any, place: str) -> None:
    with pytest.raises(Held) as held:
        sidecar.read(json.dumps(said).encode(), USUAL)
    assert [one.place for one in held.value.why] == [place]


@pytest.mark.parametrize("data", [b"", b"{", b'{"title": "a", "title": "b"}', b"\xff", b"[" * 60_000, b" " * 70_000])
def test_a_sidecar_that_cannot_be_read_is_held(data: bytes) -> None:
    with pytest.raises(Held) as held:
        sidecar.read(data, USUAL)
    assert held.value.why[0].code == "fiche_illisible"


def test_the_page_names_everything_that_a_sidecar_may_say() -> None:
    page = Path(__file__).parents[2] / "docs" / "vendors" / "espace-feed.md"
    part = page.read_text(encoding="utf-8").split("## What a sidecar says\n")[1].split("\n## ")[0]
    assert set(re.findall(r"`([a-z_]+)`", part)) - {"true"} == sidecar.NAMES


def test_a_sidecar_of_windows_with_its_mark_is_read() -> None:
    assert sidecar.read("\ufeff{\"title\": \"Été\"}".encode(), USUAL).title == "Été"


def test_the_settings_hold_where_the_sidecar_says_nothing_name_by_name() -> None:
    said = sidecar.described({"author": {"given": "Paul"}}, USUAL)
    assert (said.author.family, said.author.given) == ("LE GOFF", "Paul")
    assert said.organisation == USUAL.organisation


def test_the_sidecar_of_a_cda_may_not_contradict_its_header() -> None:
    with pytest.raises(Held) as held:
        prepared(CDA, b'{"hidden_from": ["MASQUE_PS"]}', USUAL, AT)
    assert held.value.why[0].code == "fiche_superflue"


@pytest.mark.parametrize(
    ("ins", "wrong"),
    [
        ("285054499900161", False),
        ("285054499900162", True),
        ("279035121518989", False),
        ("185052A00400181", False),
        ("185052B00400111", False),
        ("185052A00400182", True),
        ("18505AA00400151", True),
    ],
)
def test_the_key_of_an_ins_is_checked_before_it_goes(ins: str, wrong: bool) -> None:
    assert key_wrong(ins) is wrong


def test_an_ins_of_a_sidecar_with_a_wrong_key_is_held() -> None:
    said = {"identity": {**SIDECAR["identity"], "ins": "285054499900162"}}
    with pytest.raises(Held) as held:
        prepared(WITHOUT_INS, json.dumps(said).encode(), USUAL, AT)
    assert held.value.why[0].code == "ins_cle"


def test_the_content_sent_is_that_of_the_file() -> None:
    item = prepared(CDA, None, USUAL, AT)
    attachment = json.loads(request_of(item))["content"][0]["attachment"]
    assert (attachment["contentType"], base64.b64decode(attachment["data"])) == ("text/xml", CDA)
