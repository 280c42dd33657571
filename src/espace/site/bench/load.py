"""The load generator, in a process of its own: `python -m espace.site.bench.load ORDERS ANSWER`.

One thread, one epoll, keep-alive connections, requests made beforehand: as little of the machine as it can.
Without a rate every client asks again as soon as it is answered; with one, requests leave at their times
whatever the answers do, and a late one counts from when it was due.
"""

import base64
import hashlib
import select
import socket
import sys
import time
from collections import deque
from pathlib import Path
from uuid import uuid4

import msgspec

ID, SET, HASH, DATA = b"\x00id", b"\x00set", b"\x00hash", b"\x00data"
"""What takes the place, in a card, of what every deposit has of its own."""
_CHUNK = 262_144


class Card(msgspec.Struct, frozen=True):
    """A request in pieces. `document` is the CDA cut where its id comes; with one, every request is a new deposit."""

    pieces: list[bytes]
    document: list[bytes] = []


class Orders(msgspec.Struct, frozen=True):
    """`begin` and `end` are instants of the monotonic clock; before `begin` it warms up. `rate` 0 is as fast as can."""

    port: int
    clients: int
    start: float
    begin: float
    end: float
    rate: float
    cards: list[Card]


class Seen(msgspec.Struct):
    """Of the answers that came in the window: seconds to the last and to the first byte."""

    whole: list[float] = []
    first: list[float] = []
    errors: int = 0
    first_error: str = ""


def written(card: Card) -> bytes:
    """The bytes of one request; a deposit is of a document that was never sent before."""
    if not card.document:
        return card.pieces[0]
    number = f"1{uuid4().int % 10**37:037d}".encode()
    document = number.join(card.document)
    values = {
        ID: number,
        SET: str(uuid4()).encode(),
        HASH: base64.b64encode(hashlib.sha1(document, usedforsecurity=False).digest()),
        DATA: base64.b64encode(document),
    }
    return b"".join([values.get(piece, piece) for piece in card.pieces])


class Client:
    """One keep-alive connection: at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.left = memoryview(b"")
        self.received = bytearray()
        self.expected = 0
        self.due = self.first = 0.0

    def send(self, request: bytes, due: float) -> None:
        self.left, self.due = memoryview(request), due
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
            self.expected = end + 4 + _length(bytes(self.received[:end]))
        return int(self.received[9:12]) if self.expected and len(self.received) >= self.expected else 0


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ConnectionError("an answer without its length")


class Generator:
    """Deals the cards, one after the other, to clients that are free, until the end."""

    def __init__(self, orders: Orders) -> None:
        self.orders, self.seen = orders, Seen()
        self.poll = select.epoll()
        self.clients: dict[int, Client] = {}
        self.free: deque[Client] = deque()
        self.dealt = 0
        for _ in range(orders.clients):
            self.connect()

    def connect(self) -> None:
        client = Client(self.orders.port)
        self.clients[client.socket.fileno()] = client
        self.poll.register(client.socket, select.EPOLLIN)
        self.free.append(client)

    def run(self) -> Seen:
        while (now := time.monotonic()) < self.orders.end:
            self.deal(now)
            for number, events in self.poll.poll(min(self.patience(), self.orders.end - now)):
                self.serve(self.clients[number], events)
        return self.seen

    def due(self) -> float:
        """When the next request leaves."""
        return self.orders.start + self.dealt / self.orders.rate if self.orders.rate else 0.0

    def patience(self) -> float:
        return max(0.0, self.due() - time.monotonic()) if self.orders.rate and self.free else 1.0

    def deal(self, now: float) -> None:
        while self.free and self.due() <= now:
            client = self.free.popleft()
            due = self.due() or time.monotonic()
            request = written(self.orders.cards[self.dealt % len(self.orders.cards)])
            self.dealt += 1
            client.send(request, due if self.orders.rate else time.monotonic())
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
        if status >= 300:
            self.failed(bytes(client.received[:2000]).decode("utf-8", "replace"))
        elif self.orders.begin <= now <= self.orders.end:
            self.seen.whole.append(now - client.due)
            self.seen.first.append(client.first - client.due)

    def lost(self, client: Client, error: OSError) -> None:
        self.failed(str(error) or type(error).__name__)
        self.clients.pop(client.socket.fileno())
        client.socket.close()
        self.connect()

    def failed(self, why: str) -> None:
        self.seen.errors += 1
        self.seen.first_error = self.seen.first_error or why


def main(orders: Path, answer: Path) -> None:
    generator = Generator(msgspec.msgpack.decode(orders.read_bytes(), type=Orders))
    answer.write_bytes(msgspec.msgpack.encode(generator.run()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
