"""A large document costs the server once its size in memory, and a little: filed by SOAP, read by SOAP and by FHIR.

Resident memory, at its highest, of this very process; `./espace bench large` says it of a real server.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest

import door
import soap_door as soap
import soaping
from cast import Holder, holder
from espace.exchange.wsgi import application
from espace.identity.facts import Organisation
from soap_door import as_feeder, deposit, hospital, send

pytestmark = pytest.mark.django_db
T = TypeVar("T")

SIZE = 24 * 1024 * 1024
MOST = 1.3
"""Times the document."""
CONTENT = (b"%PDF-1.7\n" + bytes(range(1, 256)) * (SIZE // 255 + 1))[:SIZE]
MARK = b"\x00here\x00"


class Coming:
    """The body of a request as it comes, of which nothing is in memory here but the document itself."""

    def __init__(self, *pieces: bytes) -> None:
        self.length = sum(map(len, pieces))
        self._coming = self._slices(pieces)
        self.most_asked = 0

    @staticmethod
    def _slices(pieces: tuple[bytes, ...]) -> Iterator[bytes]:
        for piece in pieces:
            for start in range(0, len(piece), 65_536):
                yield piece[start : start + 65_536]

    def read(self, size: int) -> bytes:
        self.most_asked = max(self.most_asked, size)
        return next(self._coming, b"")


def _highest() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def _costs(work: Callable[[], T]) -> tuple[T, float]:
    """What comes of it, and how many times the document it took at its highest beside what was there."""
    Path("/proc/self/clear_refs").write_text("5")
    before = _highest()
    return work(), (_highest() - before) / SIZE


def _answered(environ: dict[str, Any]) -> tuple[list[str], str, int]:
    """The statuses said, and the digest and length of what was answered, none of which is kept."""
    said: list[str] = []
    digest, length = hashlib.sha256(), 0
    for piece in application(environ, lambda status, _: said.append(status)):  # type: ignore[arg-type,return-value,func-returns-value]
        digest.update(piece)
        length += len(piece)
    return said, digest.hexdigest(), length


def _coming(of: Organisation, camille: Holder, uid: str) -> dict[str, Any]:
    card, words = as_feeder(of)
    body = soaping.provide(
        soaping.document(
            content=CONTENT, mime="application/pdf", uid=uid, cx=soap.cx(camille), traits=soap.traits(camille)
        ),
        soaping.submission_set(uid=f"urn:uuid:{uuid4()}", cx=soap.cx(camille)),
        soaping.member(),
        contents={"Document01": soaping.INCLUDE.format("pdf%40x")},
    )
    message = soaping.envelope(body, security=soap.security(card, words))
    head, tail = soaping.in_parts(message, **{"pdf@x": MARK}).split(MARK)
    coming = Coming(head, CONTENT, tail)
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": soap.REPOSITORY,
        "CONTENT_TYPE": soaping.MULTIPART,
        "CONTENT_LENGTH": str(coming.length),
        "wsgi.input": coming,
        "espace.client_certificate": card.der,
    }


def test_a_large_document_costs_its_size_once_when_it_is_filed_and_when_it_is_read() -> None:
    of, camille, uid = hospital(), holder(), f"urn:uuid:{uuid4()}"
    assert send(deposit(camille), as_feeder(of)).status == "Success"  # what a first deposit loads is loaded
    environ = _coming(of, camille, uid)
    (said, _, _), filing = _costs(lambda: _answered(environ))
    assert said == ["200 OK"]
    assert environ["wsgi.input"].most_asked <= 262_144, "a server keeps and copies all that it is asked for at once"
    assert filing < MOST

    token = door.holder_token(camille.patient)
    query = f"patient.identifier=urn:oid:{camille.ins.authority}|{camille.ins.number}"
    found = door.call("GET", "/fhir/DocumentReference", token=token, query=query).json["entry"]
    [large] = [one["resource"]["id"] for one in found if one["resource"]["masterIdentifier"]["value"] == uid]
    asking = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/fhir/Binary/{large}", "HTTP_AUTHORIZATION": f"Bearer {token}"}
    (said, digest, length), reading = _costs(lambda: _answered(asking))
    assert (said, digest, length) == (["200 OK"], hashlib.sha256(CONTENT).hexdigest(), SIZE)
    assert reading < MOST
