"""Adding through the page where the world is unkind: a disk that fills up, two presses at once, clocks that jump,
files that nobody has time to look into. Refused or resolved with a reason, and nothing is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from espace.edge import clock_at, now
from espace.record.adapters import inspection
from portal.helpers import member, signed_in
from portal.own import ADD, documents_of, send, text_file, titles
from portal.test_reading_pages import text
from record.owning import pdf
from s3.limits import file_size_limit
from stores import own_folder

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("first", [1_000, 300_000], ids=["in the second file", "in the first file"])
def test_a_disk_that_is_full_in_mid_upload_keeps_nothing_by_halves(tmp_path: Path, settings: Any, first: int) -> None:
    own_folder(settings, tmp_path / "contents")
    camille = member()
    browser = signed_in(camille)
    files = [("un.txt", "a" * first), ("deux.txt", "b" * 300_000)]
    with file_size_limit(100_000):
        refused = send(browser, *(text_file(*one) for one in files))
    assert refused.status_code == 503
    assert "Réessayez dans quelques minutes" in text(refused)
    assert documents_of(camille) == ()
    assert list(tmp_path.rglob("*.tmp")) == []
    assert send(browser, *(text_file(*one) for one in files)).status_code == 200
    assert titles(camille) == ["deux", "un"]


def test_one_file_sent_twice_at_the_same_moment_is_one_document() -> None:
    camille = member()
    browsers, together = [signed_in(camille) for _ in range(3)], threading.Barrier(3)

    def press(browser: Any) -> tuple[int, str]:
        try:
            together.wait(timeout=30)
            answer = browser.post(ADD, {"chosen": [text_file()], "type_code": "DOCPAT02", "title": "", "day": ""})
            return answer.status_code, answer.headers["Location"].partition("?")[0]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(press, browsers))
    (one,) = documents_of(camille)
    assert answers == [(302, f"/documents/{one.id}/")] * 3


@pytest.mark.parametrize("jump", [timedelta(hours=5), timedelta(hours=-5)], ids=["was ahead", "was behind"])
def test_what_was_added_while_the_clock_was_wrong_is_found_removed_and_put_back(jump: timedelta) -> None:
    camille = member()
    with clock_at(now() + jump):
        assert "C’est fait : le document est ajouté." in text(send(signed_in(camille), text_file()))
    (one,) = documents_of(camille)
    browser = signed_in(camille)
    assert "ordonnance" in text(browser.get("/documents/"))
    assert browser.get(f"/documents/{one.id}/").status_code == 200
    with clock_at(now() + jump):
        signed_in(camille).post(f"/documents/supprimer/?document={one.id}")
    assert documents_of(camille) == ()
    assert "ordonnance" in text(browser.get("/documents/supprimes/"))
    browser.post("/documents/remettre/", {"document": [str(one.id)]})
    assert [found.id for found in documents_of(camille)] == [one.id]


def test_when_too_many_files_are_looked_into_one_is_told_to_come_again_and_keeps_what_was_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    camille = member()
    browser, turns = signed_in(camille), inspection.Turns(at_once=1, waiting=0, seconds=0)
    monkeypatch.setattr(inspection, "TURNS", turns)
    letter = SimpleUploadedFile("lettre.pdf", pdf(), "application/pdf")
    with turns.taken():
        answer = send(browser, letter, title="Du cardiologue")
    assert "Trop de fichiers sont examinés en ce moment. Réessayez dans un instant" in text(answer), text(answer)
    assert 'value="Du cardiologue"' in answer.content.decode()
    assert documents_of(camille) == ()
    letter.seek(0)
    send(browser, letter, title="Du cardiologue")
    assert titles(camille) == ["Du cardiologue"]


def test_the_place_where_a_photo_was_taken_is_not_kept() -> None:
    import io

    from PIL import Image

    camille, out, noted = member(), io.BytesIO(), Image.Exif()
    noted[0x0112] = 6
    noted.get_ifd(0x8825).update({1: "N", 2: (47.0, 13.0, 0.0), 29: "Zygomatique"})
    Image.new("RGB", (40, 20), "red").save(out, "JPEG", exif=noted)
    browser = signed_in(camille)
    send(browser, SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg"))
    (one,) = documents_of(camille)
    answer = browser.get(f"/documents/{one.id}/telecharger/")
    kept = b"".join(answer) if answer.streaming else answer.content
    assert b"Zygomatique" in out.getvalue() and b"Zygomatique" not in kept
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {0x0112: 6}, "and it still stands upright"
