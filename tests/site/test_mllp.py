"""MLLP over TLS: whoever shows a certificate that is accepted is answered message by message; nobody else is heard."""

import socket
import ssl
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from espace.edge import now
from espace.kernel.words import Refused
from espace.site import certifying, mllp
from espace.site.commands import mllp as command
from espace.site.mllp import Answering, Server, tls
from espace.site.terminal import Failed
from espace.wire.hl7v2.framing import framed

STRUCTURE = "1990000017"


@dataclass(frozen=True)
class Folder:
    """A server's certificate and a structure's, of one authority; and a structure's of another."""

    ours: Path
    foreign: Path

    def context(self) -> ssl.SSLContext:
        return tls(self.ours / "localhost.pem", self.ours / "localhost.key", self.ours / "authority.pem")

    def client(self, by: Path | None) -> ssl.SSLContext:
        made = ssl.create_default_context(cafile=str(self.ours / "authority.pem"))
        if by:
            made.load_cert_chain(by / f"{STRUCTURE}.connection.pem", by / f"{STRUCTURE}.connection.key")
        return made


@dataclass
class Heard:
    """What a server was asked, and how often it did what."""

    certificates: list[bytes] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    away: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, message: bytes, certificate: bytes) -> bytes:
        self.certificates.append(certificate)
        return b"ACK " + message

    def misframed(self, refusal: Refused) -> bytes:
        self.faults.append(refusal.reason.code)
        return b"NAK"

    @property
    def answering(self) -> Answering:
        return Answering(self.answer, self.misframed, self.away.set, self.released.set)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    made = Folder(tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("foreign"))
    ours, foreign = (certifying.authority(path, at=now()) for path in (made.ours, made.foreign))
    certifying.server(ours, "localhost", at=now())
    certifying.structure(ours, STRUCTURE, at=now())
    certifying.structure(foreign, STRUCTURE, at=now())
    return made


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def server(folder: Folder, heard: Heard) -> Iterator[Server]:
    made = Server("127.0.0.1", 0, folder.context(), heard.answering, most=1_000, at_once=2)
    thread = threading.Thread(target=made.serve)
    thread.start()
    yield made
    made.close()
    thread.join(10)
    assert not thread.is_alive()


def connected(server: Server, context: ssl.SSLContext) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    return context.wrap_socket(plain, server_hostname="localhost")


def read(peer: ssl.SSLSocket) -> bytes:
    """Everything until the server ends the connection."""
    found = b""
    while data := peer.recv(1_000):
        found += data
    return found


def test_messages_of_one_connection_are_answered_in_order(server: Server, folder: Folder, heard: Heard) -> None:
    with connected(server, folder.client(folder.ours)) as peer:
        peer.sendall(framed(b"one") + framed(b"two")[:3])
        peer.sendall(framed(b"two")[3:])
        found = b""
        while found.count(b"\x1c\r") < 2:
            found += peer.recv(1_000)

    assert found == framed(b"ACK one") + framed(b"ACK two")
    assert len(set(heard.certificates)) == 1
    assert STRUCTURE.encode() in heard.certificates[0]


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\n\r\n", b"\x0b" + b"x" * 1_001, b"\x0bhalf\x1cx"])
def test_what_is_not_framed_ends_the_connection(server: Server, folder: Folder, heard: Heard, sent: bytes) -> None:
    with connected(server, folder.client(folder.ours)) as peer:
        peer.sendall(sent)

        assert read(peer) == framed(b"NAK")
    assert heard.faults == ["hl7_framing"]


def test_a_message_that_does_not_end_in_time_is_refused(
    server: Server, folder: Folder, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mllp, "MESSAGE_SECONDS", 0.05)
    with connected(server, folder.client(folder.ours)) as peer:
        peer.sendall(b"\x0bMSH|")

        assert read(peer) == framed(b"NAK")
    assert heard.faults == ["hl7_framing"]


def test_silence_ends_the_connection_without_a_word(
    server: Server, folder: Folder, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mllp, "IDLE_SECONDS", 0.05)
    with connected(server, folder.client(folder.ours)) as peer:
        assert read(peer) == b""
    assert heard.faults == []


@pytest.mark.parametrize("whose", ["nobody", "foreign"])
def test_nobody_is_heard_without_a_certificate_that_is_accepted(
    server: Server, folder: Folder, heard: Heard, whose: str
) -> None:
    context = folder.client(folder.foreign if whose == "foreign" else None)
    with pytest.raises((ssl.SSLError, ConnectionError)), connected(server, context) as peer:
        peer.sendall(framed(b"one"))
        assert read(peer) == b""
        raise ConnectionError("ended")

    assert heard.away.wait(10)
    assert heard.certificates == []


def test_what_is_no_tls_is_turned_away_and_makes_room(server: Server, folder: Folder, heard: Heard) -> None:
    for _ in range(3):  # the server has room for two
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as peer:
            peer.sendall(b"MSH|^~\\&|\r")
            assert heard.away.wait(10)
            heard.away.clear()
    with connected(server, folder.client(folder.ours)) as peer:
        peer.sendall(framed(b"one"))

        assert peer.recv(1_000) == framed(b"ACK one")


@pytest.mark.parametrize("wrong", [["--connections", "0"], ["--port", "65536"]])
def test_the_command_says_what_is_wrong_with_its_options(wrong: list[str]) -> None:
    parser = ArgumentParser()
    command.arguments(parser)
    with pytest.raises(Failed, match="--connections is from 1 to 1000"):
        command.run(parser.parse_args(["--certificate", "a.pem", "--key", "a.key", *wrong]))


def test_files_that_are_no_certificate_are_told(folder: Folder, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("nothing", encoding="ascii")

    with pytest.raises((ssl.SSLError, OSError)):
        tls(wrong, folder.ours / "localhost.key", folder.ours / "authority.pem")
    with pytest.raises((ssl.SSLError, OSError)):
        tls(folder.ours / "localhost.pem", folder.ours / "localhost.key", wrong)
