"""The load generator of `./espace bench`: what it sends, what it counts, what it takes for an error."""

import base64
import hashlib
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from espace.site.bench.assertions import FROM, NAME, Signing
from espace.site.bench.load import (
    DATA,
    HASH,
    HEX,
    ID,
    RAW,
    SET,
    SIGNED,
    Card,
    Generator,
    Orders,
    Seen,
    main,
    written,
)


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server of one connection that answers each request of it with the next of these, the last one for ever."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            left = list(answers)
            with listening.accept()[0] as connection:
                while connection.recv(65_536):
                    connection.sendall(left.pop(0) if len(left) > 1 else left[0])

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
    thread.join()


def asked_for(port: int, *, rate: float = 0.0, mark: bytes = b"") -> Seen:
    generator = Generator(Orders(port, 1, 0.0, 0.2, rate, [Card([b"GET / HTTP/1.1\r\n\r\n"], mark=mark)]))
    with closing(generator):
        generator.warm_up()
        return generator.run()


def answer(status: str, body: bytes = b"ok") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body)


def test_answers_are_counted_with_their_times() -> None:
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    with answering(answer("200 OK"), chunked) as port:
        seen = asked_for(port)
    assert len(seen.whole) == len(seen.first) > 0
    assert all(0 < first <= whole < 1 for first, whole in zip(seen.first, seen.whole, strict=True))
    assert (seen.errors, seen.first_error) == (0, "")


def test_a_refused_request_is_an_error_and_no_figure() -> None:
    with answering(answer("403 Forbidden", b"no")) as port:
        seen = asked_for(port)
    assert seen.errors > 0
    assert seen.whole == []
    assert seen.first_error == "HTTP/1.1 403 Forbidden no"


def test_another_page_than_the_one_asked_for_is_an_error_and_no_figure() -> None:
    with answering(answer("200 OK", b"the record"), answer("200 OK", b"please sign in")) as port:
        seen = asked_for(port, mark=b"the record")
    assert seen.whole == []
    assert seen.errors > 0
    assert seen.first_error == "another page than the one asked for: HTTP/1.1 200 OK please sign in"


def test_a_server_that_never_answers_ends_the_load_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("espace.site.bench.load.ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        orders = tmp_path / "orders"
        orders.write_bytes(msgspec.msgpack.encode(Orders(port, 1, 0.0, 0.1, 0.0, [Card([b"GET / HTTP/1.1\r\n\r\n"])])))
        with pytest.raises(SystemExit) as ended:
            main(orders, tmp_path / "answer")
    assert str(ended.value.code).startswith(f"The server on port {port} does not answer: 0 answers within ")


def test_a_paced_run_asks_no_more_than_its_rate() -> None:
    with answering(answer("200 OK")) as port:
        seen = asked_for(port, rate=50)
    assert len(seen.whole) <= 10


def test_every_deposit_is_of_another_document_with_its_own_hash() -> None:
    card = Card([b"{", ID, b"|", SET, b"|", HASH, b"|", DATA, b"}"], [b"<id root='2.25.", b"'/>"])
    first, second = (written(card).strip(b"{}").split(b"|") for _ in range(2))
    number, _, digest, data = first
    document = base64.b64decode(data)
    assert document == b"<id root='2.25." + number + b"'/>"
    assert digest == base64.b64encode(hashlib.sha1(document).digest())
    assert len(number) == 38
    assert set(first).isdisjoint(second)
    assert [len(part) for part in first] == [len(part) for part in second]


def test_every_request_by_soap_has_an_assertion_of_its_own_as_long_as_the_others() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    head = b'<a ID="' + NAME + b'" IssueInstant="' + FROM + b'">'
    pieces = [b"<s>", SIGNED, b"|", HEX, b"|", RAW, b"</s>"]
    card = Card(pieces, [b"", b"."], signing=Signing(head, b"</a>", pem, "AA=="))
    first, second = (written(card) for _ in range(2))
    assert len(first) == len(second) and first != second
    assertion, digest, document = first.removeprefix(b"<s>").removesuffix(b"</s>").split(b"|")
    assert digest == hashlib.sha1(document).hexdigest().encode()
    ((info, stated, value),) = re.findall(
        rb"(<ds:SignedInfo.*<ds:DigestValue>(.*)</ds:DigestValue>.*</ds:SignedInfo>)<ds:SignatureValue>(.*)</ds:Sig",
        assertion,
    )
    alone = re.sub(rb"<ds:Signature .*</ds:Signature>", b"", assertion)
    assert base64.b64decode(stated) == hashlib.sha256(alone).digest()
    numbers = base64.b64decode(value)
    made = encode_dss_signature(int.from_bytes(numbers[:32], "big"), int.from_bytes(numbers[32:], "big"))
    key.public_key().verify(made, info, ec.ECDSA(SHA256()))
