"""espace-feed: what is refused or held is told in French beside the file; what a program gives goes the same way."""

import json
from pathlib import Path

import pytest

from espace_feed import Feeder, Identity, State
from espace_feed.folder import Folders, again, release
from espace_feed.net import Request
from espace_feed.verdicts import Answer
from feed.scene import (
    CDA,
    PDF,
    SIDECAR,
    WITHOUT_INS,
    Clock,
    Platform,
    Token,
    drop,
    feeder,
    once,
    places,
    refusal,
    unreachable,
)


def test_a_refusal_is_told_in_a_text_beside_with_its_rule_and_what_to_do(tmp_path: Path) -> None:
    platform = Platform()
    platform.fail = lambda _: refusal("code_unknown")
    drop(tmp_path, "letter.pdf", PDF, SIDECAR)
    once(tmp_path, platform)
    assert places(tmp_path) == {"refused": ["letter.pdf", "letter.pdf.json", "letter.pdf.pourquoi.txt"]}
    text = (tmp_path / "refused" / "letter.pdf.pourquoi.txt").read_text(encoding="utf-8")
    assert text.splitlines()[2:6] == [
        "1. Une phrase du serveur.",
        "   Règle : code_unknown",
        "   Où : DocumentReference.type : JDV_J07",
        "   Que faire : Corrigez la valeur.",
    ]
    assert "espace-feed again" in text
    once(tmp_path, platform)
    assert len(platform.requests) == 1


def test_once_the_cause_is_put_right_it_goes_under_the_same_identifier(tmp_path: Path) -> None:
    platform = Platform()
    platform.fail = lambda _: refusal("space_unknown")
    drop(tmp_path, "letter.pdf", PDF, SIDECAR)
    once(tmp_path, platform)
    platform.fail = lambda _: None
    again(Folders(tmp_path), "letter.pdf")
    assert once(tmp_path, platform).status().sent == 1
    assert places(tmp_path) == {"sent": ["letter.pdf", "letter.pdf.json"]}
    assert len({asked.body for asked in platform.requests}) == 1


def test_a_correction_of_the_sidecar_is_another_document_and_leaves_no_old_reason(tmp_path: Path) -> None:
    platform = Platform()
    platform.fail = lambda _: refusal("code_unknown")
    drop(tmp_path, "letter.pdf", PDF, SIDECAR)
    once(tmp_path, platform)
    platform.fail = lambda _: None
    for name in ("letter.pdf", "letter.pdf.json"):
        (tmp_path / "refused" / name).rename(tmp_path / "inbox" / name)
    (tmp_path / "inbox" / "letter.pdf.json").write_text(json.dumps(SIDECAR | {"title": "Autre"}))
    assert once(tmp_path, platform).status().sent == 1
    assert "refused" not in places(tmp_path)


def test_an_identity_that_is_not_qualified_is_held_until_somebody_says_so(tmp_path: Path) -> None:
    platform = Platform()
    unsaid = {**SIDECAR["identity"]}
    del unsaid["qualified"]
    drop(tmp_path, "letter.pdf", PDF, SIDECAR | {"identity": unsaid})
    status = once(tmp_path, platform).status()
    assert platform.requests == []
    [(name, text)] = status.quarantined
    assert name == "letter.pdf"
    assert "L’identité du patient n’est pas qualifiée." in text
    assert "GUERIN" not in text
    release(Folders(tmp_path), "letter.pdf")
    assert once(tmp_path, platform).status().sent == 1
    assert places(tmp_path) == {"sent": ["letter.pdf", "letter.pdf.json"]}


@pytest.mark.parametrize(("data", "beside"), [(WITHOUT_INS, None), (CDA, {"identity": {"qualified": False}})])
def test_a_cda_without_an_ins_or_held_back_by_its_sidecar_is_held(
    tmp_path: Path, data: bytes, beside: object
) -> None:
    platform = Platform()
    drop(tmp_path, "report.xml", data, beside)
    assert len(once(tmp_path, platform).status().quarantined) == 1
    drop(tmp_path, "report.xml", data, {"identity": SIDECAR["identity"]})
    assert once(tmp_path, platform).status().sent == 1
    stated = json.loads(platform.requests[0].body or b"")
    assert stated["contained"][0]["birthDate"] == "1985-05-14"
    assert stated["subject"] == {"reference": "#patient"}


@pytest.mark.parametrize("name", ["../espace-feed.sqlite3", "absent.pdf", "..", ""])
def test_only_a_document_of_the_place_is_put_back(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        again(Folders(tmp_path), name)


WITH_DOCTYPE = b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + CDA[21:]


@pytest.mark.parametrize("data", [b"", b"MZ\x90\x00", b"<html/>", CDA[:-9], WITH_DOCTYPE])
def test_a_file_that_can_never_go_is_refused_here(tmp_path: Path, data: bytes) -> None:
    platform = Platform()
    drop(tmp_path, "strange", data)
    [(name, text)] = once(tmp_path, platform).status().refused
    assert (name, platform.requests) == ("strange", [])
    assert "Que faire" in text


def test_a_pdf_that_was_cut_never_goes(tmp_path: Path) -> None:
    platform = Platform()
    drop(tmp_path, "letter.pdf", PDF[:-7], SIDECAR)
    [(_, text)] = once(tmp_path, platform).status().refused
    assert ("tronqué" in text, platform.requests) == (True, [])


# --- from a program -------------------------------------------------------------------------------------------


def test_a_program_gives_bytes_and_an_identity(tmp_path: Path) -> None:
    platform = Platform()
    said = {name: value for name, value in SIDECAR.items() if name != "identity"}
    done = feeder(tmp_path, platform).submit(PDF, SIDECAR["identity"], name="letter.pdf", **said)
    assert (done.name, done.state, done.document) == ("letter.pdf", State.SENT, f"id-{done.unique_id}")
    assert feeder(tmp_path, platform).submit(PDF, SIDECAR["identity"], **said) == done
    assert len(platform.requests) == 1


def test_a_program_gives_a_file_whose_original_stays(tmp_path: Path) -> None:
    path = tmp_path / "own" / "report.xml"
    path.parent.mkdir()
    path.write_bytes(CDA)
    assert feeder(tmp_path / "feed", Platform()).submit(path).state is State.SENT
    assert path.read_bytes() == CDA


@pytest.mark.parametrize("name", [".x", "x.json", "x.part", "../../x.xml", "a/b.xml", "é\udcff.xml"])
def test_whatever_a_program_calls_it_it_stays_in_the_folder_and_is_sent(tmp_path: Path, name: str) -> None:
    done = feeder(tmp_path / "feed", Platform()).submit(CDA, name=name)
    assert places(tmp_path / "feed") == {"sent": [done.name]}
    assert [one.name for one in tmp_path.iterdir()] == ["feed"]


def test_what_a_program_gives_while_the_server_is_down_waits(tmp_path: Path) -> None:
    platform, clock = Platform(), Clock()
    platform.fail = unreachable
    assert feeder(tmp_path, platform, clock).submit(CDA).state is State.WAITING
    platform.fail = lambda _: None
    clock.at += 60
    assert once(tmp_path, platform, clock).status().sent == 1


def test_a_program_is_told_at_once_what_is_held(tmp_path: Path) -> None:
    done = feeder(tmp_path, Platform()).submit(PDF, Identity(birth_name="GUERIN"), title="x")
    assert (done.state, done.why[0].code) == (State.QUARANTINED, "ins_absent")


def test_an_address_in_the_clear_is_refused_but_on_this_machine(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="https"):
        feeder_at(tmp_path, "http://platform.example/fhir")
    feeder_at(tmp_path, "http://localhost:8000/fhir")


def feeder_at(folder: Path, url: str) -> object:
    return Feeder(url, Token(), folder, call=never)


def never(request: Request) -> Answer:
    raise AssertionError(request.url)
