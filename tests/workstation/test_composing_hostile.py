"""What is composed is deposited once, by whoever read it again, in the record where it was read, and not otherwise."""

import re
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections

from cast import Holder, blocks, consents, professional
from espace import edge
from espace.record import queries as record
from espace.record.facts import Status
from workstation.desk import Desk
from workstation.test_summary_page import MASKED, hidden, look, masks, open_to, place, reads, sign, summaries, words

SUMMARY, RECONCILIATION = {"etape": "verser"}, {"etape": "deposer"}
UNSEEN = "a%00b%07c%E2%80%AEd%EF%BF%BEe%ED%A0%80f"
"""Zero, a bell, what turns the direction of writing, what XML has no letter for, half of a letter."""


def beside(of: Holder) -> str:
    return f"/pro/patients/{of.patient}/conciliation/"


def reconciled(desk: Desk, of: Holder) -> str:
    """The preview of a reconciliation with one treatment more."""
    sending = hidden(desk.get(beside(of)).content.decode(), "envoi")
    answer = desk.post(beside(of), {"envoi": sending, "etape": "apercu", "nom-1": "Ventoline"})
    return str(answer.content.decode())


def carried(preview: str) -> dict[str, str]:
    return {name: hidden(preview, name) for name in ("envoi", "choix")}


def count(of: Holder) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_entry WHERE patient_id = %s", [of.patient])
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("db")
def test_what_was_read_in_one_place_is_deposited_in_no_other() -> None:
    anne, paul = professional(), professional("Petit", "Paul")
    camille, other = open_to(anne), open_to(anne)
    consents(camille, paul, at=edge.now())
    desk = Desk(anne)
    summary, medicines = carried(look(desk, camille)), carried(reconciled(desk, camille))
    for who, where, said in (
        (Desk(paul), place(camille), summary | SUMMARY),
        (Desk(paul), beside(camille), medicines | RECONCILIATION),
        (desk, place(other), summary | SUMMARY),
        (desk, beside(other), medicines | RECONCILIATION),
        (desk, place(camille), medicines | SUMMARY),
        (desk, beside(camille), summary | RECONCILIATION),
        (desk, place(camille), summary | SUMMARY | {"envoi": medicines["envoi"]}),
    ):
        answer = who.post(where, said)
        assert answer.status_code in (200, 422) and (count(camille), count(other)) == (1, 1), where
    for where, said in ((place(camille), summary | SUMMARY), (beside(camille), medicines | RECONCILIATION)):
        assert desk.get(where, said).status_code == 200  # and nothing was written: `Desk.get`
        strict = Desk(anne)
        strict.handler.enforce_csrf_checks = True
        assert strict.post(where, said).status_code == 403
    blocks(camille, anne, at=edge.now())
    for where, said in ((place(camille), summary | SUMMARY), (beside(camille), medicines | RECONCILIATION)):
        assert desk.post(where, said).status_code == 403
    assert count(camille) == 1


@pytest.mark.usefixtures("db")
def test_what_nobody_could_have_typed_is_no_fault_of_ours() -> None:
    anne = professional()
    camille, desk = open_to(anne), Desk(anne)
    kind = "application/x-www-form-urlencoded"
    for where, typed in (
        (place(camille), f"etape=voir&garder=%00&plus-vigilance={UNSEEN}"),
        (beside(camille), f"etape=apercu&d-%00=garder&nom-1={UNSEEN}"),
    ):
        preview = desk.post(where, typed.encode(), content_type=kind).content.decode()
        assert "abcd" in preview and 'name="choix"' in preview
        assert not re.search("[\0\x07\u202e\ufffe]", preview)
    for where, step in ((place(camille), "voir"), (beside(camille), "apercu")):
        for said, status in (
            ({"garder": [f"k{number}" for number in range(10_000)]}, 400),
            ({"plus-vigilance": "x" * 10_000_000, "nom-1": "x"}, 413),
        ):
            assert desk.post(where, {"etape": step, **said}).status_code == status
    assert count(camille) == 1


@pytest.mark.usefixtures("db")
def test_what_replaces_a_masked_summary_is_masked_and_tells_nobody_of_it() -> None:
    anne, nurse = professional(), professional("Petit", "Paul", profession="60")
    camille, desk = open_to(anne), Desk(anne)
    consents(camille, nurse, at=edge.now())
    before = [one.id for one in reads(camille, nurse, record.documents)]
    sign(desk, camille, look(desk, camille))
    masks(camille, summaries(camille, anne)[0].id)
    preview = look(desk, camille)
    assert "Cette version remplacera" in words(preview)
    sign(desk, camille, preview)
    found = summaries(camille, anne)
    assert [(one.status, one.restrictions) for one in found] == [
        (Status.APPROVED, MASKED),
        (Status.DEPRECATED, MASKED),
    ]
    assert [one.id for one in reads(camille, nurse, record.documents)] == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("where", "step", "preview"),
    [(place, SUMMARY, look), (beside, RECONCILIATION, reconciled)],
    ids=["vsm", "medicines"],
)
def test_sent_twice_at_the_same_moment_is_one_document(
    where: Callable[[Holder], str], step: dict[str, str], preview: Callable[[Desk, Holder], str]
) -> None:
    anne = professional()
    camille = open_to(anne)
    said, start, answers = carried(preview(Desk(anne), camille)) | step, Barrier(2), list[str]()

    def sending() -> None:
        desk = Desk(anne)
        start.wait()
        answer: Any = desk.post(where(camille), said)
        answers.append(answer["Location"])
        connections.close_all()

    both = [Thread(target=sending) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    pages = [Desk(anne).get(one).content.decode() for one in answers]
    links = [re.search(r'class="done" role="status">.*?<a href="([^"]+)">Lire ', page, re.DOTALL) for page in pages]
    assert len(links) == 2 and len({one and one[1] for one in links}) == 1 and links[0]
    assert count(camille) == 2
