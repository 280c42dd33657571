"""« Tout télécharger »: what the copy holds is what its asker sees, it is theirs alone after a fresh second factor, and
nothing of it lasts."""

import json
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from uuid import uuid4

import pytest

from cast import (
    cares,
    consents,
    document,
    entry,
    names_doctor,
    organisation,
    professional,
    put_state,
    represents,
    sender,
    submission,
    unique_id,
)
from espace import edge
from espace.access import gate
from espace.enrolment.facts import State
from espace.identity.actions import mandates
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Verb, Visibility
from espace.portal import sending
from espace.record import actions as record
from espace.site.worker import run_until_idle
from espace.wire.xds import Coded, Folder
from logbook import settle, sql, verified
from portal.copies import ASK, DROP, PAGE, TAKE, browser_of, make, row, taken_by
from portal.helpers import PDF, Member, cda, cda_with_file, file, member, signed_in
from portal.sharing import reads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap")]




def copied(who: Member) -> zipfile.ZipFile:
    browser = browser_of(who)
    assert browser.post(ASK).status_code == 302
    assert make(who) >= 1
    return taken_by(browser)


def test_the_copy_holds_all_that_the_holder_sees_and_nothing_held_from_them() -> None:
    camille = member()
    now = edge.now()
    file(camille.of, blood := cda(camille.of), on=now)
    letter = cda_with_file(camille.of, PDF, "application/pdf")
    file(camille.of, letter, title="Lettre d’été", type_code="11490-0", on=now)
    file(camille.of, cda(camille.of), title="Zygomatique", visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    consents(camille.of, professional("Kerbrat", "Yann"), at=now, until=now + timedelta(days=1))
    archive = copied(camille)
    assert archive.testzip() is None
    names = archive.namelist()
    assert [name for name in names if "/" not in name] == [
        "historique.html", "historique.en.html", "historique.json", "dossier.json", "reglages.json",
        "preuve-absente.txt", "index.html", "index.en.html",
    ]  # fmt: skip
    documents = [name.removeprefix("documents/")[10:] for name in names if "/" in name]
    assert documents == [
        "-analyses-de-sang-0001.xml", "-analyses-de-sang-0001.html",
        "-lettre-dete-0002.xml", "-lettre-dete-0002-1.pdf", "-lettre-dete-0002.html",
    ]  # fmt: skip
    assert archive.read(next(name for name in names if name.endswith("0001.xml"))) == blood
    assert archive.read(next(name for name in names if name.endswith("-1.pdf"))) == PDF
    everything = b"".join(archive.read(name) for name in names)
    assert b"Zygomatique" not in everything
    french, english = archive.read("index.html").decode(), archive.read("index.en.html").decode()
    assert "Copie de l’espace de santé de Camille Duval" in french
    assert "Copy of the health space of Camille Duval" in english
    assert "Kerbrat" in french
    assert french.count(".html\">Analyses de sang</a>") == 1
    assert b"<script" not in everything
    for page in (french, english):
        linked = [part.partition('"')[0] for part in page.split('href="')[1:]]
        assert set(linked) <= set(names)


def test_the_history_and_the_bundle_say_who_did_what() -> None:
    camille = member()
    one = file(camille.of, cda(camille.of))
    hidden = file(camille.of, cda(camille.of), visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    signed_in(camille).get(f"/documents/{one}/")
    archive = copied(camille)
    lines: list[dict[str, Any]] = json.loads(archive.read("historique.json"))
    assert [line["verb"] for line in lines] == ["copy", "copy", "read", "deposit"] or [
        line["verb"] for line in lines
    ] == ["copy", "read", "deposit"]
    assert lines[-1]["said"] == {
        "fr": "Hôpital des Remparts a déposé un document", "en": "Hôpital des Remparts deposited a document"
    }  # fmt: skip
    assert lines[-1]["documents"][0]["id"] == str(one)
    bundle = json.loads(archive.read("dossier.json"))
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds == ["Patient", "DocumentReference", *["AuditEvent"] * len(lines)]
    attachment = bundle["entry"][1]["resource"]["content"][0]["attachment"]
    assert attachment["url"] in archive.namelist()
    assert str(hidden).encode() not in b"".join(archive.read(name) for name in archive.namelist())
    page = archive.read("historique.html").decode()
    assert "avez lu un document" in page
    assert page.count("<li>") == len(lines)
    choices = json.loads(archive.read("reglages.json"))
    assert choices["emergencies"] == {"break_glass": True, "dispatch": True, "masked": False}


def test_the_proof_of_the_history_in_it_holds(tmp_path: Path) -> None:
    camille = member()
    file(camille.of, cda(camille.of))
    settle()
    proof = copied(camille).read("preuve.json")
    assert len(json.loads(proof)["lines"]) == 1
    assert verified(proof, tmp_path) == ""


def test_asking_and_taking_want_a_fresh_second_factor() -> None:
    camille = member()
    copied(camille)
    late = signed_in(camille)
    for path in (ASK, TAKE):
        answer = late.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/securite/confirmer/?suite=")
    assert late.get(TAKE)["Location"].endswith("%2Fpartage%2Fcopie%2F")
    assert late.get(PAGE).status_code == 200


def test_downloads_never_take_every_thread_and_one_that_is_given_up_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_sending", BoundedSemaphore(1))
    camille = member()
    copied(camille).close()
    browser = browser_of(camille)
    slow: Any = browser.get(TAKE)
    next(iter(slow.streaming_content))
    assert browser.get(TAKE).status_code == 503
    slow.close()
    assert taken_by(browser).testzip() is None
    browser.post(DROP)
    assert [browser.get(TAKE).status_code for _ in range(2)] == [404, 404]


def test_the_page_follows_the_copy_and_another_holder_sees_none_of_it() -> None:
    camille, other = member(), member()
    file(camille.of, cda(camille.of))
    browser = browser_of(camille)
    assert "Préparer une copie" in browser.get(PAGE).content.decode()
    browser.post(ASK)
    browser.post(ASK)
    assert "se prépare" in browser.get(PAGE).content.decode()
    assert browser.get(TAKE).status_code == 404
    make(camille)
    assert "est prête" in browser.get(PAGE).content.decode()
    assert browser_of(other).get(TAKE).status_code == 404
    assert "Préparer une copie" in browser_of(other).get(PAGE).content.decode()
    assert browser.post(DROP).status_code == 302
    assert browser.get(TAKE).status_code == 404
    assert "Préparer une copie" in browser.get(PAGE).content.decode()


def test_the_worker_makes_it_and_says_that_it_is_ready_and_nothing_else(mailoutbox: Any) -> None:
    camille = member(email=(address := f"{uuid4().hex}@exemple.fr"))
    put_state(camille.of.patient, State.ACTIVATED)
    file(camille.of, cda(camille.of), title="Zygomatique")
    browser = browser_of(camille)
    browser.post(ASK)
    run_until_idle()
    assert row(camille.of)[0] == "ready"
    (mail,) = (one for one in mailoutbox if one.to == [address] and "copie" in one.subject)
    assert mail.subject == "La copie que vous avez demandée est prête"
    assert "Zygomatique" not in mail.body and "Duval" not in mail.body
    assert "La copie que vous avez demandée est prête" in browser.get("/avis/").content.decode()


def test_the_history_page_says_it_in_plain_words() -> None:
    camille = member()
    copied(camille)
    page = browser_of(camille).get("/partage/historique/").content.decode()
    assert "avez préparé une copie de tout l’espace" in page
    assert "avez téléchargé la copie de tout l’espace" in page


def test_a_parent_has_the_copy_of_their_child_without_what_is_hidden_from_them() -> None:
    marie, leo = member(given="MARIE"), member(given="LÉO", born=date(2011, 3, 22))
    root = f"/pour/{represents(marie.of, leo.of)}"
    shown = file(leo.of, cda(leo.of), title="Radio du poignet")
    secret = file(
        leo.of, cda(leo.of), title="Zygomatique", visibility=frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
    )
    browser = browser_of(marie)
    browser_of(leo).post("/avis/", {"lu": "tout"})
    names_doctor(leo.of, anne := professional())
    reads(anne, leo)
    browser.post(f"{root}{ASK}")
    make(leo)
    page = browser.get(f"{root}{PAGE}").content.decode()
    assert f'href="{root}{TAKE}"' in page
    archive = taken_by(browser, f"{root}{TAKE}")
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert str(shown).encode() in everything
    assert b"Radio du poignet" in everything
    assert str(secret).encode() not in everything
    assert b"Zygomatique" not in everything
    told = "".join(archive.read(name).decode() for name in archive.namelist() if name.startswith("histor"))
    assert "C’est le médecin traitant de la personne que vous aidez." in told and "a rangé les avis" in told
    assert not re.search(r"\b(votre|vos)\b", told)
    assert "Copie de l’espace de santé de Léo Duval" in archive.read("index.html").decode()
    assert browser.get(TAKE).status_code == 404
    assert browser_of(leo).get(TAKE).status_code == 404
    assert "Zygomatique" in copied(leo).read("index.html").decode()


def test_a_carer_downloads_no_copy_nor_asks_for_one() -> None:
    camille, paul = member(), member(given="PAUL", email=(address := f"{uuid4().hex}@exemple.fr"))
    root = f"/pour/{cares(paul.of, camille.of, address=address)}"
    browser = browser_of(paul)
    assert [browser.get(f"{root}{path}").status_code for path in (PAGE, ASK, TAKE, DROP)] == [403] * 4
    assert [browser.post(f"{root}{path}").status_code for path in (ASK, DROP)] == [403] * 2
    assert row(camille.of) is None


def test_a_parent_whose_right_ends_gets_no_more() -> None:
    marie, leo = member(given="MARIE"), member(given="LÉO", born=date(2011, 3, 22))
    mandate = represents(marie.of, leo.of)
    file(leo.of, cda(leo.of))
    browser = browser_of(marie)
    browser.post(f"/pour/{mandate}{ASK}")
    with gate.open_record(
        actor=marie.of.actor, patient=leo.of.patient, purpose=Purpose.PROXY, verb=Verb.END_HELP, at=edge.now()
    ) as grant:
        mandates.end_help(grant, mandate)
    make(leo)
    assert row(leo.of)[0] == "making"
    assert make(leo, at=edge.now() + timedelta(days=1)) == 0
    assert browser.get(f"/pour/{mandate}{TAKE}").status_code in (403, 404)


def test_a_download_that_was_cut_goes_on_where_it_stopped() -> None:
    camille, other = member(), member()
    file(camille.of, cda(camille.of))
    copied(camille).close()
    browser = browser_of(camille)
    first: Any = browser.get(TAKE)
    data, tag = b"".join(first.streaming_content), first.headers["ETag"]
    first.close()
    half = len(data) // 2

    def part(asked: str, **more: str) -> tuple[int, str, bytes]:
        answer: Any = browser.get(TAKE, headers={"range": asked, **more})
        got = b"".join(answer.streaming_content)
        assert int(answer.headers["Content-Length"]) == len(got)
        answer.close()
        return answer.status_code, answer.headers.get("Content-Range", ""), got

    assert first.headers["Accept-Ranges"] == "bytes"
    said = f"bytes {half}-{len(data) - 1}/{len(data)}"
    assert part(f"bytes={half}-", **{"if-range": tag}) == (206, said, data[half:])
    assert part("bytes=-1") == (206, f"bytes {len(data) - 1}-{len(data) - 1}/{len(data)}", data[-1:])
    assert part(f"bytes={half}-", **{"if-range": '"another"'}) == (200, "", data)
    assert part("bytes=0-1,5-6") == (200, "", data)
    assert part(f"bytes={len(data)}-") == (416, f"bytes */{len(data)}", b"")
    assert browser_of(other).get(TAKE, headers={"range": f"bytes={half}-"}).status_code == 404
    browser.post(DROP)
    assert browser.get(TAKE, headers={"range": f"bytes={half}-", "if-range": tag}).status_code == 404


def test_a_copy_is_made_though_the_log_was_altered_and_says_that_nothing_is_proved() -> None:
    camille = member()
    file(camille.of, cda(camille.of))
    settle()
    sql("INSERT INTO trace_link (patient_id, number, sealed) SELECT patient_id, 99, sealed FROM trace_link"
        " WHERE patient_id = %s LIMIT 1", camille.of.patient)  # fmt: skip
    archive = copied(camille)
    assert "preuve.json" not in archive.namelist()
    assert "modifié sans droit dans notre base" in archive.read("preuve-absente.txt").decode()
    assert b"a d\xc3\xa9pos\xc3\xa9 un document" in archive.read("historique.html")


def test_a_filed_folder_is_told_with_those_of_its_documents_that_show() -> None:
    camille, hospital = member(), sender(organisation())
    made = [document(), document(entry(visibility=frozenset({Visibility.INVISIBLE_PATIENT})))]
    names = tuple(one.entry.unique_id for one in made)
    folder = Folder("f0", unique_id(), "Grossesse", (Coded("SUIVI", "1.2.3"),), members=names)
    sent = replace(submission(camille.of, *made), folders=(folder,))
    with gate.open_record(
        actor=hospital, patient=camille.of.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=edge.now()
    ) as grant:
        filed = record.submit(grant, submission=sent, headers=[None, None])
    archive = copied(camille)
    bundle = json.loads(archive.read("dossier.json"))
    [told] = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "List"]
    shown, hidden = filed.documents
    assert (told["id"], "title" in told) == (str(filed.folders[0][0]), False)
    assert told["entry"] == [{"item": {"reference": f"DocumentReference/{shown}"}}]
    assert str(hidden).encode() not in b"".join(archive.read(name) for name in archive.namelist())
