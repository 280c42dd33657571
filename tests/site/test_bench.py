"""`./espace bench` measures real processes, writes what it says it writes, and leaves nothing; never how fast it is."""

import base64
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.test import Client

from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.identity.queries import actor_of_professional
from espace.identity.queries.sessions import professional_session
from espace.kernel.words import Purpose, Verb
from espace.looks.sessions import SessionStore
from espace.site import cli
from espace.site.bench.assertions import FROM, NAME, Signing
from espace.site.bench.cards import cards_of
from espace.site.bench.facts import SOAP, Asked, Bound, Cost, Load, Measured, What
from espace.site.bench.load import (
    DATA,
    HASH,
    HEX,
    ID,
    RAW,
    SET,
    SIGNED,
    Card,
    Generator,
    Orders,
    Seen,
    main,
    written,
)
from espace.site.bench.measure import percentile
from espace.site.bench.people import SMALL_BYTES, settle
from espace.site.bench.proc import cpu_seconds, family, peak_mib
from espace.site.bench.professionals import PATIENTS_EACH, desk_count
from espace.site.bench.report import line, table
from espace.site.bench.statements import StatementLog, fresh_each_time, usual_count
from espace.site.certifying import authority
from espace.site.source import ROOT, tool_environment
from espace.site.terminal import Stopped
from espace.workstation.sessions import SIGNED_IN
from figures import assert_measured
from running import migrated
from soap_door import post

TINY = ("--spaces", "2", "--documents", "2", "--clients", "1", "--seconds", "0.5")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for temporary files that the database's account can cross."""
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def environment_in(folder: Path) -> dict[str, str]:
    return {**tool_environment(), "TMPDIR": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}


def bench(folder: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-P", ROOT / "tests" / "begun.py", migrated(), "bench", *words],
        env=environment_in(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
def test_everything_is_measured(folder: Path, tmp_path: Path) -> None:
    """One throw-away installation for all of them: people of its own for each. The search is measured by the command
    itself, as a page says (tests/docs/test_how_to.py); of the three by SOAP, the deposit stands for all."""
    left_out = (What.SEARCH, What.ITI18, What.ITI43)
    found, asked = tmp_path / "figures.json", [what for what in What if what not in left_out]
    words = [sys.executable, "-P", Path(__file__).with_name("measuring.py"), found, migrated(), *asked]
    done = subprocess.run(words, env=environment_in(folder), capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(folder.iterdir()) == []
    measured = [json.loads(text) for text in found.read_text().splitlines()]
    assert len(measured) == len(asked)
    for what, one in zip(asked, measured, strict=True):
        assert_measured(what, one)
    [large] = json.loads(found.with_suffix(".large").read_text())
    assert (large["way"], large["document"], large["most"]) == ("ITI-41 in parts (MTOM)", 24, 36)
    assert 24 < large["extra"] < large["most"]


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return ""


@pytest.mark.slow
def test_an_interrupted_run_leaves_nothing(folder: Path) -> None:
    running = bench(folder, "search", *TINY[:-1], "60")
    while not any("espace.site.bench.load" in command(pid) for pid in family(running.pid)):
        assert running.poll() is None
        time.sleep(0.25)  # each look reads all of /proc, and takes from the run the time that it needs
    assert list(folder.iterdir())
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=120)
    assert running.returncode == 130
    assert list(folder.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


@pytest.mark.parametrize(
    "words",
    [
        ["everything"],
        ["search", "--clients", "0"],
        ["search", "--clients", "1,,2"],
        ["search", "--seconds", "-1"],
        ["search", "--seconds", "soon"],
        ["search", "--spaces", "-3"],
    ],
)
def test_what_cannot_be_measured_is_a_usage_error(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["bench", *words])
    assert ended.value.code == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["read", "--documents", "0"], "Nothing to read: --documents must be 1 or more."),
        (["large", "--mebibytes", "0"], "--mebibytes must be from 1 to 1000."),
        (["screen", "--spaces", "0"], "Nobody to ask for: --spaces must be 1 or more."),
    ],
)
def test_nothing_to_ask_for_is_refused(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", *words]) == 1
    assert capsys.readouterr().err == f"espace: {sentence}\n"


@pytest.mark.parametrize(
    ("stopped", "sentence"),
    [
        (Stopped, "Stopped before the end by SIGTERM or SIGHUP (a time limit, a closed terminal): nothing is left."),
        (KeyboardInterrupt, "Interrupted before the end: nothing is left."),
    ],
)
def test_a_run_that_is_stopped_says_so(
    stopped: type[BaseException],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def house() -> None:
        raise stopped

    monkeypatch.setattr("espace.site.bench.house.throwaway_house", house)
    monkeypatch.setattr("espace.site.commands.bench.stop_on_signals", lambda: None)
    assert cli.main(["bench", "screen"]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == f"espace: {sentence}"


# --- the pages that are asked for ---------------------------------------------------------------------------


def key_of(card: Card) -> str:
    """The session of a card's request."""
    return card.pieces[0].decode().partition(f"{settings.SESSION_COOKIE_NAME}=")[2].strip()


def page_of(card: Card) -> tuple[int, bool]:
    """The status that a card's request is answered with, and whether its mark is there."""
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = key_of(card)
    answer = browser.get(card.pieces[0].decode().split(" ")[1])
    return answer.status_code, card.mark in answer.content


@pytest.mark.usefixtures("db")
def test_a_page_that_is_not_the_one_asked_for_has_no_mark() -> None:
    """Signed out, the address of the home answers 200 too; a professional is refused, or sent elsewhere."""
    (resident,) = settle(1, 1, SMALL_BYTES, lambda _: None)
    (home,), (screen,) = (cards_of(what, [resident]) for what in (What.HOME, What.SCREEN))
    assert page_of(home) == page_of(screen) == (200, True)
    assert [page_of(replaced(card)) for card in (home, screen)] == [(200, False), (302, False)]
    session = professional_session(UUID(SessionStore(key_of(screen))[SIGNED_IN]["session"]), at=edge.now())
    assert session is not None and session.organisation is not None
    actor = actor_of_professional(session.professional, session.organisation)
    assert actor is not None
    with gate.open_record(
        actor=actor, patient=resident.patient, purpose=Purpose.CARE, verb=Verb.WITHDRAW, at=edge.now()
    ) as grant:
        access.withdraw_consent(grant)
    assert page_of(screen) == (403, False)


@pytest.mark.usefixtures("db")
def test_a_request_by_soap_is_taken_each_time(settings: Any, tmp_path: Path) -> None:
    """As a trusted proxy passes it on; the second has an assertion, and in a deposit a document, of its own."""
    settings.ESPACE_AUTHORITIES = str(authority(tmp_path / "cards", at=edge.now()).folder / "authority.pem")
    residents = settle(1, 1, SMALL_BYTES, lambda _: None, first=1)
    answered = {what: [asked_by_soap(card) for card in cards_of(what, residents) * 2] for what in SOAP}
    assert answered == {what: [("Success", int(what is What.ITI43))] * 2 for what in SOAP}


def asked_by_soap(card: Card) -> tuple[str, int]:
    """What the door answers a card's request: the status, and how many parts beside it."""
    head, _, body = written(card).partition(b"\r\n\r\n")
    line, *rows = head.decode().split("\r\n")
    said = dict(row.split(": ", 1) for row in rows)
    assert int(said["Content-Length"]) == len(body)
    certificate = base64.b64decode(said["X-Client-Cert"])
    answer = post(line.split(" ")[1], said["Content-Type"], body, certificate=certificate)
    return answer.status, len(answer.parts)


def replaced(card: Card) -> Card:
    """The same request in a session that never was."""
    return Card([card.pieces[0].replace(key_of(card).encode(), b"0" * 32)], mark=card.mark)


@pytest.mark.parametrize(
    ("patients", "count"), [(1, 1), (2, 2), (8, 8), (20, 8), (200, 8), (201, 9), (1000, 40), (2_000_000, 80_000)]
)
def test_nobody_of_the_bench_has_more_patients_than_the_budget_of_an_hour(patients: int, count: int) -> None:
    assert desk_count(patients) == count
    assert -(-patients // count) <= PATIENTS_EACH < 60


# --- the load generator -------------------------------------------------------------------------------------


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server of one connection that answers each request of it with the next of these, the last one for ever."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            left = list(answers)
            with listening.accept()[0] as connection:
                while connection.recv(65_536):
                    connection.sendall(left.pop(0) if len(left) > 1 else left[0])

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
    thread.join()


def asked_for(port: int, *, rate: float = 0.0, mark: bytes = b"") -> Seen:
    generator = Generator(Orders(port, 1, 0.0, 0.2, rate, [Card([b"GET / HTTP/1.1\r\n\r\n"], mark=mark)]))
    with closing(generator):
        generator.warm_up()
        return generator.run()


def answer(status: str, body: bytes = b"ok") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body)


def test_answers_are_counted_with_their_times() -> None:
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    with answering(answer("200 OK"), chunked) as port:
        seen = asked_for(port)
    assert len(seen.whole) == len(seen.first) > 0
    assert all(0 < first <= whole < 1 for first, whole in zip(seen.first, seen.whole, strict=True))
    assert (seen.errors, seen.first_error) == (0, "")


def test_a_refused_request_is_an_error_and_no_figure() -> None:
    with answering(answer("403 Forbidden", b"no")) as port:
        seen = asked_for(port)
    assert seen.errors > 0
    assert seen.whole == []
    assert seen.first_error == "HTTP/1.1 403 Forbidden no"


def test_another_page_than_the_one_asked_for_is_an_error_and_no_figure() -> None:
    with answering(answer("200 OK", b"the record"), answer("200 OK", b"please sign in")) as port:
        seen = asked_for(port, mark=b"the record")
    assert seen.whole == []
    assert seen.errors > 0
    assert seen.first_error == "another page than the one asked for: HTTP/1.1 200 OK please sign in"


def test_a_server_that_never_answers_ends_the_load_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("espace.site.bench.load.ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        orders = tmp_path / "orders"
        orders.write_bytes(msgspec.msgpack.encode(Orders(port, 1, 0.0, 0.1, 0.0, [Card([b"GET / HTTP/1.1\r\n\r\n"])])))
        with pytest.raises(SystemExit) as ended:
            main(orders, tmp_path / "answer")
    assert str(ended.value.code).startswith(f"The server on port {port} does not answer: 0 answers within ")


def test_a_paced_run_asks_no_more_than_its_rate() -> None:
    with answering(answer("200 OK")) as port:
        seen = asked_for(port, rate=50)
    assert len(seen.whole) <= 10


def test_every_deposit_is_of_another_document_with_its_own_hash() -> None:
    card = Card([b"{", ID, b"|", SET, b"|", HASH, b"|", DATA, b"}"], [b"<id root='2.25.", b"'/>"])
    first, second = (written(card).strip(b"{}").split(b"|") for _ in range(2))
    number, _, digest, data = first
    document = base64.b64decode(data)
    assert document == b"<id root='2.25." + number + b"'/>"
    assert digest == base64.b64encode(hashlib.sha1(document).digest())
    assert len(number) == 38
    assert set(first).isdisjoint(second)
    assert [len(part) for part in first] == [len(part) for part in second]


def test_every_request_by_soap_has_an_assertion_of_its_own_as_long_as_the_others() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    head = b'<a ID="' + NAME + b'" IssueInstant="' + FROM + b'">'
    pieces = [b"<s>", SIGNED, b"|", HEX, b"|", RAW, b"</s>"]
    card = Card(pieces, [b"", b"."], signing=Signing(head, b"</a>", pem, "AA=="))
    first, second = (written(card) for _ in range(2))
    assert len(first) == len(second) and first != second
    assertion, digest, document = first.removeprefix(b"<s>").removesuffix(b"</s>").split(b"|")
    assert digest == hashlib.sha1(document).hexdigest().encode()
    ((info, stated, value),) = re.findall(
        rb"(<ds:SignedInfo.*<ds:DigestValue>(.*)</ds:DigestValue>.*</ds:SignedInfo>)<ds:SignatureValue>(.*)</ds:Sig",
        assertion,
    )
    alone = re.sub(rb"<ds:Signature .*</ds:Signature>", b"", assertion)
    assert base64.b64decode(stated) == hashlib.sha256(alone).digest()
    numbers = base64.b64decode(value)
    made = encode_dss_signature(int.from_bytes(numbers[:32], "big"), int.from_bytes(numbers[32:], "big"))
    key.public_key().verify(made, info, ec.ECDSA(SHA256()))


@pytest.mark.parametrize(("share", "expected"), [(50, 2000.0), (95, 4000.0), (99, 4000.0)])
def test_a_percentile_is_a_time_that_was_seen(share: int, expected: float) -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], share) == expected
    assert percentile([], share) == 0.0


# --- what the database was sent -----------------------------------------------------------------------------

_LOG = """2026-03-04 10:00:00.000 UTC [7] LOG:  statement: BEGIN
2026-03-04 10:00:00.001 UTC [7] LOG:  execute _pg3_0: SELECT 1
\tFROM a WHERE b = $1 AND c = $2
2026-03-04 10:00:00.001 UTC [7] DETAIL:  Parameters: $1 = 'it''s', $2 = NULL
2026-03-04 10:00:00.002 UTC [8] LOG:  checkpoint starting: time
2026-03-04 10:00:00.003 UTC [7] LOG:  statement: COMMIT
"""


def test_statements_are_read_from_the_log_with_their_values(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.write_text("before\n", encoding="utf-8")
    log = StatementLog(path)
    with path.open("a", encoding="utf-8") as file:
        file.write(_LOG)
    script = ("BEGIN", "SELECT 1\nFROM a WHERE b = 'it''s' AND c = NULL", "COMMIT")
    assert log.since() == script
    assert log.since() == ()
    assert usual_count([script, script[:1], script]) == 3


def test_only_ids_of_the_moment_are_made_anew() -> None:
    since = datetime(2026, 3, 4, 10, tzinfo=UTC)
    old, new = (f"{int(at.timestamp() * 1000):012x}7" + "a" * 19 for at in (datetime(2026, 3, 3, tzinfo=UTC), since))
    script = (f"INSERT INTO t VALUES ('{old}', '{new}', '\\x{new}')",)
    assert fresh_each_time(script, since=since) == (f"INSERT INTO t VALUES ('{old}', gen_random_uuid(), '\\x{new}')",)


def test_the_loop_that_stands_in_for_pgbench_repeats_scripts(folder: Path) -> None:
    """On the database of the tests, as the application's role."""
    from espace.site.bench.loop import Orders as Loop
    from espace.site.bench.loop import repeat
    from espace.site.config import load
    from espace.site.places import databases

    where = databases(load())["default"]
    names = {"host": where.host, "port": where.port, "user": where.user, "dbname": "postgres"}
    scripts = [["BEGIN", "SELECT :word::text", "COMMIT"], ["SELECT 1"]]
    assert repeat(Loop({**names, "password": where.password}, scripts, {"word": "é"}, 0.05)) > 0


# --- what it cost, and how it is told -----------------------------------------------------------------------


def test_a_family_is_a_process_with_those_it_started() -> None:
    with subprocess.Popen([sys.executable, "-c", "print(flush=True); input()"], stdin=-1, stdout=-1) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in family(os.getpid())
        assert cpu_seconds(child.pid) <= cpu_seconds(os.getpid())
        assert 1 < peak_mib(child.pid) < peak_mib(os.getpid())
        child.communicate(b"\n")
    deadline = time.monotonic() + 5
    while child.pid in family(os.getpid()) and time.monotonic() < deadline:
        pass
    assert cpu_seconds(child.pid) == 0
    assert peak_mib(child.pid) == 0


def measured(*, errors: int = 0) -> Measured:
    load = Load(100, errors, "HTTP/1.1 403" if errors else "", 50.0, 1.0, 2.0, 3.0, 1.5)
    cost = Cost(
        {"server": 1.0, "worker": 0.1, "postgresql": 0.5, "client": 0.05},
        {"server": 200.0, "worker": 60.0, "postgresql": 90.0},
    )
    return Measured(What.SEARCH, 8, load, cost, 10, Bound("pgbench", 200.0, 0.3), None)


def test_a_line_holds_a_measurement_beside_its_bound_and_its_machine() -> None:
    asked = Asked(What.SEARCH, 1000, 20, (8,), 2.0)
    said = json.loads(line(asked, measured(), {"cores": 2}))
    assert said["share"] == 0.25
    assert said["bound"] == {"how": "pgbench", "rate": 200.0, "postgres_cpu_ms": 0.3}
    assert (said["spaces"], said["documents"], said["machine"]) == (1000, 20, {"cores": 2})


def test_a_table_says_that_nothing_was_answered() -> None:
    unanswered = replace(measured(), load=Load(0, 0, "", 0.0, 0.0, 0.0, 0.0, 0.0))
    assert "8 clients: no answer came within the window" in table([unanswered]).splitlines()


def test_a_table_says_what_went_wrong() -> None:
    header, row, *notes = table([measured(errors=3)]).splitlines()
    assert header.split()[:4] == ["clients", "req/s", "errors", "p50"]
    assert row.split()[:4] == ["8", "50", "3", "1.0"]
    assert "8 clients, first error: HTTP/1.1 403" in notes
    assert "targets: rate 1500, ratio 0.25" in notes
