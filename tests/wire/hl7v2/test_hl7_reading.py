"""What a message says is read as its sender means it; what is wrong is told of at once, each with its place."""

import os
from datetime import date
from pathlib import Path

import pytest

from espace.kernel.words import Visibility
from espace.wire.hl7v2 import Act, Mail, Routes, Taking, Transmission
from espace.wire.xds import Author, Coded, PatientStatement
from wire.hl7v2.hl7_samples import (
    CDA,
    PARIS,
    PID,
    REPLY,
    SENDER,
    TAKING,
    TO,
    TO_PATIENT,
    TXA,
    body,
    flag,
    found,
    mdm,
    message,
    msh,
    obx,
    oru,
    received,
)

NAME = "PAT-TROIS^DOMINIQUE^DOMINIQUE MARIE-LOUISE^^^^L"
SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))


def said(data: bytes, taking: Taking = TAKING) -> Transmission:
    read = received(data, taking)
    assert read.problems == ()
    assert read.transmission is not None
    return read.transmission


def test_a_result_is_a_document_of_one_patient() -> None:
    read = said(oru())

    assert read.act is Act.FILE
    assert [(one.place, one.content, one.type_code) for one in read.documents] == [("OBX^1^5^1^5", CDA, "34133-9")]
    assert read.patients == (
        PatientStatement(
            place="PID^1^3^1",
            number="279035121518989",
            authority="1.2.250.1.213.1.4.10",
            birth_name="PAT-TROIS",
            first_given="DOMINIQUE",
            given_names=("DOMINIQUE", "MARIE-LOUISE"),
            birth_date=date(1979, 3, 28),
            sex="F",
            birth_place="51215",
            reliability="VALI",
            local_ids=(Coded("IPP-1", "1.2.3.4"),),
        ),
    )
    assert read.sender == Author(
        family="MEDIONI",
        given="Stéphane",
        person_id="801234567897",
        institution="Cabinet du Port",
        institution_id="1120456789",
    )
    assert (read.sender_place, read.activity, read.parent) == ("PRT^1^8", "03", "")
    assert (read.visibility, read.routes, read.mail) == (frozenset(), Routes(), Mail())


def test_what_an_acknowledgement_repeats() -> None:
    header = received(oru()).header

    assert (header.sending_application, header.sending_facility) == (("SIL-Y",), ("labo",))
    assert (header.receiving_application, header.receiving_facility) == (("ESPACE",), ("Plateforme",))
    assert (header.event, header.control_id, header.processing, header.version) == ("R01", "015", "P", "2.5")


@pytest.mark.parametrize(
    ("data", "act"),
    [
        (oru(document=obx(status="F")), Act.FILE),
        (oru(document=obx(status="C")), Act.REPLACE),
        (oru(document=obx(status="D")), Act.DELETE),
        (mdm("T02"), Act.FILE),
        (mdm("T10"), Act.REPLACE),
        (mdm("T10", status="C"), Act.REPLACE),
        (mdm("T04"), Act.DELETE),
        (mdm("T04", status="D"), Act.DELETE),
        (oru(flag("MODIF_CONF_CODE")), Act.RELABEL),
        (oru(flag("MODIF_CONF_CODE"), document=obx(status="C")), Act.RELABEL),
        (oru(flag("MODIF_CONF_CODE", "N")), Act.FILE),
    ],
)
def test_event_and_status_say_what_is_asked(data: bytes, act: Act) -> None:
    assert said(data).act is act


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (mdm("T02", status="C"), "OBX^1^11"),
        (mdm("T02", status="D"), "OBX^1^11"),
        (mdm("T10", status="D"), "OBX^1^11"),
        (mdm("T04", status="C"), "OBX^1^11"),
        (oru(obx(CDA + b" ", number=2, status="C")), "OBX^2^11"),
        (oru(flag("MODIF_CONF_CODE"), document=obx(status="D")), "OBX^1^11"),
    ],
)
def test_two_things_asked_at_once_refuse(data: bytes, place: str) -> None:
    assert found(data) == [("hl7_acts_differ", place)]


def test_the_document_replaced_is_named_by_txa_13() -> None:
    assert said(mdm("T10", parent="1.2.250.1.213.1.1.1.13.98^SIL")).parent == "1.2.250.1.213.1.1.1.13.98"


@pytest.mark.parametrize(
    ("flags", "visibility"),
    [
        ([], set()),
        ([flag("MASQUE_PS")], {Visibility.MASQUE_PS}),
        ([flag("INVISIBLE_PATIENT", kind="CE")], {Visibility.INVISIBLE_PATIENT}),
        ([flag("INVISIBLE_REP_LEGAUX")], {Visibility.INVISIBLE_REPRESENTANTS_LEGAUX}),
        ([flag("CONNEXION_SECRETE")], {Visibility.INVISIBLE_REPRESENTANTS_LEGAUX}),
        ([flag("masque_ps", "y"), flag("INVISIBLE_PATIENT", "N")], {Visibility.MASQUE_PS}),
        ([flag("MASQUE_PS"), flag("MASQUE_PS")], {Visibility.MASQUE_PS}),
    ],
)
def test_flags_hide(flags: list[str], visibility: set[Visibility]) -> None:
    assert said(oru(*flags)).visibility == visibility


def test_the_mail_asked_for_is_read_and_addresses_are_told_apart() -> None:
    flags = [flag(name) for name in ("DESTDMP", "DESTMSSANTEPS", "DESTMSSANTEPAT", "ACK_RECEPTION")]
    texts = (body("CORPSMAIL_PS", "Cher confrère"), body("CORPSMAIL_PATIENT", "Bonjour"))
    read = said(oru(TO, TO_PATIENT, REPLY, *flags, *texts))

    assert read.routes == Routes(record=True, professionals=True, patient=True)
    assert read.mail == Mail(
        to=("adam.hoda@test.mssante.fr",),
        to_patient=("279035121518989@patient.mssante.fr",),
        reply_to=("labo@test.mssante.fr",),
        text="Cher confrère",
        text_for_patient="Bonjour",
        receipt=True,
    )


def test_a_flag_that_is_not_known_and_says_no_is_passed_over() -> None:
    assert said(oru(flag("NOUVEAUTE", "N"))).act is Act.FILE


@pytest.mark.parametrize(
    ("classed", "activity"), [("I", "03"), ("O", "07"), ("E", "07"), ("R", "19"), ("N", "97"), ("", "97")]
)
def test_the_kind_of_activity_follows_from_the_class_of_the_patient(classed: str, activity: str) -> None:
    assert said(message(msh(), PID, f"PV1|1|{classed}", obx())).activity == activity


def test_no_visit_is_any_activity_and_no_sender_is_nobody() -> None:
    read = said(message(msh(), PID, obx()))

    assert (read.activity, read.sender, read.sender_place) == ("97", None, "")


def test_the_same_document_twice_is_one_and_two_are_two() -> None:
    another = CDA + b"\n"

    assert [one.content for one in said(oru(obx(number=2))).documents] == [CDA]
    assert [one.place for one in said(oru(obx(another, number=2))).documents] == ["OBX^1^5^1^5", "OBX^2^5^1^5"]
    assert found(mdm("T02", obx(another, number=2))) == [("value_invalid", "OBX^2^5")]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r"])
def test_segments_end_as_files_have_it(end: str) -> None:
    assert said(message(msh(), PID, obx(), end=end)).documents[0].content == CDA


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("UNICODE UTF-8", "utf-8"), ("8859/1", "iso-8859-1"), ("8859/15", "iso-8859-15"), ("", "utf-8")],
)
def test_the_charset_is_the_one_declared(charset: str, encoding: str) -> None:
    pid = PID.replace("PAT-TROIS", "LÉGER")
    corps = body("CORPSMAIL_PS", "Cher confrère", encoding=encoding)
    read = said(message(msh(charset=charset), pid, obx(), corps, encoding=encoding))

    assert (read.patients[0].birth_name, read.mail.text) == ("LÉGER", "Cher confrère")


def test_other_separators_are_read_as_declared() -> None:
    data = oru().replace(b"^", b"!").replace(b"&", b"*").replace(b"~", b"@").replace(b"|", b"#")

    assert said(data).patients == said(oru()).patients


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("D\\T\\R", "D&R"),
        ("A\\S\\B\\F\\C\\R\\D\\E\\E", "A^B|C~D\\E"),
        ("L\\XC389\\GER", "LÉGER"),
        ("A\\.br\\B", "A\nB"),
        ("L\\X41\\B", "LAB"),
        ("a\\b", "a\\b"),
        ("\\H\\GRAS\\N\\", "GRAS"),
        ("\\X00\\A", "\\X00\\A"),
        ("\\Zoe\\", "\\Zoe\\"),
        ('""', ""),
    ],
)
def test_escapes_are_meant(written: str, meant: str) -> None:
    read = said(oru(pid=PID.replace("PAT-TROIS", written)))

    assert read.patients[0].birth_name == meant


@pytest.mark.parametrize(
    ("change", "to", "expected"),
    [
        (NAME, "PAT-TROIS^DOMINIQUE^^^^^", ("PAT-TROIS", ("DOMINIQUE",))),
        (NAME, "PAT-TROIS^^ANNE,MARIE^^^^L", ("PAT-TROIS", ("ANNE", "MARIE"))),
        (f"{NAME}~", "", ("", ())),
    ],
)
def test_the_birth_name_is_the_one_said_to_be(change: str, to: str, expected: tuple[str, tuple[str, ...]]) -> None:
    patient = said(oru(pid=PID.replace(change, to))).patients[0]

    assert (patient.birth_name, patient.given_names) == expected


def test_an_ins_that_ended_is_left_out_and_two_in_use_are_two_statements() -> None:
    other = "179035121518979^^^NIA&1.2.250.1.213.1.4.9&ISO^INS^^20101207"
    two = PID.replace("~IPP-1", f"~{other}~IPP-1")

    assert [one.place for one in said(oru(pid=two)).patients] == ["PID^1^3^1", "PID^1^3^2"]
    ended = two.replace(other, f"{other}^20200101")
    assert [one.number for one in said(oru(pid=ended)).patients] == ["279035121518989"]


@pytest.mark.parametrize(("stated", "kept"), [("VALI", "VALI"), ("PROV", "PROV"), ("VALI~DOUT", "DOUT"), ("", "")])
def test_the_weakest_status_of_an_identity_counts(stated: str, kept: str) -> None:
    assert said(oru(pid=PID.replace("N|VALI", f"N|{stated}"))).patients[0].reliability == kept


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (oru(first=msh("SIU^S12^SIU_S12")), [("hl7_message_unsupported", "MSH^1^9")]),
        (oru(first=msh("ADT^A01^ADT_A01")), [("hl7_message_unsupported", "MSH^1^21")]),
        (oru(first=msh("MDM^T06^MDM_T02")), [("hl7_message_unsupported", "MSH^1^9^1^2")]),
        (oru(first=msh("ORU^R01^MDM_T02")), [("hl7_message_unsupported", "MSH^1^9^1^3")]),
        (oru(first=msh(version="2.3")), [("hl7_message_unsupported", "MSH^1^12")]),
        (oru(first=msh().replace("|P|", "|T|")), [("hl7_message_unsupported", "MSH^1^11")]),
        (oru(first=msh(profile="2.11^IHE_FRANCE-2.11-PAM")), [("hl7_message_unsupported", "MSH^1^21")]),
        (oru(first=msh().replace("|015|", "||")), [("element_missing", "MSH^1^10")]),
        (oru(first=msh().replace("|015|", f"|{'0' * 200}|")), [("value_invalid", "MSH^1^10")]),
        (oru(msh()), [("hl7_malformed", "MSH^2")]),
        (message(msh(), obx()), [("element_missing", "PID^1")]),
        (oru(PID), [("identities_differ", "PID^2")]),
        (oru(pid=PID.replace("DOMINIQUE^^^^^D", "DOMINIQUE^^^^^L")), [("identities_differ", "PID^1^5")]),
        (oru(pid=PID.replace("19790328", "197903")), [("value_invalid", "PID^1^7")]),
        (oru(pid=PID.replace("N|VALI", "Y|VALI")), [("ins_not_qualified", "PID^1^31")]),
        (message(msh(), PID, SENDER), [("element_missing", "OBX")]),
        (oru(document=obx(b"")), [("content_empty", "OBX^1^5^1^5")]),
        (oru(document=obx(kind="PDF")), [("content_type_unsupported", "OBX^1^5^1^3")]),
        (oru(document=obx(status="P")), [("value_invalid", "OBX^1^11")]),
        (oru(document=obx().replace("^Base64^", "^Hex^")), [("value_invalid", "OBX^1^5^1^4")]),
        (oru(document=obx().replace("^Base64^", "^Base64^*")), [("value_invalid", "OBX^1^5^1^5")]),
        (oru(document=obx().replace("|ED|", "|ST|")), [("element_unsupported", "OBX^1^2")]),
        (oru(document=obx().replace("||||||F", "~^TEXT^XML^Base64^QQ==||||||F")), [("value_invalid", "OBX^1^5^2")]),
        (oru("OBX|2|NM|2345-7^Glucose^LN||5.1||||||F"), [("element_unsupported", "OBX^2^2")]),
        (oru(flag("MASQUE_PS", "O")), [("value_invalid", "OBX^2^5")]),
        (oru(flag("MASQUE_PS"), flag("MASQUE_PS", "N")), [("value_invalid", "OBX^3^5")]),
        (oru(flag("MASQUE_TOUS")), [("element_unsupported", "OBX^2^3")]),
        (oru(body("CORPSMAIL_PS", "x").replace("Base64^", "Base64^*")), [("value_invalid", "OBX^2^5^1^5")]),
        (oru(TO.replace("Adam.Hoda@", "Adam Hoda@")), [("value_invalid", "PRT^2^15^1^4")]),
        (oru(SENDER.replace("MEDIONI", "AUTRE")), [("value_invalid", "PRT^2")]),
        (mdm("T02").replace(b"TXA|", b"TXB|"), [("element_missing", "TXA^1")]),
        (mdm("T02", TXA), [("value_invalid", "TXA^2")]),
        (oru(flag("DESTDMP", "N")), [("hl7_routing_refused", "OBX^2^5")]),
    ],
)
def test_near_misses_refuse_with_their_place(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert found(data) == expected


def test_every_problem_is_told_at_once() -> None:
    spoiled = oru(
        flag("MASQUE_PS", "?"),
        first=msh(version="2.2"),
        pid=PID.replace("19790328", "1979"),
        document=obx(status="X", kind="RTF"),
    )

    assert found(spoiled) == [
        ("hl7_message_unsupported", "MSH^1^12"),
        ("value_invalid", "PID^1^7"),
        ("value_invalid", "OBX^2^5"),
        ("content_type_unsupported", "OBX^1^5^1^3"),
        ("value_invalid", "OBX^1^11"),
    ]


def test_training_and_debugging_are_taken_where_they_are_served() -> None:
    served = Taking(PARIS, 1_000_000, frozenset("PTD"))

    assert said(oru(first=msh().replace("|P|", "|D|")), served).act is Act.FILE


def test_line_ends_within_base64_are_no_part_of_the_document() -> None:
    document = obx()
    data = document.partition("Base64^")[2].partition("|")[0]
    broken = "\\X0D0A\\".join(data[i : i + 76] for i in range(0, len(data), 76))

    assert said(oru(document=document.replace(data, broken))).documents[0].content == CDA


def test_a_document_beyond_the_limit_is_refused() -> None:
    assert found(oru(), Taking(PARIS, len(CDA) - 1)) == [("content_too_large", "OBX^1^5^1^5")]
    assert found(oru(), Taking(PARIS, 10)) == [("content_too_large", "OBX^1^5^1^5")]
    assert found(oru(), Taking(PARIS, len(CDA))) == []


# The four flags in the order of the matrix (D56), then DESTDMP, DESTMSSANTEPS, DESTMSSANTEPAT.
_FLAGS = (
    "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REP_LEGAUX", "CONNEXION_SECRETE",
    "DESTDMP", "DESTMSSANTEPS", "DESTMSSANTEPAT",
)  # fmt: skip


@pytest.mark.parametrize(
    "stated",
    ["NNNNYNN", "YNNNYNN", "NYNNYNN", "NNYYYNN", "NNNNYYY", "NNNNNYY", "NYNNYYN", "YYNNNYN", "NNNNNNY", "YNYNNNY"],
)
def test_the_legal_routes(stated: str) -> None:
    flags = [flag(name, value) for name, value in zip(_FLAGS, stated, strict=True)]

    assert said(oru(*flags)).routes == Routes(*(value == "Y" for value in stated[4:]))


@pytest.mark.parametrize(
    "stated",
    ["NNNNNNN", "YNNNYYY", "NYNNYYY", "NNYNYYY", "NNNYYYY", "NNNNYYN", "NYYNYYN", "NNNNYNY", "NYNNNNY", "NYNNYNY"],
)
def test_any_other_route_is_an_error(stated: str) -> None:
    flags = [flag(name, value) for name, value in zip(_FLAGS, stated, strict=True)]

    assert found(oru(*flags)) == [("hl7_routing_refused", "OBX^6^5")]


def test_the_official_examples_are_read() -> None:
    """Their documents are a line of text that stands for a CDA; the MDM of version 2.0 asks for a route that the matrix
    of 2.1 forbids."""
    if not SHARED.exists():
        return
    folder = SHARED / "hl7v2"
    first, again = (said((folder / f"oru_{name}.hl7").read_bytes()) for name in ("init", "replace"))

    assert (first.act, again.act) == (Act.FILE, Act.REPLACE)
    assert [one.content for one in first.documents] == [b"Document medcial au format CDA niveau 1"]
    assert first.mail.to == ("adam.hoda@test-ci-sis.mssante.fr",)
    assert (first.mail.receipt, again.mail.receipt) == (True, False)
    assert first.mail.text.startswith("Cher confrère, vous trouverez")
    assert first.patients[0].birth_place == "63220"
    assert found((folder / "mdm_init.hl7").read_bytes()) == [("hl7_routing_refused", "OBX^7^5")]
    assert found((folder / "ack.hl7").read_bytes()) == [("hl7_message_unsupported", "MSH^1^9")]
    assert found((folder / "pamfr_consent.hl7").read_bytes()) == [("hl7_message_unsupported", "MSH^1^11")]
