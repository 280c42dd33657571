"""A server for MLLP over TLS: a thread a connection, a bounded number of them, nobody without a client certificate."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from espace.edge import answering, new_id
from espace.kernel.reasons import hl7v2 as reasons
from espace.kernel.words import Refused
from espace.wire.hl7v2.framing import Frames, framed

HANDSHAKE_SECONDS = 10.0
MESSAGE_SECONDS = 60.0
"""From the first byte of a message to its last."""
IDLE_SECONDS = 600.0
"""Between two messages of a connection."""
LEAVING_SECONDS = 10.0
"""How long those who are being answered are waited for at the end."""
_READ = 65_536
_AGAIN_SECONDS = 0.2
"""Before another connection is taken where the system refused one."""
_BACKLOG = 64


@dataclass(frozen=True, slots=True)
class Answering:
    """What is done with what comes: `answer` with a message and the client's certificate (DER), `misframed` with what
    was none, `turned_away` where a connection brought no certificate that is accepted, `release` after each message."""

    answer: Callable[[bytes, bytes], bytes]
    misframed: Callable[[Refused], bytes]
    turned_away: Callable[[], None]
    release: Callable[[], None]


def tls(certificate: Path, key: Path, authorities: Path) -> ssl.SSLContext:
    """TLS 1.2 or later, with a client certificate of one of these authorities. Raises OSError or ssl.SSLError."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(certificate, key)
    made.load_verify_locations(authorities)
    made.verify_mode = ssl.CERT_REQUIRED
    return made


class Server:
    """Listens from the beginning; `port` is the one given, or for 0 the one found."""

    def __init__(
        self, address: str, port: int, context: ssl.SSLContext, doing: Answering, *, most: int, at_once: int
    ) -> None:
        self._context, self._doing, self._most = context, doing, most
        self._room = threading.BoundedSemaphore(at_once)
        self._closing = threading.Event()
        self._busy: set[threading.Thread] = set()
        self._listening = socket.create_server((address, port), backlog=_BACKLOG)
        self.port = int(self._listening.getsockname()[1])

    def serve(self) -> None:
        """Until the server is closed by another thread, or an exception arrives in this one."""
        while True:
            self._room.acquire()
            try:
                connection, _ = self._listening.accept()
            except OSError:
                self._room.release()
                if self._closing.wait(_AGAIN_SECONDS):
                    return
                continue
            threading.Thread(target=self._attend, args=(connection,), daemon=True).start()

    def close(self) -> None:
        """Takes nobody any more, and waits a little for those who are being answered."""
        until = time.monotonic() + LEAVING_SECONDS
        self._closing.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        while self._busy and time.monotonic() < until:
            time.sleep(_AGAIN_SECONDS)

    def _attend(self, connection: socket.socket) -> None:
        try:
            # A peer that went away: whatever was answered stays true, and what was not comes again.
            with suppress(OSError), connection:
                connection.settimeout(HANDSHAKE_SECONDS)
                self._converse(connection)
        finally:
            self._doing.release()
            self._room.release()

    def _converse(self, connection: socket.socket) -> None:
        try:
            peer = self._context.wrap_socket(connection, server_side=True)
        except (ssl.SSLError, TimeoutError):
            self._doing.turned_away()
            return
        with peer:
            certificate = peer.getpeercert(binary_form=True) or b""
            try:
                self._listen(peer, certificate)
            except Refused as refusal:
                peer.settimeout(MESSAGE_SECONDS)
                peer.sendall(framed(self._doing.misframed(refusal)))

    def _listen(self, peer: ssl.SSLSocket, certificate: bytes) -> None:
        """Message after message. Raises Refused for what is none, and for one that does not end in time."""
        frames, until = Frames(self._most), time.monotonic() + IDLE_SECONDS
        while data := _received(peer, until):
            begun = frames.begun
            for message in frames.feed(data):
                begun = False
                self._reply(peer, message, certificate)
            if not begun:
                until = time.monotonic() + (MESSAGE_SECONDS if frames.begun else IDLE_SECONDS)
        if frames.begun:
            raise Refused(reasons.HL7_FRAMING, detail="the message does not end")

    def _reply(self, peer: ssl.SSLSocket, message: bytes, certificate: bytes) -> None:
        this = threading.current_thread()
        self._busy.add(this)
        try:
            with answering(str(new_id())):
                said = self._doing.answer(message, certificate)
            peer.settimeout(MESSAGE_SECONDS)
            peer.sendall(framed(said))
        finally:
            self._doing.release()
            self._busy.discard(this)


def _received(peer: ssl.SSLSocket, until: float) -> bytes:
    """What comes next; b"" once nothing does, or not in time."""
    try:
        peer.settimeout(max(0.001, until - time.monotonic()))
        return peer.recv(_READ)
    except TimeoutError:
        return b""
