"""What ZFA says of the record in a movement of a patient (PAM-FR): read where it says something, refused where it is
not known, passed over where it says nothing."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from espace.wire.hl7v2 import Taking, Wishes
from wire.hl7v2.hl7_samples import PARIS, PID, found, message, msh, received

SAMPLES = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data")) / "hl7v2"
PROFILE = "2.11^IHE_FRANCE-2.11-PAM"


def adt(zfa: str, *, event: str = "A31", structure: str = "ADT_A05", pid: str = PID) -> bytes:
    first = msh(f"ADT^{event}^{structure}", "2.5^FRA^2.11", profile=PROFILE)
    return message(first, "EVN||20240306", pid, "PD1||U", "PV1|1|N", *([zfa] if zfa else []))


def zfa(feeding: str = "IO", at: str = "20240306111154", consultation: str = "") -> str:
    return f"ZFA|ACTIF|20240306|||||||{feeding}|{at}|{consultation}|{at}"


def said(data: bytes) -> Wishes:
    wish = received(data).wish
    assert wish is not None and received(data).transmission is None
    return wish


@pytest.mark.parametrize(("feeding", "objects"), [("INO", False), ("IO", True), ("io", True), ("NA", None), ("", None)])
def test_whether_the_patient_objects_to_feeding(feeding: str, objects: bool | None) -> None:
    wish = said(adt(zfa(feeding)))

    assert wish.objects is objects
    assert [one.number for one in wish.patients] == (["279035121518989"] if objects is not None else [])


def test_when_they_said_so_and_whether_they_agreed_to_be_read() -> None:
    assert said(adt(zfa())).at == datetime(2024, 3, 6, 10, 11, 54, tzinfo=UTC)
    assert said(adt(zfa(at=""))).at is None
    assert said(adt(zfa(at="20240306"))).at == datetime(2024, 3, 6, 22, 59, 59, tzinfo=UTC)
    known = [said(adt(zfa(consultation=one))).consultation for one in ("IC", "INC", "NA", "")]
    assert known == [True, False, None, None]


def test_a_movement_that_says_nothing_needs_no_identity() -> None:
    assert said(adt("")) == Wishes()
    assert said(adt(zfa("NA"), pid="PID|||1^^^LOCAL^PI")) == Wishes()
    assert said(adt(zfa("NA", consultation="INC"), pid="PID|||1^^^LOCAL^PI")) == Wishes(consultation=False)


@pytest.mark.parametrize(
    ("event", "structure"),
    [
        ("A01", "ADT_A01"), ("A04", "ADT_A01"), ("A05", "ADT_A05"), ("A08", "ADT_A01"), ("A28", "ADT_A05"),
        ("A31", "ADT_A05"), ("Z99", "ADT_A01"),
    ],
)  # fmt: skip
def test_the_movements_that_are_taken(event: str, structure: str) -> None:
    assert said(adt(zfa(), event=event, structure=structure)).objects is True


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (adt(zfa("OUI")), [("code_unknown", "ZFA^1^9")]),
        (adt(zfa("INO~IO")), [("value_invalid", "ZFA^1^9")]),
        (adt(zfa(consultation="OUI")), [("code_unknown", "ZFA^1^11")]),
        (adt(zfa(at="6 mars")), [("value_invalid", "ZFA^1^10")]),
        (adt(f"{zfa()}\r{zfa('INO')}"), [("value_invalid", "ZFA^2")]),
        (adt(zfa(), event="A03", structure="ADT_A03"), [("hl7_message_unsupported", "MSH^1^9^1^2")]),
        (adt(zfa(), event="A40", structure="ADT_A39"), [("hl7_message_unsupported", "MSH^1^9^1^2")]),
        (adt(zfa(), structure="ADT_A01"), [("hl7_message_unsupported", "MSH^1^9^1^3")]),
        (adt(zfa(), pid=PID.replace("N|VALI", "Y|VALI")), [("ins_not_qualified", "PID^1^31")]),
        (adt(zfa()).replace(b"PID|", b"PIX|"), [("element_missing", "PID^1")]),
        (adt(zfa()).replace(PROFILE.encode(), b"2.1^CISIS_CDA_HL7_V2"), [("hl7_message_unsupported", "MSH^1^21")]),
    ],
)
def test_near_misses_refuse_with_their_place(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert found(data) == expected


def test_the_official_example_is_read() -> None:
    if not SAMPLES.is_dir():
        return
    read = received((SAMPLES / "pamfr_consent.hl7").read_bytes(), Taking(PARIS, 1_000_000, frozenset("PTD")))

    assert read.problems == ()
    assert read.wish is not None
    assert (read.wish.objects, read.wish.consultation) == (False, True)
    assert [one.number for one in read.wish.patients] == ["279035121518989"]
