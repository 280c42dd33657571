"""From deposit to reading through the FHIR door with contents on a real S3 server, and what a failing store costs."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from cast import Holder, holder, organisation
from door import Answer, call, deposit_of, holder_token, own_deposits, send, with_another
from espace import edge
from espace.identity.facts import Organisation
from espace.record.adapters import content_store
from s3.limits import file_size_limit
from s3.seaweed import ACCESS, BUCKET, SECRET, seaweed
from stores import own_folder

pytestmark = pytest.mark.django_db
LETTER = "Glycémie 5,1 mmol/L ; Zygomatique-Tréphine".encode()


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.fixture
def bucket(settings: Any) -> str:
    """The prefix of a bucket, which the settings name."""
    prefix = f"journey/{edge.new_id().hex}"
    settings.ESPACE_CONTENT_URL = seaweed().url(prefix)
    settings.ESPACE_CONTENT_ACCESS_KEY, settings.ESPACE_CONTENT_SECRET_KEY = ACCESS, SECRET
    return prefix


@pytest.fixture
def closed(settings: Any) -> Iterator[str]:
    """The address of a bucket behind which nobody listens."""
    settings.ESPACE_CONTENT_ACCESS_KEY, settings.ESPACE_CONTENT_SECRET_KEY = ACCESS, SECRET
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"s3://{BUCKET}/x?endpoint=http://127.0.0.1:{held.getsockname()[1]}"


def read(of: Holder, deposited: Answer) -> Answer:
    place = deposited.json["entry"][1]["response"]["location"].split("/")[1]
    return call("GET", f"/fhir/Binary/{place}", token=holder_token(of.patient), accept="text/plain")


def stored() -> list[bytes]:
    found = content_store().listing(since=None, until=edge.now().replace(year=9999))
    return [content_store().read(one.name) for one in found]


def rows(of: Holder) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_entry WHERE patient_id = %s", [of.patient])
        return int(cursor.fetchone()[0])


def test_a_document_goes_to_the_bucket_sealed_and_comes_back(
    bucket: str, camille: Holder, hospital: Organisation
) -> None:
    made = deposit_of(camille, LETTER)
    deposited = send(made, hospital)
    assert deposited.status == 200, deposited.body
    answer = read(camille, deposited)
    assert (answer.status, answer.body) == (200, LETTER)
    assert own_deposits(camille, hospital).json["total"] == 1
    [sealed] = stored()
    assert len(sealed) == len(LETTER) + 31
    for planted in (LETTER, "Tréphine".encode(), camille.ins.number.encode()):
        assert planted not in sealed
    assert send(made, hospital).status == 200
    assert len(stored()) == 1, "the same deposit again writes nothing"


def test_a_store_that_is_down_refuses_deposits_tells_readings_and_loses_nothing(
    bucket: str, closed: str, camille: Holder, hospital: Organisation, settings: Any
) -> None:
    first, made = send(deposit_of(camille, LETTER), hospital), deposit_of(camille, LETTER + b" 2")
    up, settings.ESPACE_CONTENT_URL = settings.ESPACE_CONTENT_URL, closed
    for answer in (send(made, hospital), read(camille, first)):
        assert (answer.status, answer.codes, answer.headers["Retry-After"]) == (503, ["content_unavailable"], "5")
        assert b"127.0.0.1" not in answer.body
    assert own_deposits(camille, hospital).json["total"] == 1, "what needs no content goes on"
    settings.ESPACE_CONTENT_URL = up
    again = send(made, hospital)
    assert (again.status, read(camille, first).body) == (200, LETTER)
    assert read(camille, again).body == LETTER + b" 2"


@pytest.mark.parametrize("room", [100_000, 500_000], ids=["in the first document", "in the second"])
def test_a_disk_that_is_full_in_mid_deposit_is_refused_with_its_reason_and_nothing_is_half(
    tmp_path: Any, camille: Holder, hospital: Organisation, settings: Any, room: int
) -> None:
    own_folder(settings, tmp_path / "contents")
    first, made = send(deposit_of(camille, LETTER), hospital), large(camille)
    with file_size_limit(room):
        answer = send(made, hospital)
    assert (answer.status, answer.codes) == (503, ["content_unavailable"])
    assert rows(camille) == 1
    assert list(tmp_path.rglob("*.tmp")) == []
    assert read(camille, first).body == LETTER
    assert send(made, hospital).status == 200
    assert rows(camille) == 3


def large(of: Holder) -> dict[str, Any]:
    """Two documents, of 300 000 and 900 000 bytes."""
    import base64
    import hashlib

    made = with_another(deposit_of(of, b"x" * 300_000))
    longer = b"y" * 900_000
    attachment = made["entry"][-2]["resource"]["content"][0]["attachment"]
    attachment |= {"size": len(longer), "hash": base64.b64encode(hashlib.sha1(longer).digest()).decode()}
    made["entry"][-1]["resource"]["data"] = base64.b64encode(longer).decode()
    return made
