"""espace-feed: what is dropped is sent once, whatever ends in between; what cannot go is told, in French."""

import os
from pathlib import Path
from typing import Any

import pytest

from espace_feed import Feeder, State
from espace_feed.folder import Folders
from espace_feed.store import Store
from espace_feed.verdicts import Answer
from feed.scene import (
    CDA,
    PDF,
    SIDECAR,
    URL,
    Clock,
    Killed,
    Platform,
    Token,
    drop,
    feeder,
    once,
    places,
    refusal,
    unreachable,
)


def test_a_pdf_and_a_cda_are_sent_and_put_away(tmp_path: Path) -> None:
    platform = Platform()
    drop(tmp_path, "letter.pdf", PDF, SIDECAR)
    drop(tmp_path, "report.xml", CDA)
    status = once(tmp_path, platform).status()
    assert (status.sent, status.waiting) == (2, 0)
    assert places(tmp_path) == {"sent": ["letter.pdf", "letter.pdf.json", "report.xml"]}
    assert platform.filed["urn:oid:2.25.7"] == CDA
    sent = platform.requests[0]
    assert (sent.method, sent.url) == ("POST", f"{URL}/DocumentReference")
    assert sent.headers["Authorization"] == "Bearer token-1"
    assert sent.headers["Accept-Language"] == "fr"


def test_one_token_serves_many_and_a_refused_one_is_asked_anew(tmp_path: Path) -> None:
    platform, token = Platform(), Token()
    fed = feeder(tmp_path, platform, token=token)
    fed.submit(CDA)
    fed.submit(CDA.replace(b"2.25.7", b"2.25.8"))
    assert token.asked == 1
    platform.fail = lambda asked: refusal("token_expired", 401, "expired") if "token-1" in str(asked.headers) else None
    assert fed.submit(CDA.replace(b"2.25.7", b"2.25.9")).state is State.SENT
    assert token.asked == 2


def test_a_file_that_still_grows_is_left(tmp_path: Path) -> None:
    platform, clock = Platform(), Clock()
    drop(tmp_path, "report.xml", CDA[:-10])
    fed = feeder(tmp_path, platform, clock)
    fed.take_new()
    drop(tmp_path, "report.xml", CDA)
    fed.take_new()
    assert places(tmp_path) == {"inbox": ["report.xml"]}
    fed.take_new()
    assert places(tmp_path) == {"waiting": ["report.xml"]}


@pytest.mark.parametrize("name", [".hidden.xml", "report.xml.part", "report.XML.TMP", "alone.pdf.json"])
def test_what_is_being_written_or_goes_with_another_is_left(tmp_path: Path, name: str) -> None:
    drop(tmp_path, name, CDA)
    once(tmp_path, Platform())
    assert places(tmp_path) == {"inbox": [name]}


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.xml"
    elsewhere.write_bytes(CDA)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "link.xml").symlink_to(elsewhere)
    platform = Platform()
    once(tmp_path, platform)
    assert platform.requests == []


def test_a_pdf_waits_for_its_sidecar_and_the_page_says_so(tmp_path: Path) -> None:
    drop(tmp_path, "letter.pdf", PDF)
    platform = Platform()
    assert once(tmp_path, platform).status().unaccompanied == ("letter.pdf",)
    drop(tmp_path, "letter.pdf", PDF, SIDECAR)
    assert once(tmp_path, platform).status().sent == 1


# --- never twice ----------------------------------------------------------------------------------------------


def killing(platform: Platform, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    def killed(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(module, name, killed)


@pytest.mark.parametrize("moment", ["sent", "take", "settle", "move"])
def test_killed_at_any_moment_then_again_it_is_one_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """`sent`: between the sending and its note."""
    platform = Platform()
    drop(tmp_path, "letter.pdf", PDF, SIDECAR)
    with monkeypatch.context() as patched:
        killing(platform, patched, Store if moment in ("sent", "take") else Folders, moment)
        with pytest.raises(Killed):
            once(tmp_path, platform)
    assert once(tmp_path, platform).status().sent == 1
    assert len(platform.filed) == 1
    assert len(platform.requests) == (2 if moment == "sent" else 1)
    assert places(tmp_path) == {"sent": ["letter.pdf", "letter.pdf.json"]}
    bodies = {asked.body for asked in platform.requests}
    assert len(bodies) == 1


def test_dropped_again_it_is_not_sent_again(tmp_path: Path) -> None:
    platform = Platform()
    for _ in range(2):
        drop(tmp_path, "letter.pdf", PDF, SIDECAR)
        once(tmp_path, platform)
    assert len(platform.requests) == 1
    assert places(tmp_path) == {"sent": ["letter.pdf", "letter.pdf.json"]}


def test_without_its_state_the_same_file_still_has_the_same_identifier(tmp_path: Path) -> None:
    platform = Platform()
    for folder in (tmp_path / "one", tmp_path / "two"):
        drop(folder, "letter.pdf", PDF, SIDECAR)
        assert once(folder, platform).status().sent == 1
    assert len(platform.requests) == 2
    assert len(platform.filed) == 1


def test_two_documents_of_one_name_are_two(tmp_path: Path) -> None:
    platform = Platform()
    for data in (PDF, PDF + b"\n"):
        drop(tmp_path, "letter.pdf", data, SIDECAR)
        once(tmp_path, platform)
    assert len(platform.filed) == 2
    assert len(places(tmp_path)["sent"]) == 4


def test_what_was_filed_may_be_deleted(tmp_path: Path) -> None:
    platform = Platform()
    made = Feeder(URL, Token(), tmp_path, call=platform, keep_sent=False)
    assert made.submit(CDA, SIDECAR["identity"]).state is State.SENT
    assert made.submit(CDA, SIDECAR["identity"]).state is State.SENT
    assert (places(tmp_path), len(platform.requests)) == ({}, 1)


def test_told_to_stop_it_ends_after_the_document_that_goes(tmp_path: Path) -> None:
    platform, clock = Platform(), Clock()
    platform.fail = unreachable
    for number in b"123":
        feeder(tmp_path, platform, clock).submit(CDA.replace(b"2.25.7", b"2.25.%d" % number))
    platform.fail = lambda _: None
    clock.at += 3600
    feeder(tmp_path, platform, clock).send_due(lambda: len(platform.filed) == 2)
    assert len(platform.filed) == 2


@pytest.mark.parametrize("answer", [None, refusal("code_unknown")])
def test_the_bytes_are_no_longer_in_the_state_once_filed_or_refused(tmp_path: Path, answer: Answer | None) -> None:
    platform = Platform()
    platform.fail = lambda _: answer
    drop(tmp_path, "report.xml", CDA)
    once(tmp_path, platform)
    assert b"285054499900161" not in (tmp_path / "espace-feed.sqlite3").read_bytes()


def test_folders_and_state_are_their_owners_alone(tmp_path: Path) -> None:
    feeder(tmp_path / "new", Platform())
    made = [tmp_path / "new", *(tmp_path / "new").iterdir()]
    assert len(made) == 7
    assert os.name == "nt" or [path for path in made if path.stat().st_mode & 0o077] == []


def test_another_content_under_a_known_identifier_is_refused_and_the_first_stays(tmp_path: Path) -> None:
    platform = Platform()
    drop(tmp_path, "one.xml", CDA)
    drop(tmp_path, "two.xml", CDA + b"<!-- other -->")
    status = once(tmp_path, platform).status()
    assert (status.sent, len(status.refused), list(platform.filed.values())) == (1, 1, [CDA])


# --- later ----------------------------------------------------------------------------------------------------


def test_a_server_that_is_down_is_tried_less_and_less_often_across_restarts_then_all_goes(tmp_path: Path) -> None:
    platform, clock = Platform(), Clock()
    drop(tmp_path, "one.xml", CDA)
    drop(tmp_path, "two.xml", CDA.replace(b"2.25.7", b"2.25.8"))
    platform.fail = unreachable
    clock.at -= 2  # which the first look takes
    once(tmp_path, platform, clock)
    tries = []
    for wait in (30, 60, 120, 240, 480, 960, 1920, 3600, 3600):
        for seconds in (wait - 3, -1):
            clock.at += seconds
            once(tmp_path, platform, clock)
            tries.append(len(platform.requests))
    assert tries == [1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10]
    status = feeder(tmp_path, platform, clock).status()
    assert (status.waiting, status.server[0].code) == (2, "injoignable")
    platform.fail = lambda _: None
    clock.at += 3600
    status = once(tmp_path, platform, clock).status()
    assert (status.sent, status.waiting, status.server) == (2, 0, ())


def test_one_that_the_server_fails_on_does_not_hold_back_the_others(tmp_path: Path) -> None:
    platform, clock = Platform(), Clock()
    platform.fail = lambda asked: refusal("unexpected_fault", 500, "exception") if b"2.25.7" in asked.body else None
    drop(tmp_path, "one.xml", CDA)
    drop(tmp_path, "two.xml", CDA.replace(b"2.25.7", b"2.25.8"))
    status = once(tmp_path, platform, clock).status()
    assert (status.sent, [one.name for one in status.late]) == (1, ["one.xml"])
    once(tmp_path, platform, clock)
    assert len(platform.requests) == 2
    clock.at += 31
    once(tmp_path, platform, clock)
    assert len(platform.requests) == 3


@pytest.mark.parametrize("answer", [Answer(504, {}, b""), None])
def test_one_on_which_the_line_breaks_each_time_holds_back_the_others_once(
    tmp_path: Path, answer: Answer | None
) -> None:
    platform, clock = Platform(), Clock()
    platform.fail = lambda asked: (answer or unreachable(asked)) if b"2.25.7" in (asked.body or b"") else None
    for number in (7, 8, 9):
        drop(tmp_path, f"{number}.xml", CDA.replace(b"2.25.7", b"2.25.%d" % number))
    assert once(tmp_path, platform, clock).status().sent == 0
    clock.at += 31
    assert once(tmp_path, platform, clock).status().sent == 2


def test_a_correction_never_goes_before_what_it_replaces(tmp_path: Path) -> None:
    platform, clock = Platform(), Clock()
    platform.fail = unreachable
    drop(tmp_path, "first.xml", CDA)
    once(tmp_path, platform, clock)
    said = {"replaces": "urn:oid:2.25.7"}
    drop(tmp_path, "second.xml", CDA.replace(b"2.25.7", b"2.25.8"), said)
    platform.fail = lambda _: None
    clock.at += 60
    once(tmp_path, platform, clock)
    assert list(platform.filed) == ["urn:oid:2.25.7"]
    once(tmp_path, platform, clock)
    assert list(platform.filed) == ["urn:oid:2.25.7", "urn:oid:2.25.8"]


def test_the_server_says_how_long_to_wait(tmp_path: Path) -> None:
    platform, clock = Platform(), Clock()
    platform.fail = lambda _: Answer(503, {"retry-after": "600"}, b"")
    drop(tmp_path, "one.xml", CDA)
    once(tmp_path, platform, clock)
    clock.at += 590
    once(tmp_path, platform, clock)
    assert len(platform.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        refusal("token_invalid", 401, "login"),
        refusal("scope_insufficient", 403, "forbidden"),
        Answer(404, {}, b"<html>nothing here</html>"),
        Answer(302, {"location": "https://elsewhere.example/"}, b""),
        Answer(403, {}, b"<html>proxy</html>"),
        refusal("busy", 409, "lock-error"),
        Answer(200, {}, b"<html>a portal</html>"),
    ],
)
def test_what_is_not_the_fault_of_the_document_waits(tmp_path: Path, answer: Answer) -> None:
    platform = Platform()
    platform.fail = lambda _: answer
    drop(tmp_path, "one.xml", CDA)
    assert once(tmp_path, platform).status().waiting == 1
    assert places(tmp_path) == {"waiting": ["one.xml"]}
