"""Every message is answered in its own form: by whom it was sent, in its charset, with each problem where it was."""

from datetime import datetime, timedelta, timezone

import pytest

from espace.kernel.reasons import REASONS
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem
from espace.wire.hl7v2 import Done, Header, Result, accepted, er7, refused
from espace.wire.hl7v2.acknowledgement import hl7_code
from wire.hl7v2.hl7_samples import msh, oru, received

AT = datetime(2026, 3, 4, 10, 30, tzinfo=timezone(timedelta(hours=1)))


def answer(data: bytes = b"", problem: Problem | None = None, *, english: bool = True) -> list[str]:
    header = received(data or oru()).header
    told = problem or received(data).problems[0]
    return refused(header, [told], at=AT, control_id="A1", english=english).decode(header.codec).split("\r")


def test_an_acceptance() -> None:
    results = [
        Result("DESTDMP", Done.FILED, "1.2.3", "01890000-0000-7000-8000-000000000001"),
        Result("DESTMSSANTEPS", Done.WAITING, "1.2.3"),
    ]

    assert accepted(received(oru()).header, results, at=AT, control_id="A1") == (
        b"MSH|^~\\&|ESPACE|Plateforme|SIL-Y|labo|20260304103000+0100||ACK^R01^ACK|A1|P|2.5|||||FRA|UNICODE UTF-8\r"
        b"MSA|AA|015\r"
        b"ZAM|1|DESTDMP|FILED|1.2.3|01890000-0000-7000-8000-000000000001\r"
        b"ZAM|2|DESTMSSANTEPS|WAITING|1.2.3|\r"
    )


def test_a_refusal_names_the_place_the_rule_and_what_to_do() -> None:
    assert answer(problem=Problem(reasons.VALUE_INVALID, "PID^1^7", "YYYYMMDD | a day")) == [
        "MSH|^~\\&|ESPACE|Plateforme|SIL-Y|labo|20260304103000+0100||ACK^R01^ACK|A1|P|2.5|||||FRA|UNICODE UTF-8",
        "MSA|AE|015",
        "ERR||PID^1^7|102^Data type error^HL70357|E|value_invalid^^ESPACE||YYYYMMDD \\F\\ a day"
        "|A value does not have the expected form. Correct the value at the place shown.",
        "",
    ]


def test_a_place_in_the_document_follows_its_place_in_the_message() -> None:
    place = "OBX^1^5^1^5 /ClinicalDocument/id, line 8"
    error = answer(problem=Problem(reasons.CDA_INCOMPLETE, place, "an OID or a UUID"))[2].split("|")

    assert (error[2], error[7]) == ("OBX^1^5^1^5", "/ClinicalDocument/id, line 8 : an OID or a UUID")


@pytest.mark.parametrize(
    ("reason", "place", "outcome", "code"),
    [
        ("token_missing", "", "AR", "207"),
        ("source_not_yours", "PRT^1^8", "AE", "207"),
        ("hl7_message_unsupported", "MSH^1^9", "AR", "200"),
        ("hl7_message_unsupported", "MSH^1^9^1^2", "AR", "201"),
        ("hl7_message_unsupported", "MSH^1^11", "AR", "202"),
        ("hl7_message_unsupported", "MSH^1^12", "AR", "203"),
        ("hl7_malformed", "segment 3", "AE", "100"),
        ("element_missing", "PID^1", "AE", "101"),
        ("code_unknown", "OBX^1^3", "AE", "103"),
        ("document_unknown", "", "AE", "204"),
        ("unique_id_reused", "OBX^1^5", "AE", "205"),
        ("temporarily_unavailable", "", "AR", "207"),
        ("unexpected_fault", "", "AR", "207"),
    ],
)
def test_the_outcome_and_the_code_of_hl7(reason: str, place: str, outcome: str, code: str) -> None:
    said = answer(problem=Problem(REASONS[reason], place))

    assert said[1] == f"MSA|{outcome}|015"
    assert said[2].split("|")[3].partition("^")[0] == code


def test_every_reason_can_be_told() -> None:
    problems = [Problem(reason, "PID^1^3") for reason in REASONS.values()]
    told = refused(received(oru()).header, problems, at=AT, control_id="A1")

    assert all(hl7_code(problem).isdigit() for problem in problems)
    assert er7.read(told)[1] == ()
    assert told.count(b"\rERR|") == len(REASONS)


def test_what_was_no_message_is_answered_by_a_message() -> None:
    data = refused(Header(), received(b"GET / HTTP/1.1\r\n").problems, at=AT, control_id="A1")

    assert data.decode().split("\r")[:2] == [
        "MSH|^~\\&|ESPACE||||20260304103000+0100||ACK|A1|P|2.5|||||FRA|UNICODE UTF-8",
        "MSA|AR|",
    ]
    assert er7.read(data)[1] == ()


def test_the_answer_is_in_the_charset_of_the_message() -> None:
    data = oru(first=msh(charset="8859/1"))
    told = answer(data, Problem(reasons.VALUE_INVALID, "PID^1^7"), english=False)

    assert told[2].endswith("|Une valeur n'a pas la forme attendue. Corrigez la valeur à l'endroit indiqué.")
    assert told[0].endswith("|8859/1")


def test_nothing_sent_becomes_a_segment_of_the_answer() -> None:
    data = oru(first=msh().replace("|SIL-Y|", "|SIL\\X0D\\MSA\\F\\AA|").replace("|015|", "|0\\X0D\\1\\F\\5|"))
    said = answer(data, Problem(reasons.VALUE_INVALID, "PID^1^7", "one\rMSA|AA|015\ntwo"))

    assert [line[:3] for line in said] == ["MSH", "MSA", "ERR", ""]
    assert said[1] == "MSA|AE|0\\.br\\1\\F\\5"
