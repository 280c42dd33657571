"""multipart/related by the book: what is read, what is refused, and that bytes stay what they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.kernel.reasons import soap as reasons
from espace.kernel.words import Refused
from espace.wire.soap.mtom import MOST_PARTS, from_base64, media_type, named, pack, unpack
from soaping import BOUNDARY, MULTIPART, in_parts, part

KIND = media_type(MULTIPART)


def test_the_root_and_the_attachments_are_found_with_their_bytes() -> None:
    found = unpack(KIND, in_parts("<a/>", **{"one@x": b"\x00\r\n--\xff", "two@x": b""}))
    assert found.root == b"<a/>"
    assert found.root_type.name == "application/xop+xml"
    assert found.root_type.parameters == {"charset": "UTF-8", "type": "application/soap+xml"}
    assert {name: bytes(data) for name, data in found.parts.items()} == {"one@x": b"\x00\r\n--\xff", "two@x": b""}


def test_a_media_type_is_read_as_senders_write_it() -> None:
    said = media_type('Multipart/Related;type="application/xop+xml"; BOUNDARY=uuid:1-2;start-info="a; b=\\"c\\"" ;')
    assert said.name == "multipart/related"
    assert said.parameters == {"type": "application/xop+xml", "boundary": "uuid:1-2", "start-info": 'a; b="c"'}


def test_what_comes_before_and_after_is_no_part_and_lines_may_be_folded() -> None:
    root = part("root@test", b"<a/>").replace(b"octet-stream", b"xop+xml;\r\n\ttype=x")
    body = f"preamble\r\n--{BOUNDARY}  \r\n".encode() + root + f"\r\n--{BOUNDARY}--\r\nepilogue".encode()
    assert unpack(KIND, body).root == b"<a/>"
    assert unpack(KIND, body).root_type.parameters == {"type": "x"}


def test_the_first_part_is_the_root_where_none_is_named_and_needs_no_name() -> None:
    kind = media_type(f"multipart/related; boundary={BOUNDARY}")
    body = f"--{BOUNDARY}\r\n\r\n<a/>\r\n--{BOUNDARY}--".encode()
    assert (unpack(kind, body).root, unpack(kind, body).parts) == (b"<a/>", {})


def test_the_root_may_come_last() -> None:
    body = in_parts(b"first").replace(b"<root@test>", b"<other@test>")
    last = in_parts(b"<a/>")
    both = body.removesuffix(f"--{BOUNDARY}--\r\n".encode()) + last
    assert unpack(KIND, both).root == b"<a/>"
    assert bytes(unpack(KIND, both).parts["other@test"]) == b"first"


def test_a_part_in_base64_is_decoded() -> None:
    body = in_parts("<a/>", **{"one@x": b"aGVs\r\n bG8="}).replace(
        b"Transfer-Encoding: binary\r\nContent-ID: <one", b"Transfer-Encoding: base64\r\nContent-ID: <one"
    )
    assert bytes(unpack(KIND, body).parts["one@x"]) == b"hello"


SENDERS = {
    "CXF": (
        'multipart/related; type="application/xop+xml"; boundary="uuid:4ab3"; start="<root.message@cxf.apache.org>"; '
        'start-info="application/soap+xml"',
        b"\r\n--uuid:4ab3\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"application/soap+xml\"\r\n"
        b"Content-Transfer-Encoding: binary\r\nContent-ID: <root.message@cxf.apache.org>\r\n\r\n<a/>\r\n"
        b"--uuid:4ab3\r\nContent-Type: text/xml\r\nContent-Transfer-Encoding: binary\r\n"
        b"Content-ID: <71-1@urn:ihe:iti:xds-b:2007>\r\n\r\ndata\r\n--uuid:4ab3--",
        "cid:71-1@urn%3Aihe%3Aiti%3Axds-b%3A2007",
    ),
    "WCF": (
        'multipart/related; type="application/xop+xml";start="<http://tempuri.org/0>";boundary="uuid:9f+id=1";'
        'start-info="application/soap+xml"',
        b"\r\n--uuid:9f+id=1\r\nContent-ID: <http://tempuri.org/0>\r\nContent-Transfer-Encoding: 8bit\r\n"
        b'Content-Type: application/xop+xml;charset=utf-8;type="application/soap+xml"\r\n\r\n<a/>'
        b"\r\n--uuid:9f+id=1\r\nContent-ID: <http://tempuri.org/1/635>\r\nContent-Transfer-Encoding: binary\r\n"
        b"Content-Type: application/octet-stream\r\n\r\ndata\r\n--uuid:9f+id=1--\r\n",
        "cid:http%3A%2F%2Ftempuri.org%2F1%2F635",
    ),
    "Axis2": (
        "multipart/related; boundary=MIMEBoundary_2d; type=\"application/xop+xml\"; "
        'start="<0.2c@apache.org>"; start-info="application/soap+xml"; action="urn:x"',
        b"--MIMEBoundary_2d\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"application/soap+xml\"\r\n"
        b"Content-Transfer-Encoding: binary\r\nContent-ID: <0.2c@apache.org>\r\n\r\n<a/>\r\n"
        b"--MIMEBoundary_2d\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n"
        b"Content-ID: <1.3f@apache.org>\r\n\r\ndata\r\n--MIMEBoundary_2d--\r\n",
        "cid:1.3f@apache.org",
    ),
}


@pytest.mark.parametrize("sender", SENDERS)
def test_what_common_libraries_write_is_read(sender: str) -> None:
    kind, body, href = SENDERS[sender]
    found = unpack(media_type(kind), body)
    assert (found.root, bytes(found.parts[named(href)])) == (b"<a/>", b"data")


GOOD = in_parts("<a/>", **{"one@x": b"data"})
MALFORMED: list[tuple[str, bytes]] = [
    ("no delimiter", b""),
    ("no delimiter", b"<a/>"),
    ("no closing delimiter", GOOD.removesuffix(b"--\r\n")[: -len(BOUNDARY) - 2]),
    ("no part", f"--{BOUNDARY}--\r\n".encode()),
    ("two parts of one Content-ID", GOOD.replace(b"<one@x>", b"<root@test>")),
    ("no part is the one that « start » names", GOOD.replace(b"<root@test>", b"<else@test>")),
    ("a part without Content-ID", GOOD.replace(b"Content-ID: <one@x>\r\n", b"")),
    ("Content-ID", GOOD.replace(b"<one@x>", b"one@x")),
    ("a part in parts", GOOD.replace(b"application/octet-stream", b"multipart/mixed; boundary=a")),
    ("headers of a part", GOOD.replace(b"Content-ID: <one@x>", b"Content-ID: <one@x>\r\nContent-Id: <two@x>")),
    ("headers of a part", GOOD.replace(b"Content-ID: <one@x>", b"Content-ID : <one@x>")),
    ("headers of a part", GOOD.replace(b"Content-ID: <one@x>", b"Content-ID: <one@x>\nX: y")),
    ("headers of a part beyond ASCII", GOOD.replace(b"<one@x>", "<é@x>".encode())),
    ("headers of a part without end, or too long", GOOD.replace(b"<one@x>", b"<one@x>\r\nX: " + b"y" * 9000)),
    ("headers of a part without end, or too long", GOOD.replace(b"\r\n\r\ndata", b"\r\ndata")),
    ("Content-Transfer-Encoding", GOOD.replace(b"binary", b"quoted-printable")),
    ("base64", GOOD.replace(b"binary", b"base64")),
    ("Content-Type", GOOD.replace(b"application/octet-stream", b"nothing")),
    ("a line that begins like a delimiter and is none", GOOD.replace(b"data", f"a\r\n--{BOUNDARY}x".encode())),
    ("a line that begins like a delimiter and is none", GOOD.replace(b"\r\n", b"\n")),
    ("no delimiter", b"preamble\n" + GOOD.replace(b"\r\n", b"\n")),
]


@pytest.mark.parametrize(("detail", "body"), MALFORMED)
def test_what_could_be_read_in_two_ways_is_refused(detail: str, body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        unpack(KIND, body)
    assert (refused.value.reason, refused.value.detail) == (reasons.MULTIPART_MALFORMED, detail)


def test_the_number_of_parts_is_bounded_before_any_is_kept() -> None:
    mark = f"--{BOUNDARY}\r\n".encode()
    body = b"".join(mark + part(f"{n}@x", b"") + b"\r\n" for n in range(MOST_PARTS + 1)) + mark.strip() + b"--"
    with pytest.raises(Refused) as refused:
        unpack(KIND, body)
    assert refused.value.detail == f"more than {MOST_PARTS} parts"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "multipart",
        "multipart/related; boundary",
        'multipart/related; boundary="a',
        "multipart/related; boundary=a; Boundary=b",
        "multipart/related, text/xml",
        'multipart/related; boundary="' + "a" * 600 + '"',
        "a/b" + ";" * 9000,
    ],
)
def test_a_media_type_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        media_type(text)


@pytest.mark.parametrize("boundary", ["", '"a "', "é", '"' + "a" * 71 + '"', '"a\\"b"'])
def test_a_boundary_is_one_of_rfc_2046(boundary: str) -> None:
    with pytest.raises(Refused):
        unpack(media_type(f"multipart/related; boundary={boundary}" if boundary else "multipart/related"), b"")


def test_an_include_leads_to_a_part_and_nowhere_else() -> None:
    assert named("cid:one%40x%2Ey") == "one@x.y"
    for href in ("http://canary/", "file:///etc/mes-canary", "cid:", "one@x", "", "cid", "//canary/cid:one@x"):
        with pytest.raises(Refused) as refused:
            named(href)
        assert refused.value.reason == reasons.PART_UNKNOWN


def test_base64_passes_over_white_space_and_nothing_else() -> None:
    assert from_base64(b" aGVs\r\n\tbG8= ") == b"hello"
    assert [from_base64(text) for text in (b"aGVs-bG8", b"aGVsbG8", b"=", b"aGVsbG8=aGVs")] == [None] * 4


CONTENT_IDS = st.sampled_from(["one@x", "2.z@urn:ihe", "http://tempuri.org/1", "a+b=c@x"])


@settings(max_examples=60, deadline=None)
@given(root=st.binary(max_size=50), parts=st.dictionaries(CONTENT_IDS, st.binary(max_size=50), max_size=4))
def test_what_is_packed_is_unpacked(root: bytes, parts: dict[str, bytes]) -> None:
    kind, pieces = pack(root, parts, boundary="espace-1", action="urn:x")
    assert all(any(one is data for one in pieces) for data in parts.values())
    body = b"".join(pieces)
    found = unpack(media_type(kind), body)
    assert found.root == root
    assert {name: bytes(data) for name, data in found.parts.items()} == parts
    assert media_type(kind).parameters["action"] == "urn:x"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([b"--", BOUNDARY.encode(), b"\r\n", b"\n", b":", b"Content-ID", b"<a>", b"x", b" "])))
def test_whatever_is_sent_is_read_or_refused(pieces: list[bytes]) -> None:
    try:
        unpack(KIND, b"".join(pieces))
    except Refused as refused:
        assert refused.reason == reasons.MULTIPART_MALFORMED
