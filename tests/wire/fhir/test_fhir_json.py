"""JSON that cannot hurt: whatever is sent, a value or one problem with its place, within bounds."""

import json as standard
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
