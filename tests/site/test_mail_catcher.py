"""The mail catcher: keeps what it is sent, byte for byte, privately, and sends nothing."""

import smtplib
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from espace.edge import clock_at
from espace.site.mail_catcher import MOST_RECIPIENTS, store
from espace.site.source import tool_environment
from espace.site.testbed import free_port


@pytest.fixture
def caught(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    folder, port = tmp_path / "mail", free_port()
    command = [sys.executable, "-m", "espace.site.mail_catcher", str(folder), str(port)]
    catcher = subprocess.Popen(command, env=tool_environment())
    limit = time.monotonic() + 20
    while True:
        try:
            smtplib.SMTP("127.0.0.1", port).quit()
            break
        except ConnectionRefusedError:
            assert time.monotonic() < limit
            time.sleep(0.05)
    yield folder, port
    catcher.terminate()
    assert catcher.wait(10) == 0


def test_a_message_is_kept_as_it_was_sent(caught: tuple[Path, int]) -> None:
    folder, port = caught
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("espace@localhost", ["camille@example.org"], "Subject: Été\r\n\r\nBonjour\r\n".encode())
    (message,) = folder.iterdir()
    assert message.suffix == ".eml"
    assert message.read_bytes() == "Subject: Été\r\n\r\nBonjour\r\n".encode()
    assert stat.S_IMODE(message.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_too_many_recipients_and_too_many_bytes_are_refused(caught: tuple[Path, int]) -> None:
    folder, port = caught
    with smtplib.SMTP("127.0.0.1", port) as client:
        crowd = [f"p{number}@example.org" for number in range(MOST_RECIPIENTS + 1)]
        refused = client.sendmail("espace@localhost", crowd, b"Subject: x\r\n\r\n")
        assert {answer[0] for answer in refused.values()} == {452}
        with pytest.raises(smtplib.SMTPException):
            client.sendmail("espace@localhost", ["a@example.org"], b"x" * (11 * 1024 * 1024))
    assert len(list(folder.iterdir())) == 1


def test_names_sort_by_arrival(tmp_path: Path) -> None:
    stored = []
    for number in range(3):
        with clock_at(datetime(2026, 3, 4, 9, 30, number, tzinfo=UTC)):
            stored.append(store(tmp_path, b"%d" % number))
    assert sorted(stored) == stored
    assert [path.read_bytes() for path in stored] == [b"0", b"1", b"2"]


def test_a_full_disk_leaves_no_half_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store(tmp_path, b"message")
    assert list(tmp_path.iterdir()) == []
