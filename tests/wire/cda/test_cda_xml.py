"""XML-01 to XML-11: nothing in a document is fetched, expanded or executed, and nothing costs too much."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from espace.wire.xml import XmlLimits, parse_xml

SOURCES = Path(__file__).parents[3] / "src"
M = 1_000_000
FIFTY = 50 * 1024 * 1024

DOCTYPES = {
    "external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    "external subset": '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>',
    "parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]><a/>',
    "billion laughs": '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
    "recursive": '<!DOCTYPE a [<!ENTITY b "&c;"><!ENTITY c "&b;">]><a>&b;</a>',
    "attribute defaults": '<!DOCTYPE a [<!ATTLIST a b CDATA "x">]><a/>',
    "bare": "<!DOCTYPE a><a/>",
    "lower case": "<!doctype a><a/>",
    "after a comment": "<!-- <a> --><?pi <a>?>\n\n<!DOCTYPE a><a/>",
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", DOCTYPES.values(), ids=DOCTYPES)
def test_every_doctype_is_refused_in_every_encoding(text: str, encoding: str) -> None:
    parsed = parse_xml(text.encode(encoding))
    assert parsed.root is None
    assert [problem.reason.code for problem in parsed.problems] == ["xml_doctype"]


@pytest.mark.parametrize(
    "data",
    [
        '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-'.encode("ascii"),
        b"+/v8-" + "<!DOCTYPE a><a/>".encode("utf-7"),
        '<?xml version="1.0" encoding="IBM037"?><!DOCTYPE a><a/>'.encode("cp037"),
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
        '<?xml version="1.0" encoding="UTF-8"?><a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="x-user-defined"?><a/>',
    ],
)
def test_an_encoding_that_is_unknown_or_not_the_real_one_is_refused(data: bytes) -> None:
    parsed = parse_xml(data)
    assert parsed.root is None
    assert [problem.reason.code for problem in parsed.problems] == ["xml_malformed"]


def test_a_doctype_in_a_comment_is_only_words() -> None:
    root = parse_xml(b"<!-- <!DOCTYPE a> --><a>b</a>").root
    assert root is not None and root.text == "b"


def test_the_place_of_a_doctype_is_its_line_and_column() -> None:
    assert parse_xml(b"<!-- a -->\n  <!DOCTYPE a><a/>").problems[0].place == "line 2, column 3"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_same_text_is_read_from_every_encoding(encoding: str) -> None:
    root = parse_xml("<a>é€𝄞</a>".encode(encoding)).root
    assert root is not None and root.text == "é€𝄞"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("iso-8859-1", "iso-8859-1"),
        ("ISO-8859-15", "iso-8859-15"),
        ("Windows-1252", "cp1252"),
        ("us-ascii", "ascii"),
    ],
)
def test_the_declared_encodings_of_the_field_are_read(declared: str, encoding: str) -> None:
    letter = "e" if encoding == "ascii" else "é"
    root = parse_xml(f'<?xml version="1.0" encoding="{declared}"?><a>{letter}</a>'.encode(encoding)).root
    assert root is not None and root.text == letter


def test_a_comment_an_instruction_or_a_cdata_section_cannot_split_a_value() -> None:
    root = parse_xml(b"<a>ad<!-- x -->min<?p i?>.<![CDATA[<e>]]>vil</a>").root
    assert root is not None and root.text == "admin.<e>vil" and len(root) == 0


def test_an_xinclude_stays_inert() -> None:
    data = b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/hostname" parse="text"/></a>'
    root = parse_xml(data).root
    assert root is not None and "".join(str(text) for text in root.itertext()) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"a",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a/>\x00",
        b"<a>\x00</a>",
        b"<a>&#0;</a>",
        b"<a>&#1;</a>",
        b"<a>&#xFFFE;</a>",
        b"<a>\xef\xbf\xbe</a>",
        b"<a>\xed\xa0\x80</a>",
        b"<a>&#xD800;</a>",
        b"<a>\xff</a>",
        b"<a>&b;</a>",
        b'<a b="1" b="2"/>',
        b'<a xmlns="b" xmlns="c"/>',
        b"<b:a/>",
        b'<a b="<"/>',
        b"<a/><!DOCTYPE a>",
        b"<a><!DOCTYPE a></a>",
        b"<!-- a",
        b"<?a",
        b"<a><![CDATA[",
        "<a/>".encode("utf-16")[:-1],
        b"\x00" * 100,
        b"\xff\xfe\x00\xd8",
    ],
)
def test_malformed_input_is_a_problem_with_its_place(data: bytes) -> None:
    parsed = parse_xml(data)
    assert parsed.root is None
    assert [problem.reason.code for problem in parsed.problems] == ["xml_malformed"]
    assert parsed.problems[0].place.startswith("line ")


def test_the_detail_of_a_problem_never_repeats_the_document() -> None:
    for data in (b"<SECRET></OTHER>", b"<a>&SECRET;</a>", b"<SECRET:a/>", b'<a SECRET="1" SECRET="2"/>'):
        assert "SECRET" not in parse_xml(data).problems[0].detail


LIMITS = XmlLimits(
    max_bytes=2000,
    max_depth=4,
    max_elements=20,
    max_attributes=12,
    max_element_attributes=4,
    max_attribute_chars=30,
    max_references=5,
    max_asides=3,
    max_aside_bytes=100,
    max_namespaces=3,
    max_namespace_chars=20,
)


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        (b"<a>" + b"x" * 1993 + b"</a>", b"<a>" + b"x" * 1994 + b"</a>"),
        (b"<a><b><c><d/></c></b></a>", b"<a><b><c><d><e/></d></c></b></a>"),
        (b"<a>" + b"<b/>" * 19 + b"</a>", b"<a>" + b"<b/>" * 20 + b"</a>"),
        (b"<a>" + b'<b c="1"/>' * 12 + b"</a>", b"<a>" + b'<b c="1"/>' * 13 + b"</a>"),
        (b'<a b="1" c="2" d="3" e="4"/>', b'<a b="1" c="2" d="3" e="4" f="5"/>'),
        (b'<a b="%s"/>' % (b"x" * 30), b'<a b="%s"/>' % (b"x" * 31)),
        (b"<a>&amp;&#65;&lt;&gt;&#x41;</a>", b"<a>&amp;&#65;&lt;&gt;&#x41;&amp;</a>"),
        (b"<a><!----><?b?><!----></a>", b"<a><!----><?b?><!----><!----></a>"),
        (b"<a><!--%s--></a>" % (b"x" * 90), b"<a><!--%s--></a>" % (b"x" * 110)),
        (b'<a xmlns="a" xmlns:b="b" xmlns:c="c"/>', b'<a xmlns="a" xmlns:b="b" xmlns:c="c" xmlns:d="d"/>'),
        (b'<a xmlns:b="%s"/>' % (b"x" * 20), b'<a xmlns:b="%s"/>' % (b"x" * 21)),
        (b"<a>xmlns is a word; xmlns/xmlns</a>", b"<a xmlns" + b" " * 600 + b'="b"/>'),
    ],
)
def test_each_limit_accepts_what_reaches_it_and_refuses_one_more(within: bytes, beyond: bytes) -> None:
    assert parse_xml(within, LIMITS).problems == ()
    parsed = parse_xml(beyond, LIMITS)
    assert parsed.root is None
    assert [problem.reason.code for problem in parsed.problems] == ["xml_limit"]


def test_the_limit_of_bytes_counts_the_utf_8_form_too() -> None:
    data = b'<?xml version="1.0" encoding="iso-8859-1"?><a>' + b"\xe9" * 1500 + b"</a>"
    assert len(data) < 2000
    assert parse_xml(data, LIMITS).problems[0].reason.code == "xml_limit"


@pytest.mark.parametrize(("depth", "code"), [(255, ""), (256, ""), (257, "xml_limit"), (3000, "xml_limit")])
def test_the_depth_is_256_elements(depth: int, code: str) -> None:
    parsed = parse_xml(b"<a>" * depth + b"</a>" * depth)
    assert [problem.reason.code for problem in parsed.problems] == ([code] if code else [])


def test_the_tree_is_the_one_that_a_second_parser_sees() -> None:
    data = "<a b='é'>x&amp;y<c xmlns='d'>&#233;</c>z</a>".encode()
    root = parse_xml(data).root
    assert root is not None
    assert etree.tostring(root) == etree.tostring(etree.fromstring(data))


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    parse_xml(b"<a/>")
    assert threading.active_count() == before


@given(st.binary(max_size=400))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    parsed = parse_xml(data)
    assert (parsed.root is None) == bool(parsed.problems)


HOSTILE = {
    "50 MB of siblings": "b'<r>' + b'<a/>' * (FIFTY // 4 - 3) + b'</r>'",
    "as many elements as accepted": "b'<r>' + b'<a b=\"1\"/>' * 149_000 + b'<a/>\\n' * 270_000 + b'</r>'",
    "and 40 MB of text": "b'<r>' + b'<a b=\"1\"/>' * 149_000 + b'<a/>\\n' * 270_000 + b'x' * 40 * M + b'</r>'",
    "200 000 attributes": "b'<r ' + b' '.join(b'a%d=\"1\"' % n for n in range(200_000)) + b'/>'",
    "149 000 attributes on one": "b'<r ' + b' '.join(b'a%d=\"1\"' % n for n in range(149_000)) + b'/>'",
    "4 million attributes": "b'<r ' + b' '.join(b'a%d=\"\"' % n for n in range(4 * M)) + b'/>'",
    "100 000 namespaces": "b'<r ' + b' '.join(b'xmlns:a%d=\"u\"' % n for n in range(100_000)) + b'/>'",
    "a namespace of 10 MB": "b'<r xmlns=\"' + b'u' * 10 * M + b'\">' + b'<a/>' * 100_000 + b'</r>'",
    "depth 100 000": "b'<a>' * 100_000 + b'</a>' * 100_000",
    "an attribute of 10 MB": "b'<a b=\"' + b'x' * 10 * M + b'\"/>'",
    "an attribute of 45 MB": "b'<a b=\"' + b'x' * 45 * M + b'\"/>'",
    "a text of 11 MB": "b'<a>' + b'x' * 11 * M + b'</a>'",
    "a text of 50 MB": "b'<a>' + b'x' * (FIFTY - 7) + b'</a>'",
    "10 million references": "b'<a>' + b'&amp;' * 10 * M + b'</a>'",
    "400 000 CDATA sections": "b'<a>' + b'x<![CDATA[y]]>' * 400_000 + b'</a>'",
    "a comment of 50 MB": "b'<!--' + b'x' * 50 * M + b'--><a/>'",
    "an instruction without end": "b'<?a ' + b'x' * 50 * M",
    "an internal subset of 50 MB": "b'<!DOCTYPE a [' + b'<!ENTITY a \"b\">' * 3 * M + b']><a/>'",
    "the same in UTF-16": "('<!DOCTYPE a [' + '<!ENTITY a \"b\">' * M + ']><a/>').encode('utf-16')",
    "a name of 9 MB": "b'<' + b'a' * 9 * M + b'/>'",
    "quadratic blow-up": "b'<!DOCTYPE a [<!ENTITY b \"' + b'x' * 50_000 + b'\">]><a>' + b'&b;' * 2_000 + b'</a>'",
    "equals signs": "b'<a>' + b'=  ' * 16 * M + b'</a>'",
    "the word xmlns": "b'<a>' + b'xmlns' * 10 * M + b'</a>'",
    "spaces after xmlns": "b'<a xmlns' + b' ' * 40 * M + b'=\"u\"/>'",
    "ISO-8859-1 that doubles": "b'<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>' + b'\\xe9' * 26 * M + b'</a>'",
    "UTF-16 of 50 MB": "('<a>' + 'x' * 26 * M + '</a>').encode('utf-16')",
    "400 000 names": "b'<r>' + b''.join(b'<n%060d/>' % n for n in range(400_000)) + b'</r>'",
    "nothing but <": "b'<' * 50 * M",
    "nothing but NUL": "bytes(50 * M)",
}
CHILD = """
import json, resource, sys
from pathlib import Path
from time import process_time
from espace.wire.xml import parse_xml

def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])

M, FIFTY = 1_000_000, 50 * 1024 * 1024
data = eval(sys.argv[1])
parse_xml(b"<a/>")
Path("/proc/self/clear_refs").write_text("5")
before, start = peak(), process_time()
parsed = parse_xml(data)
spent, after = process_time() - start, peak()
json.dump({"cpu": spent, "kb": after - before, "codes": [p.reason.code for p in parsed.problems]}, sys.stdout)
"""


@pytest.mark.parametrize("expression", HOSTILE.values(), ids=HOSTILE)
def test_hostile_documents_cost_at_most_2_seconds_and_256_mb(expression: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, expression],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"PYTHONPATH": str(SOURCES)},
    )
    measured = json.loads(done.stdout)
    assert measured["cpu"] <= 2
    assert measured["kb"] <= 256 * 1024


def test_the_names_of_hostile_documents_are_not_kept_by_the_worker() -> None:
    """libxml2 keeps the names of a thread: each document has its own, or a worker would grow for ever."""
    program = CHILD.replace(
        "parsed = parse_xml(data)",
        """
for turn in range(12):
    parsed = parse_xml(b"<r>" + b"".join(b"<n%dx%060d/>" % (turn, n) for n in range(60_000)) + b"</r>")
    if turn == 3:
        before = peak()
""",
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "b''"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"PYTHONPATH": str(SOURCES)},
    )
    assert json.loads(done.stdout)["kb"] <= 16 * 1024
