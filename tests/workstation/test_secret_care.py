"""A session of a minor's secret care at the workstation: it is in the address of every page, and in nothing else."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Holder, consents, holder, professional
from espace import edge
from espace.kernel.words import Verb, Visibility
from espace.record import queries as record
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent
from portal.helpers import PDF
from record.secret import FROM_PARENTS, as_holder, as_proxy, minor, mother_of
from record.test_secret_care import files
from workstation.desk import Desk, file

pytestmark = pytest.mark.usefixtures("db")
AGREED = {"how": "oral", "term": "visit", "informed": "on"}
BORN = date(2011, 3, 4)


def secret_of(who: Holder) -> str:
    return f"/pro/patients/{who.patient}/soins-secrets/"


def deposit(desk: Desk, path: str, title: str, **fields: object) -> Any:
    given = {
        "file": SimpleUploadedFile("lettre.pdf", PDF + title.encode(), "application/pdf"),
        "born": f"{BORN:%Y-%m-%d}",
        "type": "34874-8",
        "title": title,
        "happened": "2026-03-01",
        "visibility": "",
    }
    return desk.post(path, {**given, **fields})


def page_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()
    return re.sub(r"\s+", " ", answer.content.decode())


def lines(of: Holder) -> list[TraceEvent]:
    return [one.event for one in as_holder(of, Verb.HISTORY, trace.history, at=edge.now())]


def stored(of: Holder) -> dict[UUID, frozenset[Visibility]]:
    found = as_holder(of, Verb.LIST, record.documents, at=edge.now())
    return {one.id: one.restrictions for one in found}


def test_a_whole_session_from_the_first_look_up_leaves_nothing_to_representatives() -> None:
    leo, anne = minor(), professional()
    mother = mother_of(leo)
    file(leo, "Rhume")
    desk = Desk(anne)
    found = desk.post("/pro/", {"ins": leo.ins.number, "secret": "on"})
    assert (found.status_code, found["Location"]) == (302, f"{secret_of(leo)}accord/")
    asked = page_of(desk.get(found["Location"]))
    assert "Soins gardés secrets pour les représentants légaux" in asked and "urgence/" not in asked
    assert "aucun message n’est envoyé" in asked
    agreed = desk.post(found["Location"], AGREED)
    assert (agreed.status_code, agreed["Location"]) == (302, secret_of(leo))
    page = page_of(desk.get(secret_of(leo)))
    assert "Rhume" not in page and "Aucun document à lire pour l’instant" in page
    assert "Le patient mineur a donné son accord, pour des soins gardés secrets" in page
    done = deposit(desk, f"{secret_of(leo)}deposer/", "Contraception")
    assert done["Location"].startswith(f"{secret_of(leo)}deposer/?fait=")
    (one,) = (id for id, labels in stored(leo).items() if labels)
    assert stored(leo)[one] == FROM_PARENTS
    assert f'<a href="{secret_of(leo)}traitements/">Traitements en cours</a>' in page_of(desk.get(secret_of(leo)))
    read = page_of(desk.get(f"{secret_of(leo)}documents/{one}/"))
    assert "Quitter les soins secrets" in read and f"{secret_of(leo)}documents/{one}/ouvrir/" in read
    assert desk.get(f"{secret_of(leo)}documents/{one}/telecharger/").status_code == 200
    mine = [line for line in lines(leo) if line.actor_id == anne.id]
    assert {line.verb for line in mine} == {
        Verb.STATUS, Verb.CONSENT, Verb.LIST, Verb.DEPOSIT, Verb.READ, Verb.DOWNLOAD
    }  # fmt: skip
    assert {line.hidden_from for line in mine} == {FROM_PARENTS}
    seen = as_proxy(leo, mother, Verb.LIST, record.documents, at=edge.now())
    assert [document.entry.title for document in seen] == ["Rhume"]


def test_every_link_and_form_of_its_pages_stays_in_it_and_the_usual_session_stays_out_of_it() -> None:
    leo, anne = minor(), professional()
    desk = Desk(anne)
    desk.post(f"{secret_of(leo)}accord/", AGREED)
    one = files(leo, anne, "Contraception")
    usual = f"/pro/patients/{leo.patient}/"
    for path in ("", "accord/", "deposer/", f"documents/{one}/", f"documents/{one}/ouvrir/"):
        page = page_of(desk.get(f"{secret_of(leo)}{path}"))
        led = {link for link in re.findall(r'(?:href|action)="([^"]*)"', page) if link.startswith("/pro/patients/")}
        assert led and all(link.startswith(secret_of(leo)) for link in led), (path, led)
    assert "Il faut l’accord du patient" in page_of(desk.get(usual), 403)
    assert desk.get(f"{usual}documents/{one}/").status_code == 403
    consents(leo, anne, at=edge.now())
    page = page_of(desk.get(usual))
    assert f'href="{secret_of(leo)}"' in page and "Quitter les soins secrets" not in page
    ended = desk.post(f"{secret_of(leo)}accord/fin/")
    assert ended["Location"] == "/pro/"
    assert desk.get(usual).status_code == 200


def test_it_is_refused_for_somebody_of_age_with_its_reason() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, at=edge.now())
    desk = Desk(anne)
    assert "ce patient est majeur" in page_of(desk.post("/pro/", {"ins": camille.ins.number, "secret": "on"}))
    for path in ("", "accord/", "deposer/"):
        assert "ce patient est majeur" in page_of(desk.get(f"{secret_of(camille)}{path}"), 403)
    assert "ce patient est majeur" in page_of(desk.post(f"{secret_of(camille)}accord/", AGREED), 403)
    usual = page_of(desk.get(f"/pro/patients/{camille.patient}/"))
    assert "Soins gardés secrets" not in usual


def test_what_is_not_secret_is_not_there_and_only_who_made_it_opens_it() -> None:
    leo, anne, paul = minor(), professional(), professional("Petit", "Paul")
    mother = mother_of(leo)
    usual = file(leo, "Rhume", author=anne.national_id)
    desk, other = Desk(anne), Desk(paul)
    for one in (desk, other):
        one.post(f"{secret_of(leo)}accord/", AGREED)
    kept = files(leo, anne, "Contraception")
    absent = [f"documents/{one}/{act}" for one in (usual, leo.patient) for act in ("", "ouvrir/")]
    nowhere = [desk.get(f"{secret_of(leo)}{path}") for path in absent]
    assert {answer.status_code for answer in nowhere} == {404}
    assert "ouvrir/" not in page_of(other.get(f"{secret_of(leo)}documents/{kept}/"))
    opening = f"{secret_of(leo)}documents/{kept}/ouvrir/"
    assert [other.get(opening).status_code, other.post(opening, {"asked": "on"}).status_code] == [404, 404]
    assert "C’est définitif : rien ne le leur cachera de nouveau." in page_of(desk.get(opening))
    assert "Sans la demande du patient" in page_of(desk.post(opening))
    assert stored(leo)[kept] == FROM_PARENTS
    done = desk.post(opening, {"asked": "on"}, follow=True)
    assert "C’est fait : les représentants légaux de ce patient voient ce document." in page_of(done)
    assert stored(leo)[kept] == frozenset()
    seen = as_proxy(leo, mother, Verb.LIST, record.documents, at=edge.now())
    assert {one.id for one in seen} == {usual, kept}
    assert desk.post(opening, {"asked": "on"}).status_code in (302, 404)
