"""Somebody leaves with the disk: database, write-ahead log, contents, logs, mails; not one planted word is in it."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from espace.kernel.values import replace
from espace.site.config import load
from espace.site.databases import superuser_connection
from espace.site.demo.people import CAMILLE
from espace.site.demo.structures import HOSPITAL
from espace.site.feeding import bundle_of
from espace.site.places import MAIN_DATABASE, places_of
from running import ask, enrol, espace, server, told_of

WHEN = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
WORD = "ZWORGLEPLANTE"
"""In every field that a sender fills: names, title, comments, author, narrative."""

PLACES = ("postgres", "contents", "logs", "mail", "run", "keys")


def planted(content: bytes) -> bytes:
    """The document with the word in its names, title, author and narrative, the identity unharmed."""
    for old in (b"<title>", b"<td>", b"<paragraph>"):
        content = content.replace(old, old + WORD.encode() + b" ")
    return content


def test_a_stolen_disk_reveals_nothing_clinical(installation: dict[str, str], tmp_path: Path) -> None:
    base = f"http://127.0.0.1:{installation['ESPACE_PORT']}"
    who = replace(CAMILLE.patient, birth_name=WORD, used_name="")
    content = planted(told_of(CAMILLE).content.replace(CAMILLE.patient.birth_name.encode(), WORD.encode()))
    assert content.count(WORD.encode()) > 5
    enrol(installation, who, tmp_path / "people.csv", email="camille@example.org")
    feeding, reading = (espace(installation, "token", member) for member in ("hospital", "holder"))
    with server(installation):
        answer = json.loads(ask(base, "/fhir", feeding, bundle_of(content, source_id=HOSPITAL.source_id, at=WHEN)))
        place = answer["entry"][1]["response"]["location"].replace("DocumentReference", "Binary")
        assert ask(base, f"/fhir/{place}", reading) == content
        assert WORD.encode() in ask(base, "/fhir/DocumentReference", reading)

    espace(installation, "worker", "--once")
    places = places_of(Path(installation["ESPACE_HOME"]))
    with superuser_connection(places, MAIN_DATABASE) as connection:
        assert_facts_are_there(connection)
        connection.execute("CHECKPOINT")
        assert_scanned_for_real(connection)
    found = [
        str(path)
        for folder in (*(Path(installation["ESPACE_HOME"]) / name for name in PLACES), places.base)
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes().upper() for form in FORMS)
    ]
    assert found == []
    assert load(installation).embedded


FORMS = (
    WORD.encode(),
    WORD.encode("utf-16-le"),
    CAMILLE.patient.ins.encode(),
    base64.b64encode(b"xx" + WORD.encode())[4:16].upper(),
)


def assert_facts_are_there(connection: psycopg.Connection) -> None:
    """What the document states was extracted, with its words: the scan looks for them too."""
    row = connection.execute("SELECT count(*) FROM clinical_block WHERE sealed IS NOT NULL").fetchone()
    assert row == (1,)


def assert_scanned_for_real(connection: psycopg.Connection) -> None:
    """The scan would find a word that is in clear: it does, in a table made for it."""
    connection.execute("CREATE TABLE planted AS SELECT 'QUELQUECHOSE-EN-CLAIR'::text AS word")
    connection.execute("CHECKPOINT")
    row = connection.execute("SELECT pg_relation_filepath('planted'), current_setting('data_directory')").fetchone()
    assert row is not None
    assert b"QUELQUECHOSE-EN-CLAIR" in (Path(row[1]) / row[0]).read_bytes()
