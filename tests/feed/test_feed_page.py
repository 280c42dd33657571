"""espace-feed: its page of counts, its settings, its command line."""

import json
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from espace_feed import config, page
from espace_feed.command import main
from espace_feed.facts import Deposit, State, Why
from espace_feed.feeder import Status
from feed.scene import CDA, NOON, SIDECAR, WITHOUT_INS, Clock, Platform, drop, feeder, refusal

STATUS = Status(
    sent=3,
    waiting=1,
    unaccompanied=("alone.pdf",),
    late=(Deposit("late.xml", State.WAITING, why=(Why("http_500", "Le serveur a répondu 500."),)),),
    quarantined=(("<script>.pdf", "Règle : ins_absent"),),
    refused=(("letter.pdf", "Règle : code_unknown"),),
    server=(Why("injoignable", "Le serveur ne répond pas."),),
    next_try=NOON,
)


def test_the_page_tells_counts_and_reasons_and_nothing_runs_in_it() -> None:
    text = page.shown(STATUS)
    for expected in (
        "Envoyés : <strong>3</strong>",
        "En attente : <strong>1</strong>",
        "alone.pdf",
        "late.xml : Le serveur a répondu 500.",
        "Règle : ins_absent",
        "Règle : code_unknown",
        "Le serveur ne répond pas.",
        "&lt;script&gt;.pdf",
    ):
        assert expected in text
    assert "<script" not in text


def test_the_page_answers_this_machine_only_by_its_own_name() -> None:
    server = page.serve(0, lambda: STATUS)
    try:
        assert server.server_address[0] == "127.0.0.1"
        answers = {}
        for host, path in (("localhost", "/"), ("rebound.example", "/"), ("localhost", "/inbox")):
            connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
            connection.request("GET", path, headers={"Host": f"{host}:{server.server_port}"})
            answer = connection.getresponse()
            answers[host, path] = (answer.status, "default-src 'none'" in answer.headers["Content-Security-Policy"])
            answer.read()
            connection.close()
    finally:
        server.shutdown()
        server.server_close()
    assert answers == {
        ("localhost", "/"): (200, True),
        ("rebound.example", "/"): (421, True),
        ("localhost", "/inbox"): (404, True),
    }


# --- settings and the command line --------------------------------------------------------------------------------


def test_the_sample_of_settings_is_read(tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "feed")]) == 0
    assert main(["key", str(tmp_path / "feed" / "key.pem")]) == 0
    read = config.load(tmp_path / "feed", {"url": None, "page": 0})
    assert (read.every, read.page, read.usual.organisation.facility) == (5.0, 0, "SA01")
    assert read.url == "http://localhost:8000/fhir"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "https"),
        ("url = 7", "url"),
        ('url = "https://p.example/fhir"', "client_id and key"),
        ('url = "https://p.example/fhir"\nclient_id = "a"\nkey = "absent.pem"', "cannot be read"),
        ('url = "https://p.example/fhir"\ntoken_command = "t"\nevery = 0', "every"),
        ('url = "https://p.example/fhir"\ntoken_command = "t"\npage = true', "page"),
        ('url = "https://p.example/fhir"\ntoken_command = "t"\ncolour = "red"', "colour"),
        ('url = "https://p.example/fhir"\ntoken_command = "t"\n[document]\ntitre = "x"', "titre"),
        ("url = ", "espace-feed.toml"),
    ],
)
def test_settings_that_are_wrong_are_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / config.FILE).write_text(text)
    with pytest.raises(config.BadSettings, match=told):
        config.load(tmp_path, {})


def arguments(folder: Path) -> list[str]:
    token = " ".join((sys.executable, "-S", "-E", "-c", "print(1)"))
    return [str(folder), "--url", "https://p.example/fhir", "--token-command", token]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", *arguments(tmp_path / "absent"), "--once"]) == 2
    assert "espace-feed new makes one" in capsys.readouterr().err


def test_the_command_line_releases_and_sends_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = Platform()
    monkeypatch.setattr("espace_feed.command.Https", lambda ca: platform)
    (tmp_path / "report.xml").write_bytes(WITHOUT_INS)
    (tmp_path / "report.xml.json").write_text(json.dumps({"identity": {**SIDECAR["identity"], "qualified": False}}))
    main(["new", str(tmp_path / "feed")])
    (tmp_path / "feed" / config.FILE).unlink()
    assert main(["submit", *arguments(tmp_path / "feed"), str(tmp_path / "report.xml")]) == 1
    assert "ins_non_qualifie" in capsys.readouterr().out
    assert main(["status", *arguments(tmp_path / "feed")]) == 1
    assert "quarantine 1" in capsys.readouterr().out
    assert main(["release", str(tmp_path / "feed"), "report.xml"]) == 0
    monkeypatch.setattr("espace_feed.feeder.SETTLE_SECONDS", 0)
    platform.fail = lambda _: refusal("code_unknown")
    assert main(["watch", *arguments(tmp_path / "feed"), "--once"]) == 1
    assert "refused 1" in capsys.readouterr().out
    platform.fail = lambda _: None
    assert main(["again", str(tmp_path / "feed"), "report.xml"]) == 0
    assert main(["watch", *arguments(tmp_path / "feed"), "--once"]) == 0
    assert "sent 1" in capsys.readouterr().out
    assert main(["again", str(tmp_path / "feed"), "absent.xml"]) == 2


def test_watching_ends_when_it_is_told_to_and_a_fault_of_the_disk_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, clock = Platform(), Clock()
    drop(tmp_path, "report.xml", CDA)
    watcher = feeder(tmp_path, platform, clock)
    whole = type(watcher).recover
    faults = iter([OSError("full"), None, None, None])

    def recover(self: Any) -> None:
        if fault := next(faults):
            raise fault
        whole(self)

    monkeypatch.setattr(type(watcher), "recover", recover)
    watcher.watch(5, lambda: clock.at >= NOON + 20, clock.sleep)
    assert list(platform.filed) == ["urn:oid:2.25.7"]
