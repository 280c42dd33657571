"""Whatever is sent, a message is read or told what is wrong with it: in bounded time, and never by an exception."""

import random
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.wire.hl7v2 import er7
from espace.wire.hl7v2.acknowledgement import escaped
from wire.hl7v2.hl7_samples import CDA, PID, TAKING, found, message, msh, obx, oru, received

CODES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@settings(max_examples=50, deadline=None)
@given(CODES)
def test_what_is_escaped_comes_back(text: str) -> None:
    read, problems = er7.read(f"MSH|^~\\&|{escaped(text)}|x\r".encode())

    assert problems == ()
    assert read.value(read.segments[0], 3) == ("" if text.strip() == '""' else text.strip())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(CODES.map(escaped), min_size=1, max_size=4), max_size=6))
def test_fields_and_components_come_back(fields: list[list[str]]) -> None:
    line = "|".join("^".join(parts) for parts in fields)
    read, _ = er7.read(f"MSH|^~\\&|a\rZZZ|{line}\r".encode())
    segment = read.named("ZZZ")[0]
    plain = er7.read(f"MSH|^~\\&|{'^'.join(fields[0]) if fields else ''}\r".encode())[0]

    assert len(segment.fields) == max(len(fields), 1)
    for number in range(1, len(fields[0]) + 1 if fields else 0):
        assert read.value(segment, 1, number) == plain.value(plain.segments[0], 3, number)


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"", "hl7_malformed", ""),
        (b"PID|1\r", "hl7_malformed", ""),
        (b"MSH|", "hl7_malformed", ""),
        (b"MSH|^~\\|\r", "hl7_malformed", "MSH^1^2"),
        (b"MSH|^~\\^|a|b\r", "hl7_malformed", "MSH^1^2"),
        (b"MSH|ab~c|a|b\r", "hl7_malformed", "MSH^1^2"),
        (b"MSH1^~\\&1a1b\r", "hl7_malformed", "MSH^1^2"),
        (b"FHS|^~\\&|a\rMSH|^~\\&|a\r", "hl7_malformed", ""),
        (b"\x0bMSH|^~\\&|a\r\x1c\r", "hl7_malformed", ""),
        (message(msh(), "suite du document"), "hl7_malformed", "segment 2"),
        (message(msh(), "PIDX|1"), "hl7_malformed", "segment 2"),
        (message(msh(), PID.replace("PARIS", "PAR\x00IS")), "hl7_malformed", "PID^1"),
        (message(msh(), "PID" + "|" * 400), "hl7_malformed", "PID^1"),
        (message(msh(), *["NTE|1"] * 1_001), "hl7_malformed", ""),
        (message(msh(charset="UNICODE UTF-16"), PID), "hl7_charset", "MSH^1^18"),
        (message(msh(charset="ASCII"), PID.replace("PARIS", "ÉVRY")), "hl7_charset", "PID^1^11"),
        (message(msh(), PID.replace("PARIS", "ÉVRY"), encoding="iso-8859-1"), "hl7_charset", "PID^1^11"),
    ],
)
def test_what_is_no_message(data: bytes, code: str, place: str) -> None:
    assert found(data)[0] == (code, place)


def test_a_byte_order_mark_and_empty_lines_before_are_passed_over() -> None:
    assert found(b"\xef\xbb\xbf" + oru()) == []
    assert found(b"\r\n" + oru()) == []


def test_a_truncation_character_is_a_fifth_one() -> None:
    assert found(oru().replace(b"^~\\&|", b"^~\\&#|", 1)) == []


def test_many_problems_are_told_up_to_a_bound() -> None:
    data = message(msh(), PID, *[obx(status="P")] * 20, *["OBX|1|ST|A^^L||x||||||Q"] * 900)

    assert len(received(data).problems) == 100


def test_spoiled_messages_never_raise() -> None:
    chance, whole = random.Random(7), oru()
    for _ in range(200):
        spoiled = bytearray(whole)
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(spoiled))
            if chance.random() < 0.5:
                spoiled[at] = chance.randrange(256)
            else:
                del spoiled[at : at + chance.randrange(1, 40)]
        read = received(bytes(spoiled))
        assert (read.transmission is None) == bool(read.problems)


@pytest.mark.parametrize("spoiled", [b"^", b"~", b"&", b"\\", b"|", b"\\X", b"^^~~&&\\\\"])
def test_a_field_of_nothing_but_separators_costs_little(spoiled: bytes) -> None:
    data = oru() + b"PRT||UC||RCT|" + spoiled * (500_000 // len(spoiled)) + b"\r"
    began = time.process_time()
    received(data)

    assert time.process_time() - began < 0.5


def test_a_large_document_is_not_copied_more_than_it_is_decoded() -> None:
    content = CDA + b"<!-- " + b"x" * 3_000_000 + b" -->"
    data = oru(document=obx(content))
    tracemalloc.start()
    try:
        read = received(data, type(TAKING)(TAKING.zone, 10_000_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert read.transmission is not None
    assert read.transmission.documents[0].content == content
    assert peak < 1.2 * len(content)
