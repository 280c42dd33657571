"""The load generator, in a process of its own: `python -m espace.site.bench.load ORDERS ANSWER`.

One thread, one epoll, keep-alive connections, requests made beforehand: as little of the machine as it can.
Without a rate every client asks again as soon as it is answered; with one, once warm, requests leave at their
times whatever the answers do, and a late one counts from when it was due.
"""

import base64
import hashlib
import math
import select
import socket
import sys
import time
from collections import deque
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import msgspec

from espace.site.bench.assertions import Signing, signed

ID, SET, HASH, DATA = b"\x00id", b"\x00set", b"\x00hash", b"\x00data"
HEX, RAW, SIGNED = b"\x00hex", b"\x00raw", b"\x00signed"
MARKS = (DATA, HASH, HEX, RAW, SET, ID, SIGNED)
"""What takes the place, in a card, of what every deposit has of its own; the hash and the document in their two forms,
and the assertion that every request by SOAP has of its own."""
BEGUN = ".begun"
"""Beside the answer: the window, as soon as it is known."""
CHUNKED = -1
SHORTLY = 0.1
"""Seconds between the announcement of the window and its beginning, for those who look at the processes."""
ANSWER_SECONDS = 120
"""Longer than any answer takes, however slow the machine: a server that said nothing for so long is stuck."""
_CHUNK = 262_144


class Card(msgspec.Struct, frozen=True):
    """A request in pieces. `document` is the CDA cut where its id comes; with one, every request is a new deposit.

    `mark` is in the answer, or it is another page than the one asked for.
    """

    pieces: list[bytes]
    document: list[bytes] = []
    mark: bytes = b""
    signing: Signing | None = None

    def filled(self, pieces: list[bytes], assertion: bytes = b"") -> list[bytes]:
        """The pieces, with what a request of now has of its own in the place of the marks."""
        values = _own(self.document) if self.document else {}
        if self.signing:
            values[SIGNED] = assertion or signed(self.signing)
        return [values.get(piece, piece) for piece in pieces]


class Orders(msgspec.Struct, frozen=True):
    """For how many seconds it warms up at least, then counts; `rate` 0 is as fast as the server answers. `stock`
    assertions are signed before, in the order of the cards; what is asked for beyond them is signed as it leaves."""

    port: int
    clients: int
    warm_up: float
    seconds: float
    rate: float
    cards: list[Card]
    stock: int = 0


class Window(msgspec.Struct, frozen=True):
    """When it counts, by the monotonic clock, which every process of the machine reads alike."""

    begin: float
    end: float


class Seen(msgspec.Struct):
    """Of the answers that came in the window: seconds to the last and to the first byte."""

    whole: list[float] = []
    first: list[float] = []
    errors: int = 0
    first_error: str = ""


def cut(text: bytes) -> list[bytes]:
    """`text` in pieces, each mark a piece of its own."""
    pieces = [text]
    for mark in MARKS:
        pieces = [part for piece in pieces for part in _around(piece, mark)]
    return pieces


def _around(piece: bytes, mark: bytes) -> list[bytes]:
    first, *others = piece.split(mark)
    return [first, *(part for other in others for part in (mark, other))]


def _own(pieces: list[bytes]) -> dict[bytes, bytes]:
    number = f"1{uuid4().int % 10**37:037d}".encode()
    document = number.join(pieces)
    digest = hashlib.sha1(document, usedforsecurity=False).digest()
    return {
        ID: number,
        SET: str(uuid4()).encode(),
        HASH: base64.b64encode(digest),
        DATA: base64.b64encode(document),
        HEX: digest.hex().encode(),
        RAW: document,
    }


def written(card: Card, assertion: bytes = b"") -> bytes:
    """The bytes of one request; a deposit is of a document that was never sent before, an assertion serves once."""
    return b"".join(card.filled(card.pieces, assertion))


class Client:
    """One keep-alive connection: at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.left = memoryview(b"")
        self.received = bytearray()
        self.expected = 0
        self.mark = b""
        self.due = self.first = 0.0

    def send(self, card: Card, due: float, assertion: bytes = b"") -> None:
        self.left, self.mark, self.due = memoryview(written(card, assertion)), card.mark, due
        self.received.clear()
        self.expected = 0
        self.push()

    def push(self) -> bool:
        """Send what can be sent now; whether all is gone."""
        while self.left:
            try:
                self.left = self.left[self.socket.send(self.left) :]
            except BlockingIOError:
                return False
        return True

    def take(self) -> int:
        """Receive what is there; the status once the answer is whole, else 0. ConnectionError when it broke."""
        data = self.socket.recv(_CHUNK)
        if not data:
            raise ConnectionResetError("the server closed the connection")
        if not self.received:
            self.first = time.monotonic()
        self.received += data
        if not self.expected and (end := self.received.find(b"\r\n\r\n")) > 0:
            length = _length(bytes(self.received[:end]))
            self.expected = end + 4 + length if length is not None else CHUNKED
        return int(self.received[9:12]) if self.whole() else 0

    def whole(self) -> bool:
        """Whether the answer has come: its length, or the last of its chunks."""
        if self.expected == CHUNKED:
            return self.received.endswith(b"\r\n0\r\n\r\n")
        return 0 < self.expected <= len(self.received)


    def refused(self, status: int) -> str:
        """Why the whole answer is not what was asked for: its beginning; "" when it is."""
        if status < 300 and self.mark in self.received:
            return ""
        said = _said(bytes(self.received))
        return said if status >= 300 else f"another page than the one asked for: {said}"


def _length(head: bytes) -> int | None:
    """The Content-Length of an answer; None where it comes in chunks (RFC 9112, 7.1)."""
    said = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if b"content-length" in said:
        return int(said[b"content-length"])
    if said.get(b"transfer-encoding") == b"chunked":
        return None
    raise ConnectionError("an answer without its length")


def _said(answer: bytes) -> str:
    """The status line of an answer, and the beginning of its body, in one line."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first = head.partition(b"\r\n")[0]
    return " ".join((first + b" " + body[:300]).decode("utf-8", "replace").split())


class Generator:
    """Deals the cards, one after the other, to clients that are free, until the end."""

    def __init__(self, orders: Orders) -> None:
        self.orders, self.seen = orders, Seen()
        self.poll = select.epoll()
        self.clients: dict[int, Client] = {}
        self.free: deque[Client] = deque()
        self.dealt = self.paced = self.taken = 0
        self.window = Window(math.inf, math.inf)
        dealt = (orders.cards[rank % len(orders.cards)].signing for rank in range(orders.stock))
        self.stock = deque([signed(one) for one in dealt if one])
        for _ in range(orders.clients):
            self.connect()

    def connect(self) -> None:
        client = Client(self.orders.port)
        self.clients[client.socket.fileno()] = client
        self.poll.register(client.socket, select.EPOLLIN)
        self.free.append(client)

    def close(self) -> None:
        for client in self.clients.values():
            client.socket.close()
        self.poll.close()

    def warm_up(self) -> Window:
        """Ask for so long at least, and until there was an answer for each client; the window that comes then.

        TimeoutError when there never was.
        """
        limit = time.monotonic() + self.orders.warm_up
        while (now := time.monotonic()) < limit or self.taken < self.orders.clients:
            if now > limit + ANSWER_SECONDS:
                raise TimeoutError(f"{self.taken} answers within {now - limit + self.orders.warm_up:.0f} seconds")
            self.step(SHORTLY)
        begin = time.monotonic() + SHORTLY
        self.window = Window(begin, begin + self.orders.seconds)
        return self.window

    def run(self) -> Seen:
        """Ask until the end of the window."""
        while (left := self.window.end - time.monotonic()) > 0:
            self.step(left)
        return self.seen

    def step(self, most: float) -> None:
        now = time.monotonic()
        self.deal(now)
        wait = max(0.0, self.due(now) - now) if self.free else most
        for number, events in self.poll.poll(min(wait, most)):
            self.serve(self.clients[number], events)

    def due(self, now: float) -> float:
        """When the next request leaves: now, or at its time once the window of a paced run has begun."""
        if not self.orders.rate or now < self.window.begin:
            return now
        return self.window.begin + self.paced / self.orders.rate

    def deal(self, now: float) -> None:
        while self.free and (due := self.due(now)) <= now:
            self.paced += now >= self.window.begin
            card = self.orders.cards[self.dealt % len(self.orders.cards)]
            self.dealt += 1
            self.send(self.free.popleft(), card, due if self.orders.rate else time.monotonic())

    def send(self, client: Client, card: Card, due: float) -> None:
        try:
            client.send(card, due, self.stock.popleft() if self.stock else b"")
        except OSError as error:
            self.lost(client, error)
            return
        if client.left:
            self.poll.modify(client.socket, select.EPOLLIN | select.EPOLLOUT)

    def serve(self, client: Client, events: int) -> None:
        try:
            if events & select.EPOLLOUT and client.push():
                self.poll.modify(client.socket, select.EPOLLIN)
            status = client.take() if events & ~select.EPOLLOUT else 0
        except OSError as error:
            self.lost(client, error)
            return
        if status:
            self.answered(client, status)

    def answered(self, client: Client, status: int) -> None:
        now = time.monotonic()
        self.free.append(client)
        self.taken += 1
        if why := client.refused(status):
            self.failed(why)
        elif (client.due if self.orders.rate else now) >= self.window.begin and now <= self.window.end:
            self.seen.whole.append(now - client.due)
            self.seen.first.append(client.first - client.due)

    def lost(self, client: Client, error: OSError) -> None:
        self.taken += 1
        self.failed(str(error) or type(error).__name__)
        self.clients.pop(client.socket.fileno())
        if client in self.free:
            self.free.remove(client)
        client.socket.close()
        self.connect()

    def failed(self, why: str) -> None:
        self.seen.errors += 1
        self.seen.first_error = self.seen.first_error or why


def main(orders: Path, answer: Path) -> None:
    """Writes the window, then what was seen. Ends with a sentence when the server is gone or stuck."""
    told = msgspec.msgpack.decode(orders.read_bytes(), type=Orders)
    try:
        with closing(Generator(told)) as generator:
            _write(answer.with_suffix(BEGUN), msgspec.msgpack.encode(generator.warm_up()))
            _write(answer, msgspec.msgpack.encode(generator.run()))
    except (ConnectionError, TimeoutError) as error:
        sys.exit(f"The server on port {told.port} does not answer: {error}")


def _write(path: Path, data: bytes) -> None:
    """Whole, or not there yet."""
    half = path.with_suffix(".half")
    half.write_bytes(data)
    half.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
