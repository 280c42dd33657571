"""What a large deposit costs in memory beside the request itself, at the wire: bounded by the size of its document."""

import base64
import tracemalloc
from collections.abc import Callable
from typing import TypeVar

import soaping
from espace.keys.rules import OVERHEAD, PIECE, Sealing, open_in_pieces, seal
from espace.wire.ebxml.provide import Provided, read
from espace.wire.soap import envelope, mtom
from espace.wire.xml import XmlLimits, parse_xml

T = TypeVar("T")
SIZE = 20 * 1024 * 1024
LIMITS = XmlLimits(max_bytes=2 * SIZE)


def _content(size: int) -> bytes:
    return b"%PDF-1.7\n" + bytes(size - 9)


def _read(root: bytes, parts: dict[str, memoryview]) -> Provided:
    tree = parse_xml(root, LIMITS).root
    assert tree is not None
    return read(envelope.read(tree).body, parts, max_bytes=SIZE)


def _in_parts(body: bytes) -> Provided:
    package = mtom.unpack(mtom.media_type(soaping.MULTIPART), body)
    return _read(package.root, dict(package.parts))


def _alone(body: bytes) -> Provided:
    return _read(body, {})


def _message(content: bytes, inside: str) -> str:
    body = soaping.provide(
        soaping.document(content=content, mime="application/pdf"),
        soaping.submission_set(),
        soaping.member(),
        contents={"Document01": inside},
    )
    return soaping.envelope(body)


def _cost(work: Callable[[], T]) -> tuple[T, int]:
    """What comes of it, and the most bytes that Python held at once beside those that it held before."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_large_document_in_a_part_is_not_copied() -> None:
    content = _content(SIZE)
    body = soaping.in_parts(_message(content, soaping.INCLUDE.format("pdf%40x")), **{"pdf@x": content})
    found, most = _cost(lambda: _in_parts(body))
    assert found.problems == ()
    assert found.attached[0].data == content
    assert most < 0.05 * SIZE


def test_a_document_in_the_message_costs_its_text_and_its_bytes_once() -> None:
    content = _content(SIZE // 5)
    body = _message(content, base64.b64encode(content).decode()).encode()
    found, most = _cost(lambda: _alone(body))
    assert found.problems == ()
    assert found.attached[0].data == content
    assert most < 2.4 * len(content)


def test_sealing_in_pieces_takes_a_few_of_them() -> None:
    content = _content(SIZE)
    length, most = _cost(lambda: sum(map(len, Sealing(bytes(32), 1, bytes(12), content, b""))))
    assert length == SIZE + OVERHEAD
    assert most < 3 * PIECE


def test_opening_in_pieces_takes_what_is_opened_and_a_few_of_them() -> None:
    content = _content(SIZE)
    pieces = list(Sealing(bytes(32), 1, bytes(12), content, b""))
    first = pieces[0] + pieces[1]
    rest = iter((first, *pieces[2:]))
    opened, most = _cost(lambda: open_in_pieces(lambda _: bytes(32), SIZE + OVERHEAD, rest, b""))
    assert opened == content
    assert most < SIZE + 3 * PIECE


def test_sealing_writes_the_ciphertext_where_it_stays() -> None:
    content = _content(SIZE)
    sealed, most = _cost(lambda: seal(bytes(32), 1, bytes(12), content, b""))
    assert len(sealed) == SIZE + OVERHEAD
    assert most < 1.01 * SIZE
