"""The search that ends the whole suite finds what is planted, and nothing in the lines that are ours."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cast import fresh_ins
from logs_check import Watch, findings, search

INSIDE = '{"at":"2026-03-04T09:30:00.000+00:00","level":"error","logger":"espace.exchange","message":"%s"}'
INS = "185037512345678"

LEAKS = (
    ("a planted word", "Zygomatique-Tréphine"),
    ("a planted word", "ZWORGLEPLANTE"),
    ("a number of the cast", INS),
    ("a number of the cast", f"urn:oid:1.2.250.1.213.1.4.10|{INS[:13]}"),
    ("an INS", "Key (ins)=(255069999912337) already exists"),
    ("a name of the cast", "holder Camille Duval"),
    ("a name of the cast", "DUVAL^CAMILLE"),
    ("what a document says", "Glycémie 5,1"),
    ("what a document says", "<ClinicalDocument xmlns"),
    ("an e-mail address", "to h.12ab@example.org refused"),
    ("a bearer token", "Authorization: Bearer kQ3vT0aY1mX9-zPq"),
    ("a token", "given Fs17BPiBr0UTgLndAEtSK93wf0pcOAa2HkQ3vT0aY1m"),
    ("a signed assertion", "client_assertion=eyJhbGciOiJFUzM4NCIsIn.eyJpc3MiOiJjbGllbnQ.abc"),
    ("a cookie", "Cookie: sessionid=8f3k2l1m9n0p"),
    ("an activation link", "GET /activation/8f3k2l1m9n0p7q6r/"),
)

HARMLESS = (
    '{"at":"2026-11-22T06:09:28.123+00:00","level":"warning","logger":"espace.security","message":"refused","kind":'
    '"GET /fhir/Binary/(?P<id>[^/$_][^/]{0,199})","reason":"token_invalid","request_id":'
    '"01a201d3-7016-77df-850e-369c1cfe0bf8"}',
    "2026-11-22 06:09:28.123 UTC [15083] FATAL:  database espace_gw0 is not currently accepting connections",
    '{"fault":"01a201d6-1ff7-7742-a22e-081e42b7efa6","raised":["iti65.py:120 provide","gate.py:77 open_record"]}',
    "2026-11-22 06:09:28.123 UTC [1] LOG:  checkpoint complete: wrote 185 buffers; lsn=0/1850375",
    "content 01a201d61ff77742a22e081e42b7efa6, sha256 "
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "1795327768123 ms, 255069999912338 bytes",
    "test_a_server_that_refuses_for_now_is_asked_aga and it-says-so-in-a-very-long-name-of-forty-three",
    "mails from espace-sante@localhost wait",
    '{"level": "info", "logger": "mail.log", "message": "recip: h.12ab@example.org"}',
)


@pytest.fixture
def apart() -> Iterator[Path]:
    """A folder that the search of this very session does not look into."""
    with tempfile.TemporaryDirectory(prefix="espace-logs-") as folder:
        yield Path(folder)


@pytest.mark.parametrize(("what", "leak"), LEAKS)
def test_what_no_log_may_hold_is_found_in_the_middle_of_a_line(what: str, leak: str) -> None:
    assert [found.what for found in findings("\n".join((INSIDE % "ok", INSIDE % leak, INSIDE % "ok")))] == [what]


def test_the_numbers_that_the_cast_gets_in_this_run_are_found() -> None:
    numbers = [fresh_ins().number for _ in range(50)]
    found = [one.line for one in findings("\n".join(numbers)) if one.what == "a number of the cast"]
    assert found == numbers


@pytest.mark.parametrize("line", HARMLESS)
def test_the_lines_that_our_logs_are_made_of_are_not(line: str) -> None:
    assert [*findings(line)] == []


def test_logs_are_found_under_a_folder_turned_ones_too_and_nothing_else(apart: Path) -> None:
    (apart / "logs").mkdir()
    (apart / "contents").mkdir()
    for name in ("logs/espace.log", "logs/espace.log.1", "server.log"):
        (apart / name).write_text("well\nDuval\n", encoding="utf-8")
    for name in ("logs/espace.lock", "contents/a.log", "letter.txt"):
        (apart / name).write_text("Duval\n", encoding="utf-8")
    assert sorted(search(apart)) == [
        "espace.log.1: a name of the cast: Duval",
        "espace.log: a name of the cast: Duval",
        "server.log: a name of the cast: Duval",
    ]


def test_bytes_that_are_no_text_and_very_long_lines_do_not_stop_the_search(apart: Path) -> None:
    (apart / "server.log").write_bytes(b"\xff\xfe\x00" + b"x" * 1_000_000 + b"\nCamille " + b"y" * 1000)
    assert [len(line) for line in search(apart)] == [len("server.log: a name of the cast: ") + 240]


def test_a_home_that_goes_is_searched_before(apart: Path) -> None:
    session, home = apart / "session", apart / "home"
    for folder in (session, home / "logs"):
        folder.mkdir(parents=True)
    (home / "logs" / "security.log").write_text(f"{INS}\n", encoding="utf-8")
    watch = Watch(session / "leaks.txt")
    watch.removing(home)
    (home / "logs" / "security.log").unlink()
    assert watch.found(session, home) == [f"security.log: a number of the cast: {INS}"]
