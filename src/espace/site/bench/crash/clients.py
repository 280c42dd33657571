"""Strangers who use the installation: `python -m espace.site.bench.crash.clients ORDERS`, a process of its own.

They know addresses, tokens and a cookie, speak HTTP on plain sockets, and import nothing of the platform's rooms. What
has no certain answer is sent again until it has one: a connection that broke and an answer 5xx mean nothing.
"""

import base64
import hashlib
import http.client
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import msgspec

from espace.site.bench.crash.facts import FILED, READINGS, SEARCHES, Act, Line, Orders, Person, Phase
from espace.site.bench.crash.ledger import Ledger

TIMES = 3
"""How often every deposit is sent at least."""
ANSWER_SECONDS, GIVEN_UP_SECONDS = 60, 300
PAUSE, LONGEST_PAUSE = 0.02, 0.16
TOKEN = "a" * 32
"""The secret of the forms: the cookie and the header only have to be the same (OWASP, double submit cookie)."""
MOST_LISTED = 500
WEIGHTS: dict[Act, int] = {
    Act.DEPOSIT: 6,
    Act.REPLACE: 2,
    Act.MASK: 2,
    Act.UNMASK: 2,
    Act.DELETE: 1,
    Act.READ: 4,
    Act.SEARCH: 2,
    Act.DOCTOR_READ: 2,
    Act.DOCTOR_SEARCH: 2,
}


CLOSING = (
    (Act.DEPOSIT, Act.MASK),
    (Act.DEPOSIT, Act.DELETE),
    (Act.DEPOSIT, Act.REPLACE),
    (Act.DEPOSIT, Act.READ),
    (Act.DEPOSIT, Act.DOCTOR_READ, Act.DOCTOR_SEARCH),
    (Act.DEPOSIT, Act.SEARCH),
)
"""What each client does last, once nothing is killed any more: life goes on, and there is one of everything."""


@dataclass(slots=True)
class Kept:
    """A document that this client deposited, in its last version; `masked` as last acknowledged."""

    person: Person
    entry: str
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what the ledger says of it, and what is sent."""

    act: Act
    person: Person
    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""
    document: str = ""
    entry: str = ""
    digest: str = ""
    target: str = ""

    def line(self, number: int, phase: Phase, **told: object) -> Line:
        said = {"document": self.document, "entry": self.entry, "digest": self.digest, "target": self.target} | told
        line = Line(number, phase, self.act, time.monotonic(), self.person.patient)
        return msgspec.structs.replace(line, **said)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the clients of one process have together."""

    orders: Orders
    ledger: Ledger
    known: list[tuple[Person, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Stuck(Exception):
    """An operation that had no answer for `GIVEN_UP_SECONDS`."""


class Client:
    """One stranger: one connection, one request under way, documents of its own."""

    def __init__(self, shared: Shared, rank: int) -> None:
        self.shared, self.rank, self.done = shared, rank, 0
        self.chance = random.Random(f"{shared.orders.seed}-{rank}")  # noqa: S311  a campaign must be repeatable
        self.connection = http.client.HTTPConnection("127.0.0.1", shared.orders.port, timeout=ANSWER_SECONDS)
        self.kept: list[Kept] = []

    def run(self) -> None:
        """Until told to stop, and then until what is under way is answered."""
        acts, weights = list(WEIGHTS), list(WEIGHTS.values())
        try:
            while not Path(self.shared.orders.stop).exists():
                self.do(self.chance.choices(acts, weights)[0])
            for act in CLOSING[self.rank % len(CLOSING)]:
                self.do(act)
        except Stuck:
            return
        finally:
            self.connection.close()

    def do(self, act: Act) -> None:
        doing: dict[Act, Callable[[], None]] = {
            Act.DEPOSIT: lambda: self.deposit(None),
            Act.REPLACE: lambda: self.deposit(self.one()),
            Act.MASK: lambda: self.mask(act, masked=True),
            Act.UNMASK: lambda: self.mask(act, masked=False),
            Act.DELETE: self.delete,
        }
        doing.get(act, lambda: self.look(act))()

    def one(self, masked: bool | None = None) -> Kept | None:
        """One of its documents, by chance."""
        found = [one for one in self.kept if masked in (None, one.masked)]
        return self.chance.choice(found) if found else None

    def deposit(self, replaced: Kept | None) -> None:
        person = replaced.person if replaced else self.chance.choice(self.shared.orders.people)
        asked = deposit_of(person, f"1{self.chance.randrange(10**37):037d}", replaced.entry if replaced else "")
        number, entry = self.number(), ""
        for _time in range(TIMES):
            entry = self.answered(number, asked).entry
        if entry:
            with self.shared.lock:
                self.shared.known.append((person, entry))
            if replaced:
                replaced.entry = entry
            else:
                self.kept.append(Kept(person, entry))

    def mask(self, act: Act, *, masked: bool) -> None:
        """As the holder's page does it: a form is sent, the answer leads elsewhere."""
        if (kept := self.one(masked=not masked)) is None:
            return
        path = f"/documents/{kept.entry}/{'masquer' if masked else 'montrer'}/"
        headers = {"Cookie": f"{kept.person.cookie}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        self.answered(self.number(), Asked(act, kept.person, "POST", path, headers, entry=kept.entry))
        kept.masked = masked

    def delete(self) -> None:
        if (kept := self.one()) is None:
            return
        path = f"/fhir/DocumentReference/{kept.entry}"
        asked = Asked(Act.DELETE, kept.person, "DELETE", path, bearer(kept.person.feeder), entry=kept.entry)
        self.answered(self.number(), asked)
        self.kept.remove(kept)

    def look(self, act: Act) -> None:
        with self.shared.lock:
            person, entry = self.chance.choice(self.shared.known) if self.shared.known else (None, "")
        if person is not None:
            self.answered(self.number(), look_at(act, person, entry))

    def number(self) -> int:
        self.done += 1
        return self.done * self.shared.orders.clients + self.rank

    def answered(self, number: int, asked: Asked) -> Line:
        """Sent until there is an answer that means something; its line. Raises Stuck."""
        limit, pause = time.monotonic() + GIVEN_UP_SECONDS, PAUSE
        while time.monotonic() < limit:
            if (line := self.once(number, asked)) is not None:
                return line
            time.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        self.shared.ledger.write(asked.line(number, Phase.STUCK))
        raise Stuck

    def once(self, number: int, asked: Asked) -> Line | None:
        """One try; None where its outcome is not known. Only what may have left is in the ledger."""
        try:
            if self.connection.sock is None:
                self.connection.connect()
        except OSError:
            self.connection.close()
            return None
        self.shared.ledger.write(asked.line(number, Phase.SEND))
        try:
            self.connection.request(asked.method, asked.path, asked.body, asked.headers)
            answer = self.connection.getresponse()
            body, status, place = answer.read(), answer.status, answer.headers.get("Location", "")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            status, body, place = 0, b"", ""
        line = told(number, asked, status, body, place)
        self.shared.ledger.write(line)
        return line if line.phase is not Phase.UNKNOWN else None


def told(number: int, asked: Asked, status: int, body: bytes, place: str) -> Line:
    """What an answer means. A form that was taken leads back to its document, and anybody else to signing in."""
    if status == 0 or status >= 500:
        return asked.line(number, Phase.UNKNOWN, status=status)
    if status == 404 and asked.act in READINGS:
        return asked.line(number, Phase.ACK, status=status)
    led_away = status == 302 and not place.startswith(f"/documents/{asked.entry}/?")
    if status >= 400 or led_away:
        return asked.line(number, Phase.REFUSED, status=status, target=_words(body or place.encode()))
    return asked.line(number, Phase.ACK, status=status, **_told(asked.act, body))


def _told(act: Act, body: bytes) -> dict[str, object]:
    if act in FILED:
        places = [one["response"]["location"] for one in json.loads(body)["entry"]]
        return {"entry": next(place.partition("/")[2] for place in places if place.startswith("DocumentReference/"))}
    if act in SEARCHES:
        return {"listed": tuple(one["resource"]["id"] for one in json.loads(body).get("entry", ()))}
    return {"digest": hashlib.sha256(body).hexdigest()} if act in READINGS else {}


def _words(body: bytes) -> str:
    """The beginning of a refusal, for whoever reads the ledger."""
    return " ".join(body[:600].decode("utf-8", "replace").split())


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def deposit_of(person: Person, number: str, replaces: str) -> Asked:
    """The bundle of one document that was never sent before."""
    document = number.encode().join(person.document)
    bundle = json.loads(person.bundle)
    resources = {one["resource"]["resourceType"]: one["resource"] for one in bundle["entry"]}
    reference = resources["DocumentReference"]
    reference["masterIdentifier"]["value"] = f"urn:oid:2.25.{number}"
    sha1 = hashlib.sha1(document, usedforsecurity=False).digest()
    attachment = {"size": len(document), "hash": base64.b64encode(sha1).decode()}
    reference["content"][0]["attachment"] |= attachment
    if replaces:
        target = {"reference": f"DocumentReference/{replaces}"}
        reference["relatesTo"] = [{"code": "replaces", "target": target}]
    resources["Binary"]["data"] = base64.b64encode(document).decode()
    official = next(one for one in resources["List"]["identifier"] if one.get("use") == "official")
    official["value"] = f"urn:uuid:{UUID(hashlib.md5(number.encode(), usedforsecurity=False).hexdigest())}"
    return Asked(
        Act.REPLACE if replaces else Act.DEPOSIT,
        person,
        "POST",
        "/fhir",
        bearer(person.feeder) | {"Content-Type": "application/fhir+json"},
        json.dumps(bundle).encode(),
        document=number,
        digest=hashlib.sha256(document).hexdigest(),
        target=replaces,
    )


def look_at(act: Act, person: Person, entry: str) -> Asked:
    who = bearer(person.holder if act in (Act.READ, Act.SEARCH) else person.doctor)
    if act in READINGS:
        return Asked(act, person, "GET", f"/fhir/Binary/{entry}", who, entry=entry)
    named = "" if act is Act.SEARCH else f"&patient.identifier={quote(person.named, safe='')}"
    path = f"/fhir/DocumentReference?status=current&_count={MOST_LISTED}{named}"
    return Asked(act, person, "GET", path, who)


def main(path: Path) -> int:
    """Exit code 0 when everything that was sent was answered."""
    orders = msgspec.msgpack.decode(path.read_bytes(), type=Orders)
    shared = Shared(orders, Ledger(Path(orders.ledger)))
    threads = [threading.Thread(target=Client(shared, rank).run) for rank in range(orders.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
