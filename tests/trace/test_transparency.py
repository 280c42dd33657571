"""What is published: the C2SP addresses, byte for byte, with how long each may be kept; nothing else, nobody's."""

import base64
import hashlib
import io
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from espace.keys.queries import log_keys
from espace.site.wsgi import application
from espace.trace import actions, queries
from espace.trace.rules import merkle
from espace.trace.rules.notes import verifier_key
from logbook import others, settle, somebody, sql, write

pytestmark = pytest.mark.django_db
FOR_EVER, HOURLY = "public, max-age=31536000, immutable", "public, max-age=3600"


def get(path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    said: list[Any] = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": "localhost", "SERVER_PORT": "8000",
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost:8000", "QUERY_STRING": "", "SCRIPT_NAME": "", "SERVER_PROTOCOL": "HTTP/1.1",
    }  # fmt: skip
    body = application(environ, lambda status, headers, error=None: said.extend([status, dict(headers)]))
    data = b"".join(body)
    getattr(body, "close", lambda: None)()
    return int(said[0][:3]), said[1], data


@pytest.fixture
def size() -> int:
    """A log of more than one full tile, signed."""
    while (last := queries.checkpoint()) is None or last.size < 300 or last.size % 256 == 0:
        write(somebody())
        others(300)
        settle()
    return last.size


def test_the_checkpoint_is_a_signed_note_that_the_published_key_verifies(size: int) -> None:
    status, headers, note = get("/transparency/checkpoint")
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "text/plain; charset=utf-8", "no-cache")
    text, _, signatures = note.decode().partition("\n\n")
    origin, stated, root = text.split("\n")
    assert (stated, len(base64.b64decode(root))) == (str(size), 32)
    dash, name, encoded = signatures.removesuffix("\n").split(" ")
    assert (dash, name) == ("—", origin)
    _, _, keys = get("/transparency/keys")
    vkey_name, key_id, public = keys.decode().splitlines()[0].split("+", 2)
    data, signature = base64.b64decode(public), base64.b64decode(encoded)
    assert (vkey_name, data[0]) == (origin, 1)
    assert hashlib.sha256(name.encode() + b"\n" + data).digest()[:4] == signature[:4] == bytes.fromhex(key_id)
    Ed25519PublicKey.from_public_bytes(data[1:]).verify(signature[4:], (text + "\n").encode())


def test_entries_and_tiles_make_the_root(size: int) -> None:
    entries: list[bytes] = []
    for number in range(-(-size // 256)):
        width = min(256, size - number * 256)
        end = "" if width == 256 else f".p/{width}"
        status, headers, bundle = get(f"/transparency/tile/entries/{number:03d}{end}")
        assert (status, headers["Cache-Control"]) == (200, HOURLY if end else FOR_EVER)
        assert headers["Content-Type"] == "application/octet-stream"
        assert len(bundle) == width * 130
        found = [bundle[at + 2 : at + 130] for at in range(0, len(bundle), 130)]
        assert {bundle[at : at + 2] for at in range(0, len(bundle), 130)} == {b"\x00\x80"}
        _, _, tile = get(f"/transparency/tile/0/{number:03d}{end}")
        assert tile == b"".join(map(merkle.leaf_hash, found))
        entries += found
    last = queries.checkpoint()
    assert last
    assert merkle.root(entries) == last.root
    _, headers, above = get("/transparency/tile/1/000.p/1")
    assert above == merkle.root(entries[:256])
    assert headers["Cache-Control"] == HOURLY


@pytest.mark.parametrize(
    "name",
    [
        "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/257",
        "tile/0/000.p/01", "tile/0/x000/000", "tile/0/999", "tile/64/000", "tile/-1/000", "tile/63/000", "tile/1/000",
        "tile/0/x999/x999/x999/x999/x999/999", "tile/entries", "tile/entries/", "tile/entries/001/", "tile/entries/999",
        "checkpoint/", "keys/", "verify_trace.pyc", "../keys", "verify_trace.py/../../site/config.py", "log.json", "x",
    ],
)  # fmt: skip
def test_nothing_else_is_there(name: str, size: int) -> None:
    status, headers, _ = get(f"/transparency/{name}")
    assert (status, headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_it_is_read_only(method: str) -> None:
    for name in ("", "checkpoint", "keys"):
        assert get(f"/transparency/{name}", method)[0] == 405


def test_a_head_has_no_body(size: int) -> None:
    status, headers, body = get("/transparency/checkpoint", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 100


def test_no_partial_tile_goes_beyond_what_was_signed(size: int) -> None:
    number, width = divmod(size, 256)
    others(5)
    actions.sequence(100)
    assert get(f"/transparency/tile/0/{number:03d}.p/{width}")[0] == 200
    assert get(f"/transparency/tile/0/{number:03d}.p/{width + 1}")[0] == 404


@pytest.mark.parametrize(
    ("name", "most"),
    [("checkpoint", 1), ("keys", 0), ("verify_trace.py", 0), ("tile/0/000", 2), ("tile/1/000.p/1", 2)],
)
def test_an_address_costs_few_statements_of_public_tables_only(name: str, most: int, size: int) -> None:
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        assert get(f"/transparency/{name}")[0] == 200
    said = [query["sql"] for query in main.captured_queries]
    assert len(said) <= most
    tables = {found for one in said for found in re.findall(r"(?:FROM|JOIN) (\w+)", one)}
    assert tables <= {"trace_checkpoint", "trace_leaf", "trace_tile"}
    assert keys.captured_queries == []


def test_the_page_says_it_in_both_languages(size: int) -> None:
    browser = Client()
    french = browser.get("/transparency/").content.decode()
    assert "Le journal que chacun peut vérifier" in french
    for name in ("verify_trace.py", "keys", "checkpoint"):
        assert f'href="/transparency/{name}"' in french
    assert verifier_key(log_keys()[0]) in french
    browser.cookies["django_language"] = "en"
    assert "The log that anybody can verify" in browser.get("/transparency/").content.decode()


def test_the_private_key_is_its_owner_s_alone(size: int, settings: Any) -> None:
    path = settings.ESPACE_KEYS_FOLDER / "log.json"
    assert path.stat().st_mode & 0o777 == 0o600
    private = path.read_text().split('"private": "')[1].split('"')[0]
    for name in ("keys", "checkpoint", "verify_trace.py", "tile/entries/000"):
        assert private.encode() not in get(f"/transparency/{name}")[2]
    assert sql("SELECT count(*) FROM trace_checkpoint WHERE note LIKE %s", f"%{private}%") == [(0,)]
