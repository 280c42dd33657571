"""Manifests of imaging examinations: every way DICOM writes them reads the same, and what is wrong is told where."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kos_made as made
from espace.wire import kos
from espace.wire.kos import KeyObjects
from espace.wire.xds import PatientStatement

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
OFFICIAL = SHARED / "drimbox/Backend/src/test/resources/kos.dcm"
WHOLE = made.manifest()


def found(data: bytes) -> KeyObjects:
    result = kos.read(data)
    assert result.document is not None, result.problems
    return result.document


def refused(data: bytes) -> list[tuple[str, str]]:
    result = kos.read(data)
    assert result.document is None
    return [(problem.reason.code, problem.place) for problem in result.problems]


@pytest.mark.parametrize("open_", [False, True])
@pytest.mark.parametrize("explicit", [False, True])
def test_every_way_of_writing_reads_the_same(explicit: bool, open_: bool) -> None:
    assert found(made.manifest(explicit=explicit, open_=open_)) == KeyObjects(
        sop_instance=made.SOP,
        patient=PatientStatement(place="(0010,0020)", number=made.INS, authority=made.AUTHORITY),
        studies=frozenset({made.STUDY}),
        accessions=frozenset({"ACC-5"}),
        orders=frozenset({"ORDER-9"}),
    )


def test_the_example_of_the_drimbox() -> None:
    """Another writer's: implicit, lengths undefined, the INS in OtherPatientIDsSequence too."""
    if not OFFICIAL.exists():
        return
    read = found(OFFICIAL.read_bytes())
    assert read.sop_instance == "1.2.276.0.7230010.3.1.4.1332562220.14700.1670582576.438"
    assert (read.patient.number, read.patient.authority) == ("248039263001064", "1.2.250.1.213.1.4.10")
    assert (read.accessions, read.orders) == ({"0901160050"}, {"1298989898"})
    assert read.studies == {"2.16.840.1.113669.632.20.1211.10000231621"}


@pytest.mark.parametrize(
    ("name", "oid", "authority"),
    [
        ("ASIP-SANTE-INS-NIR", None, "1.2.250.1.213.1.4.8"),
        ("ASIP-SANTE-INS-NIA", None, "1.2.250.1.213.1.4.9"),
        ("ASIP-SANTE-INS-NIR", "1.2.250.1.213.1.4.11", "1.2.250.1.213.1.4.11"),
        ("", "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.8"),
    ],
)
def test_the_authority_of_an_ins_is_its_oid_else_the_name_of_its_issuer(
    name: str, oid: str | None, authority: str
) -> None:
    data = made.manifest(x00100021=("LO", name), x00100024=("SQ", made.issuer(oid)) if oid else None)
    assert found(data).patient.authority == authority


def test_an_ins_among_the_other_identifiers_is_the_patients() -> None:
    other = {(0x10, 0x20, "LO"): made.INS, (0x10, 0x24, "SQ"): made.issuer(made.AUTHORITY)}
    data = made.manifest(
        x00100020=("LO", "IPP-1"), x00100021=("LO", "CH"), x00100024=None, x00101002=("SQ", [other])
    )
    assert found(data).patient.number == made.INS


@pytest.mark.parametrize(
    ("charset", "written", "name"),
    [
        ("ISO_IR 100", "LEBLANC-MÉNARD^ANNE".encode("latin-1"), "LEBLANC-MÉNARD"),
        ("ISO_IR 192", "LEBLANC-MÉNARD^ANNE=x".encode(), "LEBLANC-MÉNARD"),
        ("ISO_IR 192", "MÉNARD".encode("latin-1"), ""),
        ("\\ISO 2022 IR 87", b"MENARD", ""),
    ],
)
def test_the_traits_of_the_patient(charset: str, written: bytes, name: str) -> None:
    patient = found(
        made.manifest(
            x00080005=("CS", charset),
            x00101005=("PN", written),
            x00100030=("DA", "19790305"),
            x00100040=("CS", "F"),
        )
    ).patient
    assert (patient.birth_name, patient.birth_date, patient.sex) == (name, date(1979, 3, 5), "F")


def test_what_dicom_may_also_write_is_passed_over() -> None:
    """A private element of unknown representation and undefined length is a sequence in implicit form."""
    inside = b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + made.written({(8, 0x50, "SH"): "X"}, explicit=False)
    inside += b"\xfe\xff\x0d\xe0\0\0\0\0" + b"\xfe\xff\xdd\xe0\0\0\0\0"
    private = b"\x09\x00\x10\x10UN\0\0\xff\xff\xff\xff" + inside
    elements = made.content()
    before = made.written({key: value for key, value in elements.items() if key[0] < 9})
    after = made.written({key: value for key, value in elements.items() if key[0] > 9})
    padding = made.written({(0xFFFC, 0xFFFC, "OB"): bytes(32)})
    assert found(made.file_of(before + private + after + padding)) == found(WHOLE)


DATA = made.written(made.content())
DEEP: Any = []
for _ in range(20):
    DEEP = [{(0x0040, 0xA730, "SQ"): DEEP}]


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"", "dicom_unreadable", ""),
        (b"%PDF-1.7", "dicom_unreadable", ""),
        (made.file_of(DATA, preamble=b"MZ" + bytes(126)), "dicom_unreadable", ""),
        (WHOLE[:132] + DATA, "dicom_unreadable", "(0002,0000)"),
        (WHOLE[:132], "dicom_unreadable", ""),
        (WHOLE[:140] + b"\xff\xff\xff\x7f" + WHOLE[144:], "dicom_unreadable", "(0002,0000)"),
        (WHOLE + b"\0", "dicom_unreadable", ""),
        (WHOLE + made.written({(8, 0x18, "UI"): "1.2"}), "dicom_unreadable", "(0008,0018)"),
        (WHOLE[:-1], "dicom_unreadable", "(0040,A375)"),
        (made.file_of(DATA, syntax=made.DEFLATED), "dicom_unsupported", "(0002,0010)"),
        (made.file_of(DATA, syntax="1.2.840.10008.1.2.2"), "dicom_unsupported", "(0002,0010)"),
        (made.file_of(DATA, sop="1.2.3"), "dicom_unreadable", "(0002,0003)"),
        (made.file_of(DATA, kind="1.2.840.10008.5.1.4.1.1.2"), "dicom_unsupported", "(0002,0002)"),
        (made.manifest(x00080016=("UI", "1.2.840.10008.5.1.4.1.1.88.22")), "dicom_unsupported", "(0008,0016)"),
        (made.manifest(x00080018=None), "dicom_unreadable", "(0002,0003)"),
        (made.manifest(sop="1.02.3"), "dicom_incomplete", "(0008,0018)"),
        (made.manifest(x0020000D=None), "dicom_incomplete", "(0020,000D)"),
        (made.manifest(x0040A375=None), "dicom_incomplete", "(0040,A375)"),
        (made.manifest(x00100020=("LO", "")), "dicom_incomplete", "(0010,0021)"),
        (made.manifest(x00100021=("LO", "CH"), x00100024=None), "dicom_incomplete", "(0010,0021)"),
        (made.manifest(x00100024=("SQ", made.issuer("1.2.3.4"))), "dicom_incomplete", "(0010,0021)"),
        (made.manifest(x00100030=("DA", "19790230")), "dicom_incomplete", "(0010,0030)"),
        (made.manifest(x00100030=("DA", "1979.03.05")), "dicom_incomplete", "(0010,0030)"),
        (
            made.manifest(
                x00101002=("SQ", [{(0x10, 0x20, "LO"): "1" * 15, (0x10, 0x21, "LO"): "ASIP-SANTE-INS-NIR"}])
            ),
            "identities_differ",
            "(0010,1002)",
        ),
        (made.manifest(x0040A730=("SQ", DEEP)), "dicom_unsupported", "(0040,A730)"),
        (made.manifest(x7FE00010=("OB", b"")).replace(b"OB\0\0\0\0\0\0", b"OB\0\0\xff\xff\xff\xff"),
         "dicom_unsupported", "(7FE0,0010)"),
        (WHOLE.replace(b"CS\x0a\x00ISO_IR", b"ZZ\x0a\x00ISO_IR"), "dicom_unreadable", "(0008,0005)"),
        (WHOLE.replace(b"\xfe\xff\x00\xe0", b"\xfe\xff\x01\xe0", 1), "dicom_unreadable", "(0010,0024)"),
        (made.manifest(open_=True)[:-8], "dicom_unreadable", "(0040,A375)"),
        (made.manifest(open_=True)[:-4] + b"\1\0\0\0", "dicom_unreadable", "(FFFE,E0DD)"),
    ],
)  # fmt: skip
def test_what_is_not_taken_says_where(data: bytes, code: str, place: str) -> None:
    assert refused(data) == [(code, place)]


def test_what_is_missing_is_told_at_once() -> None:
    data = made.manifest(x0020000D=None, x0040A375=None, x00100020=None, x00100030=("DA", "x"))
    assert [place for _, place in refused(data)] == ["(0020,000D)", "(0040,A375)", "(0010,0021)", "(0010,0030)"]


def test_no_value_of_the_object_is_told() -> None:
    for data in (made.manifest(x00100030=("DA", "SECRET")), made.manifest(number="SECRET", authority="SECRET")):
        assert all("SECRET" not in problem.detail + problem.place for problem in kos.read(data).problems)


def test_the_number_of_elements_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all depths together, items too."""
    found(made.manifest(x0040A730=("SQ", [{}] * 400)))
    monkeypatch.setattr("espace.wire.kos.part10._MOST_ELEMENTS", 400)
    assert refused(made.manifest(x0040A730=("SQ", [{}] * 400))) == [("dicom_unsupported", "")]


@given(st.integers(0, len(WHOLE) - 1))
def test_what_was_cut_is_refused(length: int) -> None:
    assert kos.read(WHOLE[:length]).document is None


@given(st.integers(132, len(WHOLE) - 1), st.integers(0, 255), st.booleans())
def test_a_byte_that_changed_never_raises(at: int, byte: int, explicit: bool) -> None:
    data = bytearray(made.manifest(explicit=explicit, open_=True))
    data[at] = byte
    result = kos.read(bytes(data))
    assert (result.document is None) is bool(result.problems)
