"""JSON that cannot hurt: whatever is sent, a value or one problem with its place, within bounds."""

import json as standard
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import bundles

from espace.wire.fhir import json


@pytest.mark.parametrize(
    ("text", "place", "detail"),
    [
        (b"", "$", "Input data was truncated"),
        (b"   ", "$", "Input data was truncated"),
        (b'{"a":', "$", "Input data was truncated"),
        (b"NaN", "byte 0", "invalid character"),
        (b'{"a": -Infinity}', "byte 7", "invalid character"),
        (b"[01]", "byte 2", "invalid number"),
        (b"[1,]", "byte 3", "trailing comma in array"),
        (b"{'a':1}", "byte 1", "object keys must be strings"),
        (b"{} {}", "byte 4", "trailing characters"),
        (b'{"a":"x\ny"}', "byte 7", "invalid character"),
        (b"[1e400]", "$", "Number out of range"),
        (b"\xff\xfe{\x00}\x00", "byte 0", "invalid character"),
        (b'{"a":"\xff"}', "$", "the text is not UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "$", "the text is not UTF-8"),
        (b'{"a":[1,{"b":"\\ud800"}]}', "a[1].b", "a text with a lone surrogate, a NUL or bytes that are not UTF-8"),
        (b'{"a":"\\u0000"}', "a", "a text with a lone surrogate, a NUL or bytes that are not UTF-8"),
        (b'{"a\\u0000":1}', "byte 10", "a text with a lone surrogate, a NUL or bytes that are not UTF-8"),
        (b'{"e":[{"a":1,"b":2,"\\u0061":3}]}', "e[0].a", "the same key twice in one object"),
        (b'{"Jean DUPONT":1,"Jean DUPONT":2}', "?", "the same key twice in one object"),
        (b'{"n":' + b"1" * 5000 + b"}", "n", "a number or word longer than 32 characters"),
        (b'{"n":1' + b"0" * 40 + b".5}", "n", "a number or word longer than 32 characters"),
        (b'"unfinished', "byte 1", "a text without end, or with too many escapes"),
    ],
)
def test_what_is_not_plain_json_is_refused_with_its_place(text: bytes, place: str, detail: str) -> None:
    value, problems = json.read(text)
    assert value is None
    [problem] = problems
    assert (problem.reason.code, problem.place) == ("json_malformed", place)
    assert detail in problem.detail


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'\xef\xbb\xbf{"a":"\xc3\xa9"}', {"a": "é"}),
        (b'{"a":"\\ud83d\\ude00","b":"\\\\u0000"}', {"a": "😀", "b": "\\u0000"}),
        (b'[true,false,null,-0,1.5e3,"",{},[]]', [True, False, None, 0, 1500.0, "", {}, []]),
        (b'\r\n\t {"a" : [ 1 , 2 ] }  \n', {"a": [1, 2]}),
        (b'{"data":"aGVs\\/bG8="}', {"data": "aGVs/bG8="}),
        (b'{"a":{"x":1},"b":{"x":2}}', {"a": {"x": 1}, "b": {"x": 2}}),
    ],
)
def test_plain_json_is_read(text: bytes, value: object) -> None:
    assert json.read(text) == (value, ())


def test_depth_counts_brackets_and_64_is_the_last_one_taken() -> None:
    assert json.read(b"[" * 64 + b"]" * 64)[1] == ()
    [problem] = json.read(b"[" * 65 + b"]" * 65)[1]
    assert problem.detail == "nested deeper than 64"
    assert json.read(b'{"a":' * 100_000)[1][0].detail == "nested deeper than 64"


texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=30,
)


@given(json_values)
def test_what_another_program_writes_is_read_back(value: object) -> None:
    for options in ({}, {"ensure_ascii": False}, {"indent": 2}):
        assert json.read(standard.dumps(value, **options).encode()) == (value, ())


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_never_raise(data: bytes) -> None:
    value, problems = json.read(data)
    assert value is None or problems == ()


@given(st.text(alphabet='{}[]:,"\\u0dD8e-+.19 \n\ta', max_size=60))
def test_anything_that_looks_like_json_is_judged_as_the_standard_library_does_or_refused(text: str) -> None:
    value, problems = json.read(text.encode())
    if not problems:
        assert standard.loads(text) == value


# What is proven without the scan. Bounds as small as these are crossed by small texts.
SMALL = json.Limits(depth=4, tokens=40, digits=6, text=14)


def proven(data: bytes, limits: json.Limits = json.LIMITS) -> bool:
    """Whether the scan is passed over; where it is, it would have found nothing."""
    view = memoryview(data[3:] if data.startswith(b"\xef\xbb\xbf") else data)
    found = json._proven(data, view, limits)
    if found is not None:
        assert json._Scan(view, limits).run() is None
        assert (found[0], ()) == json._decode(view) == json.read(data, limits=limits)
    return found is not None


# "a", "é" and a quote in more than one spelling; marks of structure; what may not be decoded.
pieces = st.sampled_from(
    [
        *["a", "b", "\\u0061", "é", "\\u00e9", '\\"', "\\u0022", "\\\\", "\\/", "\\n", "/", "+=", " ", "_"],
        *["{", "}", "[", "]", ":", ",", "\x7f", "😀", "\\ud83d\\ude00", "QUJD", "1234567"],
        *["\\u0000", "\\\\u0000", "\\ud83d", "\\udc00", "\\U0000", "\\x", "\x00", "\n", '"'],
    ]
)
plain_pieces = st.sampled_from(["a", "b", "\\u0061", "é", "\\u00e9", '\\"', "\\u0022", "\\\\", "\\/", ":", "{"])
quoted = (st.lists(plain_pieces, max_size=3) | st.lists(pieces, max_size=5)).map(lambda said: f'"{"".join(said)}"')
spaces = st.sampled_from(["", "", "", " ", "\n\t", "\r\n      ", "\f"])
numbers = st.sampled_from(["0", "-1", "1.5e3", "true", "null", "123456", "1234567", "1.00000", "-0.00001", "1e9", "01"])


def _array(items: list[tuple[str, str]]) -> str:
    return "[" + ",".join(space + item + space for space, item in items) + "]"


def _object(members: list[tuple[str, str, str]]) -> str:
    return "{" + ",".join(f"{key}{space}:{space}{value}{space}" for key, space, value in members) + "}"


written = st.recursive(
    quoted | numbers,
    lambda inner: (
        st.lists(st.tuples(spaces, inner), max_size=4).map(_array)
        | st.lists(st.tuples(quoted, spaces, inner), max_size=4).map(_object)
    ),
    max_leaves=12,
)
marks = st.sampled_from([b"\xef\xbb\xbf", b"", b"", b"", b" "])


@st.composite
def spoiled_texts(draw: st.DrawFn) -> bytes:
    """Such a text with a few bytes taken out or put in."""
    data = draw(marks) + draw(written).encode()
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(data)))
        put = draw(st.sampled_from([b"", b'"', b"\\", b"{", b"}", b":", b",", b"\xff", b"\x00", b"1234567"]))
        data = data[:at] + put + data[at + draw(st.integers(0, 1)) :]
    return data


@settings(max_examples=400, deadline=None)
@given(spoiled_texts(), st.sampled_from([json.LIMITS, SMALL]))
def test_where_the_scan_is_passed_over_it_would_have_found_nothing(data: bytes, limits: json.Limits) -> None:
    proven(data, limits)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]:,"\\u0dD8e1 a', max_size=40).map(str.encode))
def test_nor_in_bytes_of_any_kind(data: bytes) -> None:
    proven(data, SMALL)


@pytest.mark.parametrize(
    "data",
    [
        bundles.spoiled(),
        standard.dumps(bundles.bundle()).encode(),
        standard.dumps(bundles.bundle(), indent=2).encode(),
        bundles.spoiled().replace(b"/", b"\\/"),
        b"\xef\xbb\xbf" + bundles.spoiled(),
        b'{"data":"' + b"QUJD" * 400_000 + b'"}',
        b'"a \\\\\\" b"',
        b"7",
    ],
    ids=["utf-8", "ascii", "indented", "slashes escaped", "mark", "long content", "backslashes", "number"],
)
def test_ordinary_texts_need_no_scan(data: bytes) -> None:
    assert proven(data)


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        (b'{"a":{"a":{"a":[]}}}', b'{"a":{"a":{"a":[[]]}}}'),
        (b'{"a":[[[1]]],"b":1}', b'{"a":[[[[1]]]],"a":1}'),
        (b"[[],[[]],[[[]]]]", b"[[],[[]],[[[{}]]]]"),
        (b"[123456]", b"[1234567]"),
        (b'["1234567"]', b'["a",12.4567]'),
        (b'["123456789_12"]', b'["123456789_123"]'),
        (b'["123456789012345678"]', b'["12345678901234567\\u0061"]'),
        (b'["123456789/12345678"]', b'{"12345678901234567" : 1}'),
        (b'{"a":1,"b":{"a":2}}', b'{"a":1,"\\u0061":{"a":2}}'),
        (b'{"\\"":1,"\\\\":2}', b'{"\\"":1,"\\u0022":2}'),
        (b'{":":1}', b'{":":1,":":2}'),
        (b'["\\\\u000"]', b'["\\u0000"]'),
        (b"[1" + b",1" * 15 + b"]", b"[1" + b",1" * 19 + b"]"),
        (b'["\xed\x9f\xbf"]', b'["\xed\xa0\x80"]'),
    ],
)
def test_the_bounds_are_those_of_the_scan(within: bytes, beyond: bytes) -> None:
    assert proven(within, SMALL)
    assert not proven(beyond, SMALL)
    assert json.read(beyond, limits=SMALL)[1] != ()


def test_a_text_has_100_000_escapes_at_most() -> None:
    assert proven(b'["' + rb"\n" * 100_000 + b'"]')
    assert not proven(b'["a' + rb"\"" * 100_001 + b'"]')
    assert json.read(b'["a' + rb"\"" * 100_001 + b'"]')[1] != ()


# Each runs in a process of its own: made in Python (statements; the body ends up in `body`), read once, measured.
BIG = {
    "a document of 50 MB in base64": "body = b'{\"data\":\"' + base64.b64encode(bytes(50_000_000)) + b'\"}'",
    "the same with every slash escaped": (
        "body = b'{\"d\":\"' + base64.b64encode(os.urandom(50_000_000)).replace(b'/', b'\\\\/') + b'\"}'"
    ),
    "one million arrays": "body = b'[' + b'[],' * 1_000_000 + b'0]'",
    "as many numbers as fit": "body = b'[' + b'1,' * 35_000_000 + b'1]'",
    "nothing but spaces": "body = b' ' * 70_000_000",
    "nothing but quotes": "body = b'\"' * 70_000_000",
    "nothing but brackets": "body = b'[' * 70_000_000",
    "nothing but backslashes": "body = b'\"' + b'\\\\' * 70_000_000",
    "a text full of escapes": "body = b'{\"a\":\"' + b'\\\\n' * 35_000_000 + b'\"}'",
    "a number of 70 MB": "body = b'1' * 70_000_000",
    "a text with one character of four bytes": "body = b'\"' + b'a.' * 34_000_000 + '\U0001f600'.encode() + b'\"'",
    "a million keys": "body = b'{' + b','.join(b'\"k%d\":1' % i for i in range(1_000_000)) + b'}'",
    "more brackets than are taken, closed": "body = b'[' * 199_000 + b']' * 199_000",
    "as many pairs of brackets as fit": "body = b'[[[' + b'[[[]]],' * 57_000 + b'0]]]'",
    "a content with as many escapes as a text": "body = b'[\"' + b'\\\\n' * 100_000 + b'A' * 69_000_000 + b'\"]'",
    "texts of 1 MB": "body = b'[' + (b'\"' + b'_' * 1_000_000 + b'\\\\\"\",') * 69 + b'0]'",
    "a key of 70 MB": "body = b'{\"' + b'a' * 70_000_000 + b'\":1}'",
    "keys said twice": "body = b'{' + b','.join([b'\"a\":1'] * 90_000) + b'}'",
    "an unfinished text": "body = b'[' + b'\"a\",' * 90_000 + b'\"' + b'x' * 69_000_000",
}
MEASURE = """
import base64, os, time
{making}
from espace.wire.fhir import json
with open("/proc/self/clear_refs", "w") as reset:
    reset.write("5")
def peak():
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM"))
before, start = peak(), time.process_time()
json.read(body)
print(time.process_time() - start, peak() - before)
"""


@pytest.mark.parametrize("making", BIG.values(), ids=BIG.keys())
def test_bodies_of_70_mb_stay_within_two_seconds_and_256_mb(making: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE.format(making=making)],
        env={**os.environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, kilobytes = map(float, ran.stdout.split())
    assert seconds < 2
    assert kilobytes < 256 * 1024
